import shutil
import subprocess
import sys
import zlib
from types import SimpleNamespace

import numpy as np
import pytest
from conftest import ROOT

from pipeline import ModelError, load_model
from pipeline.encoder import Encoder
from pipeline.encoder_files import CONTENT, WEIGHTS, WIDEST, Rounded, read_card, read_weights, write_weights
from pipeline.features import Featurizer
from pipeline.out_of_fold import OutOfFold, digest_of
from pipeline.params import FeaturizeParams
from pipeline.passages import Passage, passage
from pipeline.rows import known_scores, rows_of
from pipeline.sentences import split_sentences
from pipeline.tables import TRAIN, read_sentences

FOLDER = ROOT / "models" / "encoder"
TEXT = (
    "Mayor denies taking money\n\nThe mayor of Orlo took money from a builder, the opposition said on Monday. "
    "She denied it. Bank records seen by the Ledger show four payments.\n\nThe town has 9,000 inhabitants."
)


def page(text: str) -> Passage:
    return passage(text, split_sentences(text))


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder(FOLDER)


def test_what_is_said_of_a_document_does_not_depend_on_its_company(encoder):
    alone = encoder([page(TEXT)])[0]
    among = encoder([page("Rain is likely. " * 40), page(TEXT), page("")])
    assert alone.vectors.shape == (5, encoder.card.width)
    assert np.allclose(np.exp(alone.log_probabilities).sum(axis=1), 1, atol=1e-5)
    assert np.array_equal(alone.vectors, among[1].vectors)
    assert np.array_equal(alone.log_probabilities, among[1].log_probabilities)
    assert among[2].vectors.shape == (0, encoder.card.width)


def test_threads_say_what_one_says(encoder):
    pages = [page("Rain is likely. " * 200), page(TEXT), page("")]
    probe = np.ones((encoder.card.width, 2), np.float32)
    threaded = Encoder(FOLDER)
    threaded.threads, threaded.remembers = 4, 100
    for one, other in zip(encoder(pages, probe), threaded(pages, probe), strict=True):
        assert np.array_equal(one.vectors, other.vectors)
        assert np.array_equal(one.log_probabilities, other.log_probabilities)
        assert len(one.probed) == len(other.probed)
        assert all(map(np.array_equal, one.probed, other.probed))


def test_what_is_remembered_is_not_read_again_and_says_the_same(encoder, monkeypatch):
    pages = [page(TEXT), page("Rain is likely. " * 200)]
    probe = np.ones((encoder.card.width, 2), np.float32)
    fresh, again = encoder(pages, probe), Encoder(FOLDER)
    again.remembers = 100
    again(pages)
    again(pages, probe)
    monkeypatch.setattr(again, "_hidden", lambda ids: pytest.fail("read again"))
    for asked in (probe, None):
        for one, other in zip(fresh, again(pages, asked), strict=True):
            assert np.array_equal(one.vectors, other.vectors)
            assert len(other.probed) == (0 if asked is None else len(one.probed))
            assert all(map(np.array_equal, other.probed, one.probed))
    with pytest.raises(pytest.fail.Exception, match="read again"):
        again(pages, probe.copy())


@pytest.mark.parametrize("count", [0, 1])
def test_no_more_windows_are_remembered_than_were_asked_for(monkeypatch, count):
    asked = []
    encoder = Encoder(FOLDER)
    hidden = encoder._hidden
    monkeypatch.setattr(encoder, "_hidden", lambda ids: asked.append(ids) or hidden(ids))
    encoder.remembers = count
    for text in ("It rained.", "He denied it.", "He denied it.", "It rained."):
        encoder([page(text)])
    assert len(asked) == 4 - count


def test_a_sentence_is_read_in_its_context(encoder):
    claim = "She had met the builder twice."
    told = [
        encoder([page(f"{before} {claim}")])[0]
        for before in ("The mayor rejected that as a lie.", "The fair opened on Friday.")
    ]
    assert np.abs(told[0].log_probabilities[1] - told[1].log_probabilities[1]).max() > 0.05


def test_a_title_given_beside_the_text_is_read(encoder):
    spans = split_sentences("She had met the builder twice.")
    plain, titled, empty = (passage("She had met the builder twice.", spans, t) for t in (None, "Mayor denies bribery", ""))
    told = [said.log_probabilities for said in encoder([plain, titled, empty])]
    assert np.abs(told[0] - told[1]).max() > 0.01
    assert np.array_equal(told[0], told[2])


def test_of_articles_that_it_learnt_from_only_out_of_fold_scores_count(encoder):
    pages = [page(TEXT), page("It rained."), page("The fair opened on Friday. It rained.")]
    kept = OutOfFold({"scored": np.full((5, 4), -1.5, np.float32)}, {"scored": digest_of(pages[0])})
    card = encoder.card.model_copy(update={"trained_on": ("altered", "other", "scored")})
    learnt = SimpleNamespace(card=card, labels=encoder.labels, out_of_fold=kept)
    scored, other, new = known_scores(learnt, ["scored", "other", "new"], pages, encoder.labels)
    assert np.array_equal(scored, kept.scores["scored"])
    assert other.shape == (1, 4)
    assert not other.any()
    assert not new.any()
    assert known_scores(learnt, ["other", "new"], pages[1:], encoder.labels)[1] is None, "nothing was held out"
    assert not known_scores(learnt, ["scored"], [page(TEXT + " It rained.")], encoder.labels)[0].any(), "altered since"

    featurizer = Featurizer(FeaturizeParams(word_min_count=1, character_min_count=1)).fit(pages)
    asked = rows_of(featurizer, encoder, pages, encoder.labels).toarray()
    rows = rows_of(featurizer, encoder, pages, encoder.labels, [scored, other, None]).toarray()
    assert np.array_equal(rows[:6, -4:], np.vstack([scored, other]))
    assert np.array_equal(rows[:, :-4], asked[:, :-4])
    assert np.array_equal(rows[6:], asked[6:])


def test_out_of_fold_scores_come_back_as_they_were(tmp_path):
    scores = {"b": np.array([[-1.0, -2.0]], np.float32), "a": np.array([[-0.5, -3.0], [-4.0, -0.25]], np.float32)}
    OutOfFold(scores, {"a": "1", "b": "2"}).write(tmp_path)
    found = OutOfFold.read(tmp_path, 2)
    assert {name: value.tolist() for name, value in found.scores.items()} == {k: v.tolist() for k, v in scores.items()}
    assert found.digests == {"a": "1", "b": "2"}
    OutOfFold().write(tmp_path)
    assert OutOfFold.read(tmp_path, 2) == OutOfFold()


def test_a_long_sentence_and_a_long_document_are_read(encoder):
    text = "word " * 3000 + ". " + "He denied it. " * 400
    said = encoder([page(text)])[0]
    assert len(said.vectors) == 401
    assert np.isfinite(said.log_probabilities).all()


def weights_of_each_kind() -> dict:
    draw = np.random.default_rng(0)
    whole = draw.integers(-WIDEST, WIDEST + 1, size=(96, 64)).astype(np.int8)
    return {
        "rows": Rounded(whole, draw.lognormal(size=(96, 1)).astype(np.float32)),
        "columns": Rounded(whole.T, draw.lognormal(size=96).astype(np.float32)),
        "cube": draw.normal(size=(4, 3, 2)).astype(np.float32),
    }


def test_weights_come_back_as_they_were(tmp_path):
    weights = weights_of_each_kind()
    tensors = write_weights(tmp_path, weights)
    found = read_weights((tmp_path / WEIGHTS).read_bytes(), tensors)
    assert list(found) == list(weights)
    for name in ("rows", "columns"):
        assert np.array_equal(found[name].whole, weights[name].whole)
        assert np.array_equal(found[name].step, weights[name].step)
        assert np.array_equal(found[name].value, found[name].whole * weights[name].step)
    assert np.array_equal(found["cube"], weights["cube"])


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (lambda content: b"weights", r"cannot be unpacked \(.+\): run `make encoder`"),
        (lambda content: content[:-20], r"holds other than the [0-9,]+ bytes that encoder\.json describes"),
        (lambda content: zlib.compress(zlib.decompress(content) + b"1"), r"holds other than the [0-9,]+ bytes"),
        (lambda content: zlib.compress(b"\xff" * len(zlib.decompress(content))), "'rows' holds what is no number"),
        (lambda content: zlib.compress(bytes(10**8)), r"holds other than"),
        (lambda content: content[:-1], r"holds other than"),
        (lambda content: content + b"1", r"holds other than"),
    ],
    ids=["not packed", "cut", "longer", "no numbers", "a bomb", "no checksum", "trailing"],
)
def test_broken_weights_are_refused(tmp_path, changed, message):
    tensors = write_weights(tmp_path, weights_of_each_kind())
    with pytest.raises(ModelError, match=message):
        read_weights(changed((tmp_path / WEIGHTS).read_bytes()), tensors)


def test_weights_that_overlap_are_refused(tmp_path):
    tensors = write_weights(tmp_path, weights_of_each_kind())
    with pytest.raises(ModelError, match="holds other than"):
        read_weights((tmp_path / WEIGHTS).read_bytes(), {**tensors, "again": tensors["rows"]})


def test_a_window_is_computed_in_whole_numbers(encoder):
    assert b"DynamicQuantizeMatMul" in (encoder.folder / "graph.onnx").read_bytes()
    rounded = [name for name, weight in encoder._weights.items() if isinstance(weight, Rounded)]
    assert len(rounded) > 10
    for name in rounded:
        assert np.abs(encoder._weights[name].whole.astype(int)).max() <= WIDEST, "else CPUs differ, by how wide they add"


@pytest.mark.parametrize("name", CONTENT)
def test_a_changed_file_is_refused(tmp_path, name):
    copy = tmp_path / "encoder"
    shutil.copytree(FOLDER, copy)
    with (copy / name).open("ab") as file:
        file.write(b"\n")
    with pytest.raises(ModelError, match=rf"{name}: is not the file that encoder\.json describes: run `make encoder`"):
        read_card(copy)


def test_a_missing_encoder_is_told(tmp_path):
    with pytest.raises(ModelError, match=r"holds no encoder: run `make encoder`.*or set featurize\.encoder to none"):
        read_card(tmp_path)


def test_the_encoder_is_small_and_has_seen_no_test_article(project):
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) <= 24_000_000
    card = read_card(FOLDER)
    table = read_sentences(project.root / "data" / "sentences" / "sentences.parquet")
    split = table.drop_duplicates("document").set_index("document")["split"]
    assert {split[name] for name in card.trained_on} == {TRAIN}
    assert card.out_of_fold
    assert set(card.out_of_fold) == set(Encoder(FOLDER).out_of_fold.scores) <= set(card.trained_on)


def test_scoring_needs_no_torch_and_the_model_can_be_taken_elsewhere(project, tmp_path):
    shutil.copytree(project.root / "models" / "scorer", tmp_path / "model")
    program = (
        "import sys\n"
        "from pipeline import load_model\n"
        f"print([s.label for s in load_model({str(tmp_path / 'model')!r}).score({TEXT!r})])\n"
        "print({'torch', 'transformers', 'onnx'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True
    )
    labels, loaded = done.stdout.splitlines()
    assert labels == str([s.label for s in load_model(project.root / "models" / "scorer").score(TEXT)])
    assert loaded == "set()"


def test_a_model_without_its_encoder_is_refused(project, tmp_path):
    copy = tmp_path / "model"
    shutil.copytree(project.root / "models" / "scorer", copy)
    (copy / "encoder" / "encoder.json").unlink()
    with pytest.raises(ModelError, match=r"encoder: holds no encoder"):
        load_model(copy)
