"""Shares of roles over months as charts: one a role, with a line for all articles and for the largest outlets."""

from collections.abc import Sequence
from math import ceil

from pipeline.drawing import DASHES, SHAPES, Axis, Chart, Line, line_chart
from pipeline.rendering import share, signs_of
from pipeline.site.summary import Summary, Tally

Series = Sequence[tuple[str, list[tuple[str, Tally]]]]  # names and their months

_OUTLETS = 3  # that have a line beside that of all
_TICKS = 4  # months that are named
_TOPS = (0.02, 0.04, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0)  # of the axis of shares
_FEW = 30  # sentences; a month with fewer is drawn hollow


def trend_charts(summary: Summary) -> list[tuple[str, Chart]]:
    """Return for each label the chart of its share by month; none where fewer than two months are known."""
    months = _months([month for month, _ in summary.dated()])
    if len(months) < 2:
        return []
    series = [("all", summary.dated())]
    if len(summary.outlets) > 1:
        dated = ((outlet, summary.dated(outlet)) for outlet, _ in summary.largest() if outlet)
        series += [(outlet, found) for outlet, found in dated if found][:_OUTLETS]
    signs = signs_of(summary.labels)
    return [(label, _chart(f"trend-{i}", label, months, series, signs[label].tint)) for i, label in enumerate(summary.labels)]


def _chart(name: str, label: str, months: Sequence[str], series: Series, tint: str) -> Chart:
    lines, told, highest = [], [], 0.0
    for i, (outlet, tallies) in enumerate(series):
        known = [(month, tally, found) for month, tally in tallies if (found := tally.share(label)) is not None]
        if known:
            points = [(float(months.index(month)), found) for month, _, found in known]
            hollow = [tally.sentences < _FEW for _, tally, _ in known]
            lines.append(Line(points, outlet, DASHES[i], SHAPES[i], "soft" if i else tint, hollow))
            told.append(f"{outlet}: " + ", ".join(f"{month} {share(found)}" for month, _, found in known))
            highest = max(highest, *(found for _, found in points))
    axes = (_month_axis(months), _share_axis(highest))
    return line_chart(name, f"Share of {label} by month", "; ".join(told), axes, lines, height=230)


def _months(known: Sequence[str]) -> list[str]:
    """Return all months from the first to the last of those known."""
    if not known:
        return []
    first, last = (12 * int(month[:4]) + int(month[5:]) - 1 for month in (known[0], known[-1]))
    return [f"{number // 12:04d}-{number % 12 + 1:02d}" for number in range(first, last + 1)]


def _month_axis(months: Sequence[str]) -> Axis:
    step = ceil(len(months) / _TICKS)
    ticks = range(0, len(months), step)
    return Axis("month", 0, len(months) - 1, tuple(map(float, ticks)), names=tuple(months[i] for i in ticks))


def _share_axis(highest: float) -> Axis:
    top = next(top for top in _TOPS if highest <= top)
    ticks = (0.0, top / 2, top)
    return Axis("", 0, top, ticks, names=tuple(map(share, ticks)))
