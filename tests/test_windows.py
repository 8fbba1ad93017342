from hypothesis import given
from hypothesis import strategies as st

from pipeline.windows import WindowShape, windows

SHAPE = WindowShape(
    size=24, before=2, after=1, longest_sentence=10, longest_headline=4, begin=101, end=102, paragraph=7
)  # fmt: skip
sentences = st.lists(st.lists(st.integers(1000, 1100), min_size=0, max_size=14), max_size=30)


@given(sentences, st.data())
def test_every_sentence_is_labelled_once_among_its_neighbours(pieces, data):
    lines = data.draw(st.lists(st.booleans(), min_size=len(pieces), max_size=len(pieces)))
    found = list(windows(pieces, lines, [5, 6], SHAPE, lambda size: size // 2))
    labelled = [window.first + k for window in found for k in range(len(window.places))]
    assert labelled == list(range(len(pieces)))
    for window in found:
        assert window.ids[0] == SHAPE.begin
        for k, place in enumerate(window.places):
            number = window.first + k
            own = [window.ids[i] for i in place]
            mark = [SHAPE.paragraph] if lines[number] else []
            assert own == [*mark, *pieces[number][: SHAPE.longest_sentence], SHAPE.end]
        assert len(window.ids) <= SHAPE.size or len(window.places) == 1


def test_margins_are_read_and_not_labelled():
    pieces = [[10 + i] * 3 for i in range(12)]
    found = list(windows(pieces, [False] * 12, [5, 6], SHAPE))
    assert [(w.first, len(w.places)) for w in found] == [(0, 4), (4, 2), (6, 2), (8, 2), (10, 2)]
    second = found[1]
    assert second.ids[:4] == (101, 5, 6, 102)
    assert [i for i in second.ids[4:] if i != 102] == [12] * 3 + [13] * 3 + [14] * 3 + [15] * 3 + [16] * 3


def test_a_document_without_sentences_has_no_window():
    assert list(windows([], [], [], SHAPE)) == []
