import functools
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
import skops.io as skops
from conftest import ROOT, STANCE
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression
from test_model_files import loads_or_tells
from toy import save_toy

from pipeline import InputError, ModelError, load_model
from pipeline.encoder import Encoder
from pipeline.model_files import read_model, share_model

TEXT = "Mayor denies theft\nA baker accused the mayor of theft. He denied it, and \u201cnot a penny\u201d was taken. It rained."


@pytest.fixture(scope="module")
def shared(toy, tmp_path_factory):
    folder = tmp_path_factory.mktemp("shared") / "model"
    share_model(toy, folder)
    return folder


@pytest.fixture
def copied(shared, tmp_path):
    return Path(shutil.copytree(shared, tmp_path / "model"))


def sealed(folder, content):
    """Give the model another file, and a manifest that describes it."""
    (folder / "scorer.skops").write_bytes(content)
    described = json.loads((folder / "manifest.json").read_text())
    described["sha256"] = hashlib.sha256(content).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(described))


MODELS = {
    "three labels": lambda folder: save_toy(folder),
    "two labels": lambda folder: save_toy(folder, labels=("charge", "answer")),
    "an encoder": lambda folder: save_toy(folder, encoder=Encoder(ROOT / "models" / "encoder")),
}


@pytest.mark.parametrize("save", MODELS.values(), ids=MODELS)
def test_a_shared_model_scores_as_its_model_does_to_the_last_bit(tmp_path, save):
    save(tmp_path / "own")
    share_model(tmp_path / "own", tmp_path / "shared")
    assert not list(tmp_path.rglob("shared/**/*.joblib"))
    own, shared = load_model(tmp_path / "own"), load_model(tmp_path / "shared" / "scorer.skops")
    assert shared.id == own.id
    assert shared.score(TEXT, "A title", explain=True) == own.score(TEXT, "A title", explain=True)


def test_the_real_model_too(model, project, tmp_path):
    share_model(project.root / "models" / "scorer", tmp_path / "shared")
    article = (ROOT / "seeds" / "000_3bf86d9b4be02d64.txt").read_text(encoding="utf-8")
    assert load_model(tmp_path / "shared").score(article) == model.score(article)


def test_nothing_that_was_learned_is_left_behind(toy, shared):
    (_, words, _, own), (_, their_words, _, their) = read_model(toy), read_model(shared)
    for field in fields(own):
        a, b = getattr(own, field.name), getattr(their, field.name)
        if field.name in ("linear", "calibration", "held_out"):
            kept = ("coef_", "intercept_", "matrix", "intercept", "probabilities", "y", "groups")
            a, b = ({k: v.tolist() for k, v in vars(x).items() if k in kept} for x in (a, b))
        assert np.array_equal(a, b), field.name
    assert words.__getstate__().keys() == their_words.__getstate__().keys()
    assert words.common_ == their_words.common_
    assert words.feature_names() == their_words.feature_names()


def dumped(shared, **changes):
    """The file of the shared model with some of its parts changed."""
    return skops.dumps({**skops.loads((shared / "scorer.skops").read_bytes()), **changes})


def repacked(shared, change):
    """The file of the shared model with its description changed by hand."""
    out = io.BytesIO()
    with zipfile.ZipFile(shared / "scorer.skops") as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "schema.json":
                schema = json.loads(content)
                change(schema)
                content = json.dumps(schema).encode()
            target.writestr(name, content)
    return out.getvalue()


def same_array_again(schema):
    parts = schema["content"]
    for name in ("shares", "weights"):
        parts[name] = {**parts["factors"], "__id__": len(name)}


def run_a_command(schema):
    called = {"module_path": "os", "function": "system"}
    schema["content"]["stacked"] = {"__module__": "os", "__class__": "system", "__loader__": "FunctionNode", "content": called}


REFUSED = {
    "a function": (lambda f: repacked(f, run_a_command), r"holds a 'os\.system', where text and arrays are all that"),
    "a hidden loader": (
        lambda f: repacked(f, lambda schema: schema["content"]["stacked"].update(__loader__="ObjectNode")),
        r"holds a 'builtins\.str'",
    ),
    "a partial": (lambda f: dumped(f, stacked=functools.partial(int)), r"holds a 'functools\.partial'"),
    "what skops trusts": (lambda f: dumped(f, stacked=LogisticRegression()), r"holds a 'sklearn\.linear_model\._logistic\.Log"),
    "an array of objects": (lambda f: dumped(f, shares=np.array([{}, 1], dtype=object)), r"holds a 'builtins\.tuple'"),
    "an array of whole numbers": (lambda f: dumped(f, shares=np.arange(3)), "shares must be an array of floats with 1 axes"),
    "a bomb": (
        lambda f: skops.dumps({"x": np.zeros(10**6)}, compression=zipfile.ZIP_DEFLATED),
        "it is compressed, and may be far larger than it looks",
    ),
    "an array many times": (lambda f: repacked(f, same_array_again), "holds an array many times over"),
    "a list": (lambda f: skops.dumps([1]), "it holds no model"),
    "a part left out": (lambda f: dumped(f, weights=None), "weights must be an array of floats with 1 axes"),
    "another shape": (lambda f: dumped(f, weights=np.ones(4)), r"weights must have the shape \(3,\)\. Got \(4,\)"),
    "no number": (lambda f: dumped(f, shares=np.array([np.nan, 1, 1])), "shares must hold finite numbers"),
    "words that are none": (lambda f: dumped(f, common="[1]"), "common must be a list of texts"),
    "fewer words than weights": (lambda f: dumped(f, **{"words.terms": '["a"]'}), r"words\.idf must have the shape \(1,\)"),
    "a word twice": (
        lambda f: dumped(f, **{"words.terms": '["a", "a"]', "words.idf": np.ones(2, dtype=np.float32)}),
        "Duplicate term in vocabulary: 'a'",
    ),
    "features of another model": (
        lambda f: dumped(f, **{"linear.coef": np.ones((3, 5), dtype=np.float32)}), "its parts do not fit together"
    ),
    "a text as number": (lambda f: dumped(f, stacked="1"), "stacked must be a number. Got '1'"),
    "no zip": (lambda f: b"no zip", "is not opened: File is not a zip file"),
    "deep nesting": (
        lambda f: repacked(f, lambda schema: schema["content"].update(common=nested(300))), "is not opened: maximum recursion"
    ),
}  # fmt: skip


def nested(depth):
    node = {"__module__": "builtins", "__class__": "list", "__loader__": "ListNode", "content": []}
    for _ in range(depth):
        node = {**node, "content": [node]}
    return node


@pytest.mark.parametrize(("make", "message"), REFUSED.values(), ids=REFUSED)
def test_anything_but_the_numbers_of_a_model_is_refused_in_one_line(copied, make, message):
    sealed(copied, make(copied))
    with pytest.raises(ModelError, match=message) as caught:
        load_model(copied)
    assert "\n" not in str(caught.value)


@given(at=st.integers(0, 10**6), junk=st.binary(min_size=1, max_size=6), cut=st.booleans())
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_file_that_its_manifest_describes_ends_well(shared, tmp_path, at, junk, cut):
    folder = tmp_path / "m"
    folder.mkdir(exist_ok=True)
    shutil.copyfile(shared / "manifest.json", folder / "manifest.json")
    content = (shared / "scorer.skops").read_bytes()
    at %= len(content)
    sealed(folder, content[:at] + junk + (b"" if cut else content[at + len(junk) :]))
    loads_or_tells(folder)


def test_a_path_to_the_file_opens_no_pickle(toy, shared, tmp_path):
    folder = Path(shutil.copytree(toy, tmp_path / "model"))
    shutil.copyfile(shared / "scorer.skops", folder / "scorer.skops")
    with pytest.raises(ModelError, match=r"scorer\.skops: its manifest speaks of scorer\.joblib, a pickle, .* not opened"):
        load_model(folder / "scorer.skops")


def test_the_command_writes_a_new_folder_or_nothing(toy, tmp_path):
    def export(*arguments, model=toy):
        environment = {**os.environ, "STANCE_MODEL": str(model)}
        return subprocess.run(
            [STANCE, "export", *arguments], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )

    done = export("mine", "--format", "skops")
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"model {load_model(toy).id}: mine/scorer.skops\n"
    before = sorted(tmp_path.rglob("*"))
    again, broken = export("mine"), export("other", model=tmp_path)
    assert (again.returncode, again.stderr) == (2, "error: mine: is there already: name a new folder\n")
    assert (broken.returncode, broken.stdout) == (1, "")
    assert sorted(tmp_path.rglob("*")) == before


def test_a_folder_that_cannot_be_made_is_told(toy, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=r"file/model: cannot be written \(Not a directory\)"):
        share_model(toy, tmp_path / "file" / "model")


def test_without_skops_the_extra_is_named(toy, shared, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "skops.io", None)
    for use in (lambda: share_model(toy, tmp_path / "new"), lambda: load_model(shared)):
        with pytest.raises(ModelError, match=r"this needs skops\.?i?o?: run `pip install 'stance-signals\[share\]'`"):
            use()
    assert not list(tmp_path.iterdir())
