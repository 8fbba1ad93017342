"""Charts as geometry: lines, marks and words placed in a small drawing, which templates/parts.html.j2 writes as inline SVG."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

Point = tuple[float, float]

WIDTH = 360  # units of a drawing, about its pixels on a telephone
_LEFT, _TOP, _BOTTOM, _BESIDE = 46, 14, 42, 12  # margins; beside: where no line has a name
_LETTER = 7.8  # width of a bold letter, on average
_LINE = 14  # height of a line of words
_LONGEST_NAME = 16  # letters of a line's name
_SIZE = 3.6  # of a mark, from its middle
_DECADES = 2.5  # powers of ten from which a logarithmic axis is ticked at these alone
DASHES = ("", "7 4", "2 3", "9 3 2 3")
SHAPES = ("circle", "square", "triangle", "diamond")
_CORNERS: dict[str, tuple[Point, ...]] = {
    "square": ((-1, -1), (1, -1), (1, 1), (-1, 1)),
    "triangle": ((0, -1.2), (1.2, 1), (-1.2, 1)),
    "diamond": ((0, -1.4), (1.4, 0), (0, 1.4), (-1.4, 0)),
}


@dataclass(frozen=True, slots=True)
class Axis:
    """A scale: what it measures, the range that it shows, and its ticks, with `names` where these are not their numbers."""

    label: str
    low: float
    high: float
    ticks: tuple[float, ...]
    logarithmic: bool = False
    names: tuple[str, ...] = ()

    def named_ticks(self) -> Iterator[tuple[float, str]]:
        """Yield the ticks and what is written at each."""
        yield from zip(self.ticks, self.names or map(_number, self.ticks), strict=True)

    def place(self, value: float) -> float:
        """Return how far `value` lies from `low` (0) to `high` (1)."""
        low, high, at = (
            (math.log(v) for v in (self.low, self.high, value)) if self.logarithmic else (self.low, self.high, value)
        )
        return min(1.0, max(0.0, (at - low) / (high - low)))


def share_axis(label: str) -> Axis:
    """Return an axis from 0 to 1."""
    return Axis(label, 0.0, 1.0, (0.0, 0.2, 0.4, 0.6, 0.8, 1.0))


def count_axis(label: str, counts: Sequence[float]) -> Axis:
    """Return a logarithmic axis that holds `counts`, all above 0, ticked at powers of ten and, where these are few, between."""
    low, high = min(counts) * 0.9, max(counts) * 1.1
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    steps = (1,) if math.log10(high / low) > _DECADES else (1, 2, 5)
    ticks = [step * 10.0**power for power in powers for step in steps]
    return Axis(label, low, high, tuple(tick for tick in ticks if low <= tick <= high), logarithmic=True)


@dataclass(frozen=True, slots=True)
class Line:
    """Points joined by a line.

    `name` stands at its end; `dash` and `shape` (of its marks; none for "") tell it from others without colour; `tint` is a
    class of the style sheet; `hollow` says for each point whether its mark is; `band` gives the lowest and highest y at each.
    """

    points: Sequence[Point]
    name: str = ""
    dash: str = ""
    shape: str = ""
    tint: str = ""
    hollow: Sequence[bool] = ()
    band: Sequence[Point] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """Words at a point of the plot, moved by `dx` and `dy` units; their `anchor` (start, middle or end) stands there."""

    at: Point
    text: str
    anchor: str = "start"
    dx: float = 0.0
    dy: float = 0.0


@dataclass(frozen=True, slots=True)
class Stroke:
    """An SVG path and how it is drawn; `kind` is a class of the style sheet beside `tint`."""

    path: str
    kind: str
    dash: str = ""
    tint: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """Words at a place of the drawing."""

    x: float
    y: float
    text: str
    anchor: str = "start"
    kind: str = "note"


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing ready to be written as SVG: `title` and `description` are what is read aloud instead of it."""

    id: str
    title: str
    description: str
    height: float
    strokes: tuple[Stroke, ...]
    words: tuple[Words, ...]
    y_label: Words | None = None
    width: float = WIDTH


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where the plot lies in the drawing, and the scales that turn values into places."""

    left: float
    top: float
    right: float
    bottom: float
    x: Axis
    y: Axis

    def place(self, point: Point) -> Point:
        x, y = point
        across = self.left + self.x.place(x) * (self.right - self.left)
        return across, self.bottom - self.y.place(y) * (self.bottom - self.top)


def line_chart(
    name: str, title: str, description: str, axes: tuple[Axis, Axis], lines: Sequence[Line], notes: Sequence[Note] = (), *,
    height: float = 270,
) -> Chart:  # fmt: skip
    """Return a chart of `lines` over the axes x and y; `name` is its id on the page."""
    x, y = axes
    names = [_short(line.name) for line in lines]
    beside = max(_BESIDE, 10 + _LETTER * max(map(len, names), default=0))
    frame = _Frame(_LEFT, _TOP, WIDTH - beside, height - _BOTTOM, x, y)
    strokes = [*_grid(frame), *(stroke for line in lines for stroke in _line(frame, line))]
    ends = [frame.place(line.points[-1])[1] for line in lines]
    words = [Words(frame.right + 6, at + 4, text, kind="name") for at, text in _apart(list(zip(ends, names, strict=True)))]
    for note in notes:
        at = frame.place(note.at)
        words.append(Words(at[0] + note.dx, at[1] + note.dy, note.text, note.anchor))
    label = Words(12, (frame.top + frame.bottom) / 2, y.label, "middle", "label")
    return Chart(name, title, description, height, tuple(strokes), (*_ticks(frame), *words), label)


def interval_chart(
    name: str, title: str, description: str, x: Axis, rows: Sequence[tuple[str, float, float | None, float | None]]
) -> Chart:
    """Return a chart with a row for each name, value and, where known, the ends of its interval; the words stand above it."""
    step, top = 38, 2
    bottom = top + step * len(rows) + 6
    frame = _Frame(8, top, WIDTH - 8, bottom, x, Axis("", 0, 1, ()))
    strokes, words = list(_grid(frame)), list(_ticks(frame))
    for i, (text, value, low, high) in enumerate(rows):
        y = top + step * i + 29
        at = frame.place((value, 0))[0]
        if low is not None and high is not None:
            ends = [frame.place((end, 0))[0] for end in (low, high)]
            strokes.append(Stroke(f"M{ends[0]:.1f} {y}H{ends[1]:.1f}" + "".join(f"M{e:.1f} {y - 4}v8" for e in ends), "line"))
        strokes.append(Stroke(_mark(SHAPES[i % len(SHAPES)], (at, y), _SIZE + 1), "mark"))
        words.append(Words(frame.left, y - 11, text, kind="name"))
    return Chart(name, title, description, bottom + _BOTTOM, tuple(strokes), tuple(words))


def _grid(frame: _Frame) -> Iterator[Stroke]:
    for tick in frame.x.ticks:
        yield Stroke(f"M{frame.place((tick, frame.y.low))[0]:.1f} {frame.top:.1f}V{frame.bottom:.1f}", "grid")
    for tick in frame.y.ticks:
        yield Stroke(f"M{frame.left:.1f} {frame.place((frame.x.low, tick))[1]:.1f}H{frame.right:.1f}", "grid")


def _ticks(frame: _Frame) -> Iterator[Words]:
    for tick, name in frame.x.named_ticks():
        yield Words(frame.place((tick, frame.y.low))[0], frame.bottom + 15, name, "middle", "tick")
    for tick, name in frame.y.named_ticks():
        yield Words(frame.left - 6, frame.place((frame.x.low, tick))[1] + 4, name, "end", "tick")
    yield Words((frame.left + frame.right) / 2, frame.bottom + 34, frame.x.label, "middle", "label")


def _line(frame: _Frame, line: Line) -> Iterator[Stroke]:
    places = [frame.place(point) for point in line.points]
    if line.band:
        across = [x for x, _ in line.points]
        lower = [frame.place((x, low)) for x, (low, _) in zip(across, line.band, strict=True)]
        upper = [frame.place((x, high)) for x, (_, high) in zip(across, line.band, strict=True)]
        yield Stroke(_joined([*lower, *reversed(upper)]) + "Z", "band", tint=line.tint)
    yield Stroke(_joined(places), "line", line.dash, line.tint)
    if line.shape:
        for place, hollow in zip(places, line.hollow or [False] * len(places), strict=True):
            yield Stroke(_mark(line.shape, place), "hollow" if hollow else "mark", tint=line.tint)


def _joined(places: Sequence[Point]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places)


def _mark(shape: str, place: Point, size: float = _SIZE) -> str:
    x, y = place
    if shape == "circle":
        return f"M{x - size:.1f} {y:.1f}a{size} {size} 0 1 0 {2 * size} 0a{size} {size} 0 1 0 {-2 * size} 0Z"
    return _joined([(x + dx * size, y + dy * size) for dx, dy in _CORNERS[shape]]) + "Z"


def _apart(words: list[tuple[float, str]]) -> list[tuple[float, str]]:
    """Return the words that are not empty from top to bottom, moved down until none covers another."""
    placed: list[tuple[float, str]] = []
    for y, text in sorted(word for word in words if word[1]):
        placed.append((max(y, placed[-1][0] + _LINE) if placed else y, text))
    return placed


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 2 or value == 0 else f"{value:g}"
