import numpy as np
import pytest
from test_encoder import FOLDER

from pipeline.encoder_average import _averaged, _shared, encoder_at, refuse_unlike
from pipeline.encoder_files import Rounded, read_card
from pipeline.errors import InputError
from pipeline.out_of_fold import OutOfFold


def rounded(whole, step) -> Rounded:
    return Rounded(np.array(whole, np.int8), np.array(step, np.float32))


def test_a_weight_is_the_mean_of_both_however_they_lie():
    ours = {
        "by row": ("val_1", rounded([[1, -2], [3, 40]], [[0.5], [0.1]])),
        "by column": ("val_2", rounded([[1, -2], [3, 4]], [0.5, 0.1])),
        "bias": ("bias", np.array([1, 2], np.float32)),
        "body.embeddings.word_embeddings.weight": ("pieces", rounded([[1]], [[1]])),
    }
    theirs = {
        "bias": ("bias", np.array([2, 4], np.float32)),
        "by column": ("val_7", rounded([[3, -2], [3, 5]], [0.5, 0.1])),
        "by row": ("val_8", rounded([[2, -2], [3, 44]], [[0.5], [0.1]])),
    }
    found = _averaged(ours, theirs)
    assert list(found) == ["val_1", "val_2", "bias", "pieces"]
    assert found["bias"] == pytest.approx([1.5, 3])
    assert found["val_1"].whole.tolist() == [[2, -2], [3, 42]], "between two steps the even one"
    assert found["val_2"].value == pytest.approx(np.array([[1, -0.2], [1.5, 0.4]]))
    assert found["pieces"] is ours["body.embeddings.word_embeddings.weight"][1]
    with pytest.raises(InputError, match=r"^params\.yaml: encode\.ancestor: has no bias of the same shape"):
        _averaged(ours, {**theirs, "bias": ("bias", np.zeros(3, np.float32))})


def test_out_of_fold_scores_are_those_that_both_have_of_the_same_sentences():
    scores = [np.log(np.array([[share, 1 - share]], np.float32)) for share in (0.5, 0.8)]
    ours = OutOfFold({"both": scores[0], "altered": scores[0], "ours": scores[0]}, {"both": "1", "altered": "2", "ours": "3"})
    theirs = OutOfFold({"both": scores[1], "altered": scores[1]}, {"both": "1", "altered": "9"})
    kept = _shared(ours, theirs)
    assert (set(kept.scores), dict(kept.digests)) == ({"both"}, {"both": "1"})
    assert np.exp(kept.scores["both"]) == pytest.approx(np.array([[2 / 3, 1 / 3]]), abs=0.005), "the mean of the logarithms"


@pytest.mark.parametrize(
    "changed", [{"labels": "abcd"}, {"shape": {"size": 9}}, {"params": {"layers": 3}}, {"params": {"base": "a"}}]
)
def test_an_encoder_of_another_kind_is_no_ancestor(changed):
    card = read_card(FOLDER)
    shape = card.window.model_copy(update=changed.get("shape", {}))
    params = card.params.model_copy(update=changed.get("params", {}))
    refuse_unlike(FOLDER, card.labels, card.window, card.params)
    with pytest.raises(InputError, match=r"^params\.yaml: encode\.ancestor: has other labels, another base"):
        refuse_unlike(FOLDER, changed.get("labels", card.labels), shape, params)


def test_a_commit_that_is_not_there_is_told(tmp_path):
    known = encoder_at("abcdef0", tmp_path / "encoder")
    with pytest.raises(InputError, match=r"^params\.yaml: encode\.ancestor: git knows no encoder/weights\.bin at 'abcdef0'"):
        known.__enter__()
