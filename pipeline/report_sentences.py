"""The sections of the page that show sentences: each takes an evaluation and returns what its template shows, or None."""

from pipeline.evaluation import MODEL
from pipeline.params import LABEL_JOINT
from pipeline.report_figures import Content
from pipeline.report_files import Evaluation, records

_ERRORS = 50  # shown, the surest first
_EXAMPLES = 3  # failing cases shown of each kind
_FLIPS = 30  # flipped sentences shown, the largest change first
_SWAPS = ("written", "named", "described", "generated", "together")


def behaviour(e: Evaluation) -> Content | None:
    """Return the share of behavioural cases passed by kind, and a few failing ones of each."""
    if e.behaviour_shares is None:
        return None
    failing: list[tuple[str, list[Content]]] = []
    if e.behaviour is not None:
        for kind, part in e.behaviour.groupby("kind", sort=False):
            failing.append((str(kind), records(part.head(_EXAMPLES))))
    return {"shares": e.behaviour_shares.to_dict("records"), "failing": failing}


def neutrality(e: Evaluation) -> Content | None:
    """Return what changes when parties or names are exchanged, and the sentences whose label flips."""
    found = e.part("neutrality")
    written = found.get("written", {})
    figures = {**found, "named": written.get("named", {}), "described": written.get("described", {})}
    swaps = {name: figures[name] for name in _SWAPS if figures.get(name, {}).get("sentences")}
    if not swaps:
        return None
    flipped: list[Content] = []
    if e.neutrality is not None:
        largest = e.neutrality.reindex(e.neutrality["change"].abs().sort_values(ascending=False, kind="stable").index)
        flipped = records(largest.head(_FLIPS))
    return {
        "swaps": swaps,
        "limit": found.get("limit"),
        "flipped": flipped,
        "flips": 0 if e.neutrality is None else len(e.neutrality),
    }


def errors(e: Evaluation) -> Content:
    """Return the wrong predictions with the highest probability, each with the sentence before and the one after."""
    table = e.predictions
    wrong = table[table["label"] != table[MODEL]].sort_values("probability", ascending=False, kind="stable")
    texts = {(row.document, row.sentence): row.text for row in table.itertuples()}
    rows = [
        {
            **row,
            "before": texts.get((row["document"], row["sentence"] - 1)),
            "after": texts.get((row["document"], row["sentence"] + 1)),
        }
        for row in records(wrong.head(_ERRORS))
    ]
    return {"rows": rows, "wrong": len(wrong), "sentences": len(table)}


def demonstration(e: Evaluation) -> Content | None:
    """Return the sentences of the demonstration with the label that each was given and the gold one."""
    if e.demonstration is None:
        return None
    rows = [_with_set(row) for row in records(e.demonstration)]
    return {"rows": rows, "wrong": sum(row["label"] != row[MODEL] for row in rows), "measures": e.part("demonstration")}


def _with_set(row: Content) -> Content:
    """Return a row with `others`: what its conformal set holds beside the label that was given."""
    others = [label for label in str(row.get("label_set", "")).split(LABEL_JOINT) if label not in ("", row[MODEL])]
    return {**row, "others": others}
