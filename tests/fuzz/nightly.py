"""Fuzz everything that reads what others wrote, for hours: ``python tests/fuzz/nightly.py --runs 1000000``.

It needs atheris (``pip install atheris``), which has wheels for Linux alone and is no part of the extra `dev`. The runs are
shared out among the targets of `targets.py`, as SHARES says. An input that breaks a promise, or takes longer than SLOWEST, ends
its target and is kept in ``.cache/fuzz/``; run it again with ``--target NAME --runs 0 FILE``. What led somewhere new is kept
there too, and the next night begins with it. The exit code tells whether anything was found.
"""

import argparse
import random
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
FOUND = TESTS.parent / ".cache" / "fuzz"
SHARES = {"score": 4.0, "score-encoded": 0.02, "manifest": 0.1, "skops": 0.1}  # of the runs, 1 for all others
SLOWEST = 120  # seconds for an input; the code runs many times slower here, as each of its branches is watched
MEGABYTES = 4096
LONGEST = 2048  # bytes of an input, which may stand for more


def fuzz(name: str, runs: int, files: list[str]) -> None:
    """Run one target; never returns."""
    try:
        import atheris
    except ModuleNotFoundError:
        sys.exit("error: this needs atheris: run `pip install atheris`")
    with atheris.instrument_imports(include=["pipeline", "nupunkt", "trafilatura", "htmldate", "feedparser", "pypdf"]):
        from fuzz.targets import TARGETS
    kept = FOUND / name
    corpus = kept / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    draw = random.Random(0)
    for how in range(0, 256, 5):
        (corpus / f"begin-{how}").write_bytes(bytes([how]) + draw.randbytes(4 + how % 32))
    options = [
        f"-runs={runs}", f"-timeout={SLOWEST}", f"-rss_limit_mb={MEGABYTES}", f"-max_len={LONGEST}",
        f"-artifact_prefix={kept}/", "-len_control=0", "-print_final_stats=1", "-verbosity=0",
    ]  # fmt: skip
    atheris.Setup([sys.argv[0], *options, *(files or [str(corpus)])], TARGETS[name])
    atheris.Fuzz()


def main() -> int:
    """Run all targets, or one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=1_000_000, metavar="N", help="inputs altogether, or of the one target")
    parser.add_argument("--target", metavar="NAME", help="only this one")
    parser.add_argument("files", nargs="*", metavar="FILE", help="inputs to run again")
    given = parser.parse_args()
    sys.path[:0] = [str(TESTS), str(TESTS.parent)]
    if given.target:
        fuzz(given.target, given.runs, given.files)
    from fuzz.targets import TARGETS

    shares = {name: SHARES.get(name, 1.0) for name in TARGETS}
    failed = []
    for name, share in shares.items():
        runs = round(given.runs * share / sum(shares.values()))
        print(f"== {name}: {runs} inputs", flush=True)
        command = [sys.executable, __file__, "--target", name, "--runs", str(runs)]
        if subprocess.run(command, check=False).returncode:
            failed.append(name)
    print(f"broken: {', '.join(failed)}; the inputs are in {FOUND}" if failed else "nothing found")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
