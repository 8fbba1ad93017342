"""How often each role comes, by outlet and month."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.scorer import ScoredSentence

DECIMALS = 4


@dataclass(slots=True)
class Tally:
    """What was counted in some articles: sentences of each label, and how many the probabilities let expect."""

    articles: int = 0
    sentences: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    expected: dict[str, float] = field(default_factory=dict)

    def add(self, scored: "Sequence[ScoredSentence]") -> None:
        """Count the sentences of one more article."""
        self.articles += 1
        self.sentences += len(scored)
        for s in scored:
            self.counts[s.label] = self.counts.get(s.label, 0) + 1
            for label, probability in s.probabilities.items():
                self.expected[label] = self.expected.get(label, 0.0) + probability

    def share(self, label: str) -> float | None:
        """Return the share of sentences that have the label, None where there is no sentence."""
        return self.counts.get(label, 0) / self.sentences if self.sentences else None

    def expected_share(self, label: str) -> float | None:
        """Return the mean probability of the label: its share as far as the probabilities know, whatever was decided."""
        return self.expected.get(label, 0.0) / self.sentences if self.sentences else None


class Summary:
    """Tallies of all articles, of each outlet, of each month (``YYYY-MM``) and of each outlet's months.

    An outlet or a month that is not known is called "".
    """

    def __init__(self, labels: Sequence[str]) -> None:
        self.labels = tuple(labels)
        self.all = Tally()
        self.outlets: dict[str, Tally] = {}
        self.months: dict[str, Tally] = {}
        self.cells: dict[tuple[str, str], Tally] = {}

    def add(self, outlet: str, month: str, scored: "Sequence[ScoredSentence]") -> None:
        """Count one more article."""
        for tally in (
            self.all,
            self.outlets.setdefault(outlet, Tally()),
            self.months.setdefault(month, Tally()),
            self.cells.setdefault((outlet, month), Tally()),
        ):
            tally.add(scored)

    def largest(self) -> list[tuple[str, Tally]]:
        """Return the outlets, those with the most sentences first."""
        return sorted(self.outlets.items(), key=lambda pair: (-pair[1].sentences, pair[0]))

    def dated(self, outlet: str | None = None) -> list[tuple[str, Tally]]:
        """Return the months that are known, in order, of all articles or of one outlet."""
        found = self.months if outlet is None else {month: tally for (of, month), tally in self.cells.items() if of == outlet}
        return sorted((month, tally) for month, tally in found.items() if month)

    def changes(self, outlet: str) -> Mapping[str, Mapping[str, float]]:
        """Return by month and label how much higher the share is than in the month of the outlet before, if there is one."""
        months = [(month, tally) for month, tally in self.dated(outlet) if tally.sentences]
        return {
            month: {label: (tally.share(label) or 0.0) - (before.share(label) or 0.0) for label in self.labels}
            for (_, before), (month, tally) in pairwise(months)
        }

    def rows(self) -> Iterator[dict[str, object]]:
        """Yield a row for each outlet and month: counts, shares, mean probabilities, changes of shares."""
        for outlet in sorted(self.outlets):
            changes = self.changes(outlet)
            for month in sorted(month for of, month in self.cells if of == outlet):
                tally = self.cells[outlet, month]
                row: dict[str, object] = {"outlet": outlet, "month": month}
                row |= {"articles": tally.articles, "sentences": tally.sentences}
                for label in self.labels:
                    row |= {
                        f"n_{label}": tally.counts.get(label, 0),
                        f"share_{label}": _rounded(tally.share(label)),
                        f"expected_{label}": _rounded(tally.expected_share(label)),
                        f"change_{label}": _rounded(changes.get(month, {}).get(label)),
                    }
                yield row

    def write_csv(self, stream: IO[str]) -> None:
        """Write the rows with a header."""
        kinds = ("n", "share", "expected", "change")
        names = ["outlet", "month", "articles", "sentences", *(f"{kind}_{label}" for label in self.labels for kind in kinds)]
        writer = csv.DictWriter(stream, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(self.rows())


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DECIMALS)
