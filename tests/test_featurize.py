import pickle

import numpy as np
import pytest
from scipy import sparse

from pipeline.errors import InputError
from pipeline.features import Featurizer, shifted
from pipeline.ngrams import character_ngrams, word_ngrams
from pipeline.params import FeaturizeParams, read_params
from pipeline.passages import Passage, passage
from pipeline.sentences import split_sentences
from pipeline.tables import TRAIN, passages_of, read_sentences

SMALL = FeaturizeParams(word_min_count=1, character_min_count=1)
TEXT = "Mayor denies theft\nThe mayor said he took nothing. A clerk saw him leave. He denied the theft again."


def page(text, title=None):
    return passage(text, split_sentences(text), title)


def test_neighbours_stop_at_the_document():
    rows = sparse.csr_matrix(np.array([[1.0], [2.0], [3.0], [4.0], [5.0]]))
    assert shifted(rows, [2, 3], 1).toarray().ravel().tolist() == [2, 0, 4, 5, 0]
    assert shifted(rows, [2, 3], -2).toarray().ravel().tolist() == [0, 0, 0, 0, 3]
    assert shifted(rows, [1] * 5, 1).nnz == 0


def test_ngrams():
    assert word_ngrams(["he", "took", "it"], bounds=(1, 3)) == ["he", "took", "it", "he took", "took it", "he took it"]
    assert character_ngrams(["~it"], bounds=(2, 3)) == [" i", "it", "t ", " it", "it "]


def test_a_row_depends_on_its_own_document_alone():
    featurizer = Featurizer(SMALL).fit([page(TEXT)])
    alone = featurizer.transform([page(TEXT)])
    among = featurizer.transform([page("Other things happened. Nobody denied it."), page(TEXT), page("")])
    assert (among[2:] != alone).nnz == 0
    assert alone.shape == (4, len(featurizer.feature_names()))


def test_the_sentence_before_is_read_too():
    featurizer = Featurizer(SMALL).fit([page(TEXT)])
    names = featurizer.feature_names()
    row = featurizer.transform([page(TEXT)])[3].toarray().ravel()
    seen = {name for name, value in zip(names, row, strict=True) if value}
    assert {"word:denied", "word:denied ~the", "cue:denying", "word-1:saw", "cue-1:witnessing", "place:near_end"} <= seen
    assert not any(name.startswith("word+1:") for name in seen)


def test_what_comes_out_of_a_pickle_reads_the_same_and_is_pickled_the_same():
    text = f"{TEXT} Niño’s “clerk” denied 7\N{SUPERSCRIPT TWO} thefts."
    featurizer = Featurizer(SMALL).fit([page(text)])
    packed = pickle.dumps(featurizer)
    opened = pickle.loads(packed)
    assert opened.columns() == featurizer.columns()
    assert opened.feature_names() == featurizer.feature_names()
    assert (opened.transform([page(text)]) != featurizer.transform([page(text)])).nnz == 0
    assert pickle.dumps(opened) == packed
    assert not any(isinstance(value, list | dict) for name, value in opened.__getstate__().items() if name != "settings")


def headline_features(page):
    featurizer = Featurizer(SMALL).fit([page])
    row = featurizer.transform([page])[1].toarray().ravel()
    return {n: v for n, v in zip(featurizer.feature_names(), row.tolist(), strict=True) if "headline" in n and v}


def test_a_title_counts_the_same_in_the_text_and_beside_it():
    assert Passage(("Mayor denies theft", "He took nothing."), (True, True)).headline() == "Mayor denies theft"
    assert Passage(("Mayor denies theft", "He took nothing."), (True, True), "Beside").headline() == "Beside"
    assert Passage(("Mayor denied theft.", "He took nothing."), (True, True)).headline() == ""
    assert Passage(("Mayor denies theft", "he said."), (True, False)).headline() == ""
    inside = headline_features(page("Mayor denies theft\nThe mayor said so."))
    beside = headline_features(page("Intro came first. The mayor said so.", title="Mayor denies theft"))
    assert inside["place:of_headline"] == beside["place:of_headline"] > 0


def test_vocabulary_comes_from_training_articles_alone(project):
    import joblib

    table = read_sentences(project.root / "data" / "sentences" / "sentences.parquet")
    refitted = Featurizer(read_params(project.root / "params.yaml").featurize).fit(passages_of(table[table["split"] == TRAIN]))
    shipped = joblib.load(project.root / "data" / "features" / "featurizer.joblib")
    assert shipped.feature_names() == refitted.feature_names()
    assert (shipped.words_.idf_ == refitted.words_.idf_).all()


def test_too_small_a_corpus_names_the_parameters():
    with pytest.raises(
        InputError, match=r"the 1 training sentences hold too few n-grams: add articles, or lower word_min_count"
    ):
        Featurizer(FeaturizeParams()).fit([page("Hm.")])
