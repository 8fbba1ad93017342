import hashlib
import json
import shutil

import numpy as np
import pytest
from conftest import ROOT

from pipeline import Scorer, load_model
from pipeline.errors import ModelError
from pipeline.ledger.files import MANIFEST, WEIGHTS, read_reader, write_reader
from pipeline.ledger.pages import Page, text_hash
from pipeline.passages import Passage
from pipeline.sentences import split_sentences


@pytest.fixture(scope="module")
def seed():
    """The seed article: its corpus row."""
    return json.loads((ROOT / "seeds" / "seed.jsonl").read_text(encoding="utf-8"))


class Sentence:
    """A sentence as people labelled it."""

    def __init__(self, row):
        self.start, self.end, self.label = row["start"], row["end"], row["label"]


def gold_ledger(model, row, text=None):
    sentences = [Sentence(sentence) for sentence in row["sentences"]]
    return model.ledger_of(Page.of(text or row["text"], sentences, model.featurizer.tokens), "seed")


def test_a_model_makes_the_ledger_of_a_text(model, seed):
    text = seed["text"]
    found = model.ledger(text)
    assert (found.model, found.labelled_by, found.text_sha256) == (model.ledger_id, model.id, text_hash(text))
    assert found.allegations
    for s in found.statements:
        pieces = [s, *s.content, *filter(None, [s.source.words, s.cue, s.target and s.target.words])]
        assert all(text[piece.start : piece.end] == piece.text for piece in pieces)


@pytest.mark.parametrize(
    "text", ["", "  \n ", "It rained.", "“He said: ‘no", "\ud800 said \udfff denied it. \u202e", "said " * 400]
)
def test_any_text_has_a_ledger(model, text):
    assert model.ledger(text).document == ""


def test_articles_are_read_in_order_each_by_itself(model, seed):
    texts = ["It rained.", seed["text"], "The mayor denied it."]
    together = [ledger.statements for _, ledger in model.ledger_documents(texts)]
    assert together == [model.ledger(text).statements for text in texts]


SPEAKERS = {
    2: "Supreme Allied Commander Europe", 4: "General Curtis Scaparrotti", 6: "Zamir Kabulov", 11: "Russian diplomats",
    12: "Moscow", 13: "Russia", 16: "Major-General Igor Konashenkov",
}  # fmt: skip
ANSWERS = {
    "Zamir Kabulov": {"flat", "dismissal", "attack"},
    "Russian Ministry of Foreign Affairs": {"no-evidence"},
    "Russia": {"innocent-account"},
    "Major-General Igor Konashenkov": {"dismissal", "no-evidence", "attack"},
}


def test_the_ledger_of_the_seed_article_from_its_gold_labels(model, seed):
    found = gold_ledger(model, seed)
    assert {number: found.of(number).source.who for number in SPEAKERS} == SPEAKERS
    lead = found.of(2)
    assert (lead.source.sentence, lead.rules["source"], lead.target.who) == (3, "forward", "Moscow")
    denials = [s for s in found.statements if s.label == "denial"]
    assert {s.linked("answers") for s in denials} <= {2, 4}
    assert "attack" in found.of(6).kinds
    assert "no-evidence" in found.of(8).kinds
    assert {"no-evidence", "dismissal"} <= set(found.of(16).kinds)
    for who, kinds in ANSWERS.items():
        assert kinds <= {kind for s in denials if s.source.who == who for kind in s.kinds}, who
    assert not [s for s in found.statements if s.linked("supports") is not None]  # nothing is offered for the allegation


NAMES = {
    "Scaparrotti": "Abernathers",
    "Kabulov": "Tarimov",
    "Konashenkov": "Belisarikov",
    "Moscow": "Harlow",
    "Russia": "Norvia",
}


def test_other_names_make_the_same_ledger_of_others(model, seed):
    text = seed["text"]
    for name, other in NAMES.items():
        assert len(name) == len(other)
        text = text.replace(name, other)
    ours, theirs = gold_ledger(model, seed), gold_ledger(model, seed, text)

    def shape(ledger):
        return [(s.source.kind, s.source.words and s.source.words.start, s.kinds, s.depth, s.links) for s in ledger.statements]

    assert shape(ours) == shape(theirs)


@pytest.fixture
def folder(project, tmp_path):
    """A copy of the real ledger model that can be broken."""
    return shutil.copytree(project.root / "models" / "ledger", tmp_path / "ledger")


def test_a_reader_that_is_written_again_is_the_same_file(model, folder, tmp_path):
    manifest = json.loads((folder / MANIFEST).read_text())
    known = {name: manifest[name] for name in ("encoder", "least_source", "least_speaker", "articles", "statements")}
    again = write_reader(tmp_path / "again", read_reader(folder, model.featurizer.common, known["encoder"]), **known)
    assert again.id == model.ledger_id == manifest["id"]


def spoil_weights(folder):
    (folder / WEIGHTS).write_bytes(b"x")


def spoil_manifest(folder):
    (folder / MANIFEST).write_text('{"format": 7}')


def replace_weights(folder, arrays):
    np.savez(folder / WEIGHTS, **arrays)
    digest = hashlib.sha256((folder / WEIGHTS).read_bytes()).hexdigest()
    manifest = json.loads((folder / MANIFEST).read_text())
    (folder / MANIFEST).write_text(json.dumps({**manifest, "sha256": digest}))


def forget_parts(folder):
    replace_weights(folder, {"nothing": np.zeros(1)})


def forget_states(folder):
    with np.load(folder / WEIGHTS) as kept:
        arrays = dict(kept)
    arrays["tags/tag/names"] = np.frombuffer(arrays["tags/tag/names"].tobytes().replace(b"state ", b""), np.uint8)
    replace_weights(folder, arrays)


def narrow_states(folder):
    """Let what tells kinds of denials read one number less of each state than the others do."""
    with np.load(folder / WEIGHTS) as kept:
        arrays = dict(kept)
    *names, _last = arrays["kinds/denial/names"].tobytes().decode().split("\n")
    arrays["kinds/denial/names"] = np.frombuffer("\n".join(names).encode(), np.uint8)
    arrays["kinds/denial/weights"] = arrays["kinds/denial/weights"][:, :-1]
    replace_weights(folder, arrays)


def nothing_learnt(folder):
    write_reader(folder, None, encoder=None, least_source=0.4, least_speaker=0.5, articles=0, statements=0)


BROKEN = {
    "other weights": (spoil_weights, r"weights\.npz: is not the file that its manifest describes: run `dvc repro"),
    "other manifest": (spoil_manifest, r"ledger\.json: is no manifest of a ledger model \(format"),
    "parts missing": (forget_parts, r"weights\.npz: cannot be used \(KeyError"),
    "no states": (forget_states, r"weights\.npz: cannot be used \(ValueError: a tagger has the classes"),
    "states of two widths": (narrow_states, r"weights\.npz: cannot be used \(ValueError"),
    "gone": (shutil.rmtree, "holds no ledger model: run `make repro`"),
    "no annotations": (nothing_learnt, "its corpus has no attributions"),
}


@pytest.mark.parametrize(("spoil", "message"), BROKEN.values(), ids=BROKEN)
def test_a_broken_model_is_told_in_a_line(folder, spoil, message):
    encoder = json.loads((folder / MANIFEST).read_text())["encoder"]
    spoil(folder)
    with pytest.raises(ModelError, match=message):
        read_reader(folder, frozenset(), encoder)


def test_a_model_that_reads_what_another_encoder_says_is_refused(folder, model):
    alone = Scorer(model.featurizer, model.classifier, model.id, None, folder)
    with pytest.raises(ModelError, match="goes with another encoder than the scorer has: run `make repro`"):
        alone.ledger("She took bribes, the union said.")


def test_a_scorer_without_a_ledger_model_still_scores(toy):
    scorer = load_model(toy)
    assert scorer.score("It rained.")
    with pytest.raises(ModelError, match="holds no ledger model"):
        scorer.ledger("It rained.")


def test_the_title_is_no_part_of_the_text(model):
    text = "The mayor took bribes, the union said. She denied it."
    page = Passage(tuple(text[s.start : s.end] for s in split_sentences(text)), (True, False), "Row in the port")
    found = model.ledger(text, title=page.title)
    assert found.title == "Row in the port"
    assert all(text[s.start : s.end] == s.text for s in found.statements)
