"""How far the work of hours is, on stderr: a bar for a person who watches, a line a minute for a log."""

import logging
from time import monotonic
from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    from rich.progress import Progress

_EVERY = 60.0  # seconds from line to line where no terminal shows a bar
_UNITS = ((86_400, "d", 3600, "h"), (3600, "h", 60, "min"), (60, "min", 1, "s"))


class Watch(Protocol):
    """What is told of a run while it goes on."""

    def skip(self, count: int) -> None:
        """Hear of articles that an earlier run did."""

    def advance(self, count: int) -> None:
        """Hear of articles that have just been done."""

    def note(self, line: str) -> None:
        """Hear of something that a person should know."""


class Unwatched:
    """Passes on to the log what a person should know, and no more."""

    def skip(self, count: int) -> None:
        """Do nothing."""

    def advance(self, count: int) -> None:
        """Do nothing."""

    def note(self, line: str) -> None:
        """Log the line as a warning."""
        logging.getLogger(__name__).warning(line)


class Tally:
    """Counts articles as they are done; a context in which rate and time left are shown.

    `total` is how many there are, None where nobody knows; `every` is the time in seconds between two lines of a log.
    """

    def __init__(self, total: int | None = None, *, every: float = _EVERY) -> None:
        self.total = total
        self.every = every
        self._before = self._done = 0

    def __enter__(self) -> Self:
        self._bar = _bar()
        self._task = self._bar.add_task("scoring", total=self.total, rate="")
        self._bar.start()
        self._started = self._told = monotonic()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def skip(self, count: int) -> None:
        """Count articles that an earlier run did: they say nothing of how fast this one is."""
        self._before += count
        self._bar.reset(self._task, total=self.total, completed=self._before)
        self._started = self._told = monotonic()

    def advance(self, count: int) -> None:
        """Count articles that are done."""
        self._done += count
        self._bar.update(self._task, advance=count, rate=f"{self._rate():,.1f} a second")
        if not self._bar.console.is_terminal and monotonic() - self._told >= self.every:
            self._told = monotonic()
            self.note(self.line())

    def note(self, line: str) -> None:
        """Print a line, above the bar where there is one."""
        self._bar.console.print(line, markup=False, highlight=False, soft_wrap=True)

    def line(self) -> str:
        """Return how far the work is."""
        done, rate = self._before + self._done, self._rate()
        if self.total is None:
            return f"scoring: {done:,} articles, {rate:,.1f} a second"
        left = spelled_time((self.total - done) / rate) if rate else "unknown"
        return f"scoring: {done:,} of {self.total:,} articles, {rate:,.1f} a second, time left: {left}"

    def _rate(self) -> float:
        passed = monotonic() - self._started
        return self._done / passed if passed else 0.0


def spelled_time(seconds: float) -> str:
    """Return a time as a person says it.

    >>> spelled_time(42), spelled_time(754), spelled_time(3 * 3600 + 150), spelled_time(200_000)
    ('42 s', '12 min 34 s', '3 h 2 min', '2 d 7 h')
    """
    whole = max(0, int(seconds))
    for size, unit, smaller, its_unit in _UNITS:
        if whole >= size:
            return f"{whole // size} {unit} {whole % size // smaller} {its_unit}"
    return f"{whole} s"


def _bar() -> "Progress":
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    console = Console(stderr=True)
    doing, rate = TextColumn("{task.description}"), TextColumn("{task.fields[rate]}")
    columns = (doing, BarColumn(), MofNCompleteColumn(), rate, TimeElapsedColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
