import pytest

from pipeline.alignment import CarryLoss, best_overlaps, carry_labels, carry_loss
from pipeline.corpus import GoldSentence
from pipeline.sentences import Span

GOLD = [
    GoldSentence(start=0, end=10, label="a"),
    GoldSentence(start=11, end=20, label="b"),
    GoldSentence(start=21, end=30, label="a"),
]

CASES = {
    "same bounds": ([(0, 10), (11, 20), (21, 30)], ["a", "b", "a"], CarryLoss(3, 3, 0)),
    "merged: the longer part wins, the other is lost": ([(0, 20), (21, 30)], ["a", "a"], CarryLoss(3, 1, 1)),
    "cut: both parts carry the label": ([(0, 4), (5, 10), (11, 30)], ["a", "a", "b"], CarryLoss(3, 0, 1)),
    "a sentence beyond the gold has no label": (
        [(0, 10), (11, 20), (21, 30), (31, 40)],
        ["a", "b", "a", None],
        CarryLoss(3, 3, 0),
    ),
    "gold without a sentence is lost": ([(0, 10)], ["a"], CarryLoss(3, 1, 2)),
}


@pytest.mark.parametrize(("spans", "labels", "loss"), CASES.values(), ids=CASES)
def test_labels_follow_the_largest_overlap(spans, labels, loss):
    sentences = [Span(*s) for s in spans]
    assert carry_labels(GOLD, sentences) == labels
    assert carry_loss(GOLD, sentences) == loss


def test_ties_go_to_the_earlier_span():
    assert best_overlaps([Span(0, 10)], [Span(0, 5), Span(5, 10)]) == [0]
