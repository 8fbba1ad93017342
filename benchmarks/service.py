"""How the service bears many clients at once: whether an answer is lost, how long one takes, and whether its memory grows.

    python benchmarks/service.py [--requests 10000] [--clients 32] [--workers 2] [--model FOLDER]

It starts `stance serve` on a free port of this machine and sends a text of five sentences, each client over a connection of
its own and the next as soon as the last is answered. An answer that is not whole, does not come or says no is lost; it
ends with 1 if one is. Run it in the project's root after `dvc repro`, with nothing else on the machine; the clients take
some of its time too. For a model without encoder set `featurize.encoder: none`, run `dvc repro train`, or name another folder.
"""

import argparse
import http.client
import json
import re
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import psutil

STANCE = Path(sys.executable).parent / "stance"
TEXT = (
    "The mayor took 40,000 from the harbour fund, two councillors said on Monday. Her office denied it. "
    '"She never touched that account," her lawyer said. Bank records seen by the paper show three transfers in May. '
    "The fund was set up for flood repairs."
)
BODY = json.dumps({"text": TEXT}).encode()
WATCHED = 0.25  # seconds between two looks at the memory


class Load:
    """Clients that share out `requests` among them; `seconds` is how long each answer took, `lost` what went wrong."""

    def __init__(self, address: str, requests: int, expected: bytes) -> None:
        self.address = address
        self.left = iter(range(requests))
        self.requests = requests
        self.expected = expected
        self.seconds: list[float] = []
        self.lost: list[str] = []
        self.lock = threading.Lock()

    def client(self) -> None:
        """Send one request after the other until none is left."""
        connection = http.client.HTTPConnection(self.address, timeout=120)
        while self._take():
            started = time.perf_counter()
            try:
                answer, problem = ask(connection), ""
                if answer != self.expected:
                    problem = f"{answer[:200]!r}"
            except (OSError, http.client.HTTPException) as error:
                connection.close()
                problem = f"{type(error).__name__}: {error}"
            took = time.perf_counter() - started
            with self.lock:
                if problem:
                    self.lost.append(problem)
                else:
                    self.seconds.append(took)

    def _take(self) -> bool:
        with self.lock:
            return next(self.left, None) is not None

    @property
    def done(self) -> int:
        """How many requests were answered or lost."""
        with self.lock:
            return len(self.seconds) + len(self.lost)


def ask(connection: http.client.HTTPConnection) -> bytes:
    """Return the answer to one request."""
    connection.request("POST", "/score", BODY, {"content-type": "application/json"})
    return connection.getresponse().read()


def memory(process: psutil.Process) -> float:
    """Return the memory of the service and its workers together, in MB (resident, what they share counted in each)."""
    return sum(one.memory_info().rss for one in [process, *process.children(recursive=True)]) / 2**20


def run(load: Load, clients: int, service: psutil.Process) -> tuple[float, list[tuple[int, float]]]:
    """Let the clients loose; return how long they took, and the memory after how many answers."""
    threads = [threading.Thread(target=load.client) for _ in range(clients)]
    seen = [(0, memory(service))]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        time.sleep(WATCHED)
        seen.append((load.done, memory(service)))
    return time.perf_counter() - started, seen


def report(load: Load, took: float, seen: list[tuple[int, float]]) -> None:
    """Print what was found."""
    half = min(seen, key=lambda at: abs(at[0] - load.requests / 2))
    milliseconds = 1000 * np.array(load.seconds or [np.nan])
    for name, value in {
        "requests": f"{load.requests}",
        "lost": f"{len(load.lost)}",
        "requests a second": f"{len(load.seconds) / took:.1f}",
        **{f"p{share} ms": f"{np.percentile(milliseconds, share):.0f}" for share in (50, 90, 99, 100)},
        "memory at the start MB": f"{seen[0][1]:.0f}",
        "memory in the middle MB": f"{half[1]:.0f}",
        "memory at the end MB": f"{seen[-1][1]:.0f}",
        "most memory MB": f"{max(mb for _, mb in seen):.0f}",
    }.items():
        print(f"{name:<26}{value:>8}")


def main() -> int:
    """Run the benchmark."""
    ask_for = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask_for.add_argument("--requests", type=int, default=10_000)
    ask_for.add_argument("--clients", type=int, default=32)
    ask_for.add_argument("--workers", type=int, default=2)
    ask_for.add_argument("--model", default="models/scorer")
    wanted = ask_for.parse_args()
    command = [STANCE, "serve", "--port", "0", "--workers", str(wanted.workers), "--model", wanted.model]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            first = process.stderr.readline() if process.stderr else ""
            found = re.search(r"http://(\S+)", first)
            if found is None:
                print(first, file=sys.stderr, end="")
                return 1
            expected = ask(http.client.HTTPConnection(found[1], timeout=60))
            load = Load(found[1], wanted.requests, expected)
            took, seen = run(load, wanted.clients, psutil.Process(process.pid))
        finally:
            process.terminate()
    report(load, took, seen)
    for problem in load.lost[:10]:
        print(problem, file=sys.stderr)
    return 1 if load.lost or len(load.seconds) != wanted.requests else 0


if __name__ == "__main__":
    sys.exit(main())
