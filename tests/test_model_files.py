import hashlib
import json
import os
import pickle
import shutil
import subprocess
import zlib
from pathlib import Path

import joblib
import numpy as np
import pytest
from conftest import ROOT, STANCE
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from toy import save_toy

from pipeline import ModelError, load_model, model_files
from pipeline.encoder import Encoder
from pipeline.encoder_files import CARD, GRAPH, TOKENIZER, WEIGHTS, WORDS
from pipeline.manifest import FORMAT
from pipeline.trust import find_changes, trust_changes

TEXT = "A baker accused the mayor of theft. The mayor denied it."


@pytest.fixture
def copied(toy, tmp_path):
    return Path(shutil.copytree(toy, tmp_path / "model"))


def manifest(folder, **changes):
    path = folder / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def sealed(folder, content):
    """Give the model another file, and a manifest that describes it."""
    (folder / "scorer.joblib").write_bytes(content)
    manifest(folder, sha256=hashlib.sha256(content).hexdigest())
    return folder


def test_a_changed_model_file_is_not_opened_and_trusting_it_is_told(copied, monkeypatch):
    monkeypatch.setattr(joblib, "load", lambda _: pytest.fail("opened"))
    with (copied / "scorer.joblib").open("ab") as file:
        file.write(b"\0")
    with pytest.raises(
        ModelError,
        match=r"scorer\.joblib: is not the file that its manifest describes .* if you changed it yourself, run `stance trust",
    ):
        load_model(copied)


def test_the_bytes_that_were_checked_are_those_that_are_opened(copied, monkeypatch):
    def read_and_exchange(folder, described):
        content = checked(folder, described)
        (folder / "scorer.joblib").write_bytes(pickle.dumps("another"))
        return content

    checked = model_files.read_described
    monkeypatch.setattr(model_files, "read_described", read_and_exchange)
    assert [s.label for s in load_model(copied).score(TEXT)] == ["charge", "answer"]


def test_files_may_be_links(copied, tmp_path):
    for path in list(copied.iterdir()):
        path.rename(tmp_path / path.name)
        path.symlink_to(tmp_path / path.name)
    assert len(load_model(copied).score(TEXT)) == 2


def library(folder, name, version):
    libraries = json.loads((folder / "manifest.json").read_text())["libraries"]
    manifest(folder, libraries={**libraries, name: version})
    return folder


BROKEN = {
    "no folder": (lambda f: f / "nothing", "holds no trained model: run `make repro`, or set STANCE_MODEL"),
    "a file": (lambda f: f / "scorer.joblib", "holds no trained model"),
    "newer format": (lambda f: manifest(f, format=FORMAT + 1), f"has format {FORMAT + 1}, this version reads {FORMAT}"),
    "no manifest": (lambda f: (f / "manifest.json").write_text("[]"), "is no manifest"),
    "a manifest that is a folder": (
        lambda f: (f / "manifest.json").unlink() or (f / "manifest.json").mkdir(),
        r"manifest\.json: cannot be read \(Is a directory\)",
    ),
    "no model": (lambda f: (f / "scorer.joblib").unlink(), "is missing beside its manifest"),
    "a pipe": (lambda f: (f / "scorer.joblib").unlink() or os.mkfifo(f / "scorer.joblib"), "is missing beside its manifest"),
    "another library": (
        lambda f: library(f, "scikit-learn", "0.1.2"),
        r"was saved by scikit-learn 0\.1\.2, here it is .*`pip install 'scikit-learn==0\.1\.2'`, or train again",
    ),
    "a library to be talked into": (lambda f: library(f, "evil", "1.0"), r"is no manifest \(libraries\.evil"),
    "a name that is a command": (lambda f: library(f, "\n\x1b[2J", "1.0"), r"is no manifest \(libraries\.\\n\\x1b\[2J"),
    "a version that is a command": (lambda f: library(f, "numpy", "1'; rm -r ~'"), r"is no manifest \(libraries\.numpy"),
    "no library": (lambda f: manifest(f, libraries={}), "does not say which scikit-learn saved it"),
    "other labels": (lambda f: manifest(f, labels=["a", "b", "c"]), "its parts do not fit together"),
    "a label that commands": (lambda f: manifest(f, labels=["a", "b\x1b[2J"]), r"labels: must hold no line break .*\\x1b"),
    "an id that commands": (lambda f: manifest(f, id="stance-\x1b[2J"), r"is no manifest \(id"),
    "an encoder that is not there": (lambda f: manifest(f, encoder="0" * 64), "holds no encoder"),
    "no pickle": (lambda f: sealed(f, b"\x80\x05K"), "does not open with this version"),
    "another object": (lambda f: sealed(f, pickle.dumps({"featurizer": 1, "classifier": 2})), "holds no scorer"),
    "a class that is gone": (lambda f: sealed(f, b"cpipeline.scorer\nGone\n."), "does not open with this version"),
    "a number in place of the parts": (lambda f: sealed(f, pickle.dumps(5)), "does not open with this version"),
}


@pytest.mark.parametrize(("broken", "message"), BROKEN.values(), ids=BROKEN)
def test_what_is_no_model_is_one_line(copied, broken, message):
    made = broken(copied)
    with pytest.raises(ModelError, match=message) as caught:
        load_model(made if isinstance(made, Path) else copied)
    assert "\n" not in str(caught.value)


def test_parts_of_two_models_do_not_fit(copied, tmp_path):
    save_toy(tmp_path / "two", labels=("charge", "answer"))
    parts, other = (joblib.load(folder / "scorer.joblib") for folder in (copied, tmp_path / "two"))
    joblib.dump({**parts, "featurizer": other["featurizer"]}, tmp_path / "mixed")
    with pytest.raises(ModelError, match=r"scorer\.joblib: its parts do not fit together \(X has \d+ features"):
        load_model(sealed(copied, (tmp_path / "mixed").read_bytes()))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(data=st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_stands_in_a_manifest_ends_well(toy, tmp_path, data):
    described = json.loads((toy / "manifest.json").read_text())
    key = data.draw(st.sampled_from([*described, "more"]))
    inner = described.get(key)
    if isinstance(inner, dict) and data.draw(st.booleans()):
        changed = {**inner, data.draw(st.sampled_from(sorted(inner)) | st.text(max_size=8)): data.draw(JSON)}
    else:
        changed = data.draw(JSON)
    folder = tmp_path / "m"
    folder.mkdir(exist_ok=True)
    shutil.copyfile(toy / "scorer.joblib", folder / "scorer.joblib")
    (folder / "manifest.json").write_text(json.dumps({**described, key: changed}))
    loads_or_tells(folder)


@given(share=st.floats(0, 0.999))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_file_cut_short_that_its_manifest_describes_ends_well(toy, tmp_path, share):
    folder = tmp_path / "m"
    folder.mkdir(exist_ok=True)
    shutil.copyfile(toy / "manifest.json", folder / "manifest.json")
    content = (toy / "scorer.joblib").read_bytes()
    with pytest.raises(ModelError, match="does not open with this version"):
        load_model(sealed(folder, content[: int(share * len(content))]))


def loads_or_tells(folder):
    told = None
    try:
        model = load_model(folder)
    except ModelError as error:
        told = str(error)
    assert len(told) < 600 if told else len(model.score(TEXT)) == 2


@pytest.fixture(scope="module")
def encoded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("encoded") / "model"
    save_toy(folder, encoder=Encoder(ROOT / "models" / "encoder"))
    return folder


@pytest.fixture
def opened(encoded, tmp_path):
    """A copy of the model with its encoder; files are links, to be replaced."""
    shutil.copytree(encoded, tmp_path / "model", copy_function=os.symlink)
    return tmp_path / "model"


def reseal(folder, changes=None, **files):
    """Give the encoder other files, and a card and a manifest that describe them."""
    inside = folder / "encoder"
    card = json.loads((inside / CARD).read_text())
    for name, content in files.items():
        path = inside / {"weights": WEIGHTS, "graph": GRAPH, "tokenizer": TOKENIZER, "words": WORDS}[name]
        path.unlink()
        path.write_bytes(content)
        card["files"][path.name] = hashlib.sha256(content).hexdigest()
    if changes is not None:
        changes(card)
    content = json.dumps(card).encode()
    (inside / CARD).unlink()
    (inside / CARD).write_bytes(content)
    described = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").unlink()
    (folder / "manifest.json").write_text(json.dumps({**described, "encoder": hashlib.sha256(content).hexdigest()}))


def shape(name, *numbers):
    def change(card):
        card["tensors"][name]["shape"] = list(numbers)

    return change


WORD, BIAS, HEAD = "body.embeddings.word_embeddings.weight", "body.embeddings.LayerNorm.bias", "head.label.bias"
LIES = {
    "weights cut short": (lambda f: reseal(f, weights=weights(f)[:1000]), "holds other than the"),
    "no weights": (lambda f: reseal(f, weights=b""), "holds other than the"),
    "weights that are no numbers": (
        lambda f: reseal(f, weights=zlib.compress(b"\xff" * len(zlib.decompress(weights(f))))),
        "holds what is no number",
    ),
    "a giant shape": (lambda f: reseal(f, shape(WORD, 10**9, 10**9)), "more than 2,147,483,648"),
    "a shape below zero": (lambda f: reseal(f, shape(WORD, -3, 384)), r"tensors\..*shape\.0: Input should be greater than 0"),
    "a smaller shape": (lambda f: reseal(f, shape(BIAS, 12)), "holds other than the"),
    "a smaller head": (lambda f: reseal(f, shape(HEAD, 1)), r"tensors\.head\.label\.bias\.shape must be \(4,\)\. Got \(1,\)"),
    "a tensor behind the end": (
        lambda f: reseal(f, lambda card: card["tensors"][BIAS].update(start=10**12)),
        "holds other than the",
    ),
    "a tensor left out": (lambda f: reseal(f, lambda card: card["tensors"].pop(BIAS)), "holds other than the"),
    "the same bytes many times": (
        lambda f: reseal(f, lambda card: card["tensors"].update({f"t{i}": card["tensors"][WORD] for i in range(1000)})),
        "more than 2,147,483,648",
    ),
    "another width": (lambda f: reseal(f, lambda card: card.update(width=192)), r"tensors\.head\.mix\.weight\.shape must be"),
    "a file elsewhere": (
        lambda f: reseal(f, lambda card: card["files"].update({"../../secret": "0" * 64})),
        r"files must be weights\.bin, tokenizer\.json, graph\.onnx, words\.txt",
    ),
    "no graph": (lambda f: reseal(f, graph=b"no graph"), r"graph\.onnx: cannot be used"),
    "no tokenizer": (lambda f: reseal(f, tokenizer=b"{}"), r"tokenizer\.json: cannot be used"),
    "words in another encoding": (lambda f: reseal(f, words=b"caf\xe9\n"), r"words\.txt: cannot be used"),
    "a window that is none": (lambda f: reseal(f, lambda card: card["window"].update(before=-1)), r"window\.before"),
    "a piece that is none": (
        lambda f: reseal(f, lambda card: card["window"].update(end=10**12)),
        r"graph\.onnx: cannot be used",
    ),
    "another card": (lambda f: (f / "encoder" / CARD).unlink() or (f / "encoder" / CARD).write_text("{}"), "is no card"),
}


def weights(folder):
    return (folder / "encoder" / WEIGHTS).read_bytes()


@pytest.mark.parametrize(("lie", "message"), LIES.values(), ids=LIES)
def test_an_encoder_that_lies_is_one_line(opened, lie, message):
    lie(opened)
    with pytest.raises(ModelError, match=message) as caught:
        load_model(opened)
    assert "\n" not in str(caught.value)


def test_an_encoder_that_is_exchanged_after_loading_is_told(opened):
    model = load_model(opened)
    model.encoder.__dict__.pop("_tokenizer")  # as in another process, which opens the folder again
    (opened / "encoder" / TOKENIZER).unlink()
    (opened / "encoder" / TOKENIZER).write_text("{}")
    with pytest.raises(ModelError, match=r"tokenizer\.json: is not the file that encoder\.json describes"):
        model.score(TEXT)
    again = pickle.loads(pickle.dumps(model.encoder))
    reseal(opened, tokenizer=b"{}")
    with pytest.raises(ModelError, match=r"encoder\.json: is not the card that the manifest describes"):
        _ = again.card


def stance(*arguments, text=""):
    return subprocess.run([STANCE, *map(str, arguments)], input=text, capture_output=True, text=True, check=False)


def resaved(folder):
    """Save the model anew after a change, as a person would."""
    parts = joblib.load(folder / "scorer.joblib")
    parts["classifier"].weights[:] = np.array([9, 1, 1])
    joblib.dump(parts, folder / "scorer.joblib")


def test_a_model_that_was_changed_on_purpose_can_be_trusted(copied):
    before = (copied / "manifest.json").read_text()
    resaved(copied)
    library(copied, "numpy", "2.0.1")
    declined = stance("trust", copied, text="n\n")
    assert declined.returncode == 1
    digest = hashlib.sha256((copied / "scorer.joblib").read_bytes()).hexdigest()
    assert f"{copied / 'scorer.joblib'}: sha256 {digest}, described is {json.loads(before)['sha256']}" in declined.stdout
    assert "can run any program" in declined.stdout
    with pytest.raises(ModelError, match="was saved by numpy"):
        load_model(copied)

    done = stance("trust", copied, "--yes")
    assert done.returncode == 0, done.stderr
    assert load_model(copied).id == f"stance-{digest[:12]}" != json.loads(before)["id"]
    again = stance("trust", copied)
    assert (again.returncode, again.stdout) == (0, f"{copied}: holds what its manifest describes: nothing to do\n")


def test_an_encoder_that_was_made_anew_can_be_trusted(opened):
    described = json.loads((opened / "manifest.json").read_text())
    reseal(opened, lambda card: card.update(base="mine"))
    manifest(opened, encoder=described["encoder"])
    with pytest.raises(ModelError, match=r"encoder\.json: is not the card that the manifest describes"):
        load_model(opened)
    trusted = trust_changes(opened, *find_changes(opened))
    assert load_model(opened).id == trusted.id == described["id"], "the model file is the same"


def test_a_file_that_changes_while_one_is_asked_is_not_trusted(copied):
    resaved(copied)
    found = find_changes(copied)
    with (copied / "scorer.joblib").open("ab") as file:
        file.write(b"\0")
    trust_changes(copied, *found)
    with pytest.raises(ModelError, match="is not the file that its manifest describes"):
        load_model(copied)


def test_the_environment_names_the_model(copied, monkeypatch):
    monkeypatch.setenv("STANCE_MODEL", str(copied))
    assert load_model().id == json.loads((copied / "manifest.json").read_text())["id"]
