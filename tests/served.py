"""`stance serve` as a process of its own, for tests that need a real port."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from conftest import STANCE


@contextmanager
def served(model, *options) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start the service on a free port, and end it; gives the process and its address."""
    command = [STANCE, "serve", "--port", "0", "--workers", "1", "--model", str(model), *options]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True) as process:
        assert process.stderr is not None
        try:
            lines = iter(process.stderr.readline, "")
            yield process, next(found[1] for line in lines if (found := re.search(r" at (http://\S+) \(", line)))
        finally:
            process.terminate()
            assert process.wait(60) == 0
