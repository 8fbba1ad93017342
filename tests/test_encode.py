import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from conftest import ROOT, Project
from test_encoder import TEXT, page
from test_teach import UNREAD
from tokenizers import Tokenizer
from tokenizers.models import WordLevel

from pipeline import base_encoder
from pipeline.encoder import Encoder
from pipeline.encoder_files import CONTENT, read_card, sha256_of
from pipeline.encoder_learner import Labelled, checkpoint_of, kept, labelled
from pipeline.errors import InputError
from pipeline.out_of_fold import OutOfFold
from pipeline.params import EncodeParams, read_params
from pipeline.paths import Paths
from pipeline.stages.encode import folds_of
from pipeline.tables import TEST, TRAIN


def documents(count: int, clusters: int) -> pd.DataFrame:
    rows = [
        {
            "document": f"{kind}-{i:04d}",
            "cluster": base + i % clusters,
            "split": TEST if i % 10 == 0 else TRAIN,
            "text": "A.",
            "label": "a",
            "starts_line": True,
        }
        for kind, base in (("blind", 0), ("start", clusters))
        for i in range(count)
    ]
    return pd.DataFrame(rows)


def test_whole_clusters_of_the_named_articles_are_held_out_in_turn_and_no_test_article_is():
    table, params = documents(2000, 500), EncodeParams(folds=4, held_out_from="blind-")
    folds = folds_of(table, params)
    train = table[(table["split"] == TRAIN) & table["document"].str.startswith("blind-")]
    assert set(folds) == set(train["document"])
    sizes = pd.Series(folds).value_counts()
    assert set(sizes.index) == {0, 1, 2, 3}
    assert sizes.min() > 0.18 * len(train)
    assert (train.groupby("cluster")["document"].agg(lambda names: names.map(folds).nunique()) == 1).all()
    more = pd.concat([table, documents(2400, 500).iloc[4000:]])
    assert folds.items() <= folds_of(more, params).items()
    assert folds_of(table, EncodeParams(folds=0)) == {}


def test_a_checkpoint_is_for_the_same_sentences_and_parameters_alone(tmp_path):
    table, params = documents(4, 2), read_params(ROOT / "params.yaml")
    opinions = [np.full((1, 4), 0.25, np.float32)]

    def place(table, settings=params.encode, opinions=()):
        return checkpoint_of(table, params.labels, settings, tmp_path, opinions)

    same = place(table)
    assert place(table.copy(), params.encode.model_copy(update={"runs": 3})) == same
    assert place(table.assign(text="B.")) != same
    assert place(table.iloc[:-1]) != same
    assert place(table, params.encode.model_copy(update={"seed": 7})) != same
    assert len({same, place(table, opinions=opinions), place(table, opinions=[opinions[0] * 2])}) == 3


def test_what_is_learnt_is_the_label_smoothed_and_the_opinion_of_the_teacher():
    opinions = np.array([[0.5, 0.5], [0.25, 0.75], [0.9, 0.1]], np.float32)
    unknown = Labelled.UNKNOWN
    asked = Labelled([[1]] * 3, [True] * 3, [], [0, 1, unknown], opinions)
    assert asked.targets(2, 0.1, 0.6) == pytest.approx(np.array([[0.68, 0.32], [0.17, 0.83], [0.9, 0.1]]))
    alone = np.array([[0.95, 0.05], [0.05, 0.95], [0, 0]])
    assert asked.targets(2, 0.1, 0.0) == pytest.approx(alone)
    assert replace(asked, opinions=None).targets(2, 0.1, 0.6) == pytest.approx(alone)


def test_opinions_go_with_the_sentences_that_the_teacher_read(tmp_path):
    table = documents(4, 2)
    opinions = kept({"blind-0001": np.log(np.full((1, 2), 0.5, np.float32))}, table)
    tokenizer = Tokenizer(WordLevel({"[UNK]": 0}, "[UNK]"))
    params = EncodeParams()
    found = labelled(table, ["a", "b"], params, tokenizer, [], opinions)
    assert found["blind-0001"].opinions == pytest.approx(np.array([[0.5, 0.5]]))
    assert found["blind-0002"].opinions is None
    changed = labelled(table.assign(text="B."), ["a", "b"], params, tokenizer, [], opinions)
    assert changed["blind-0001"].opinions is None


def test_a_base_that_is_not_there_is_told(monkeypatch):
    from pipeline.base_encoder import PACKAGED, locate

    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(InputError, match="the base encoder all-MiniLM-L6-v2 is missing: run `make encoder`"):
        locate(PACKAGED)


def test_a_base_that_comes_in_parts_is_put_together(tmp_path, monkeypatch):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in (*base_encoder._EXPECTED[base_encoder.TEACHER], *base_encoder._UNPACKED):
            archive.writestr(f"{base_encoder.TEACHER}/{name}", name * 50)
    content = packed.getvalue()
    step = -(-len(content) // 5)
    for number in range(5):
        (tmp_path / f"m.zip.00{number + 1}").write_bytes(content[number * step : (number + 1) * step])
    monkeypatch.setattr("pipeline.base_encoder.checkout", lambda: Paths(tmp_path))
    monkeypatch.setattr("importlib.metadata.files", lambda part: [PackagePath(tmp_path / f"m.zip.{part[-3:]}")])
    folder = tmp_path / ".cache" / "base" / base_encoder.TEACHER
    with pytest.raises(InputError, match=r"model.safetensors: is not the file that was published"):
        base_encoder.locate(base_encoder.TEACHER)
    hashes = {name: sha256_of(folder / name) for name in base_encoder._EXPECTED[base_encoder.TEACHER]}
    monkeypatch.setitem(base_encoder._EXPECTED, base_encoder.TEACHER, hashes)
    assert base_encoder.locate(base_encoder.TEACHER) == str(folder)
    assert (folder / "config.json").read_text() == "config.json" * 50


class PackagePath(type(Path())):
    """A file of an installed package."""

    def locate(self):
        return self


@pytest.mark.slow
def test_any_other_encoder_can_be_fine_tuned_and_training_goes_on_where_it_stopped(tmp_path):
    pytest.importorskip("torch", reason="fine-tuning needs the extra `train`")
    copy = Project(tmp_path / "project")
    tiny = tmp_path / "tiny"
    copy.run("python", "-c", TINY, str(tiny))
    parameters = copy.root / "params.yaml"
    text = parameters.read_text().replace("window: 320", "window: 64").replace("data/unlabelled ", "data/more ")
    for base in ("all-MiniLM-L6-v2", "all-mpnet-base-v2"):
        text = text.replace(f"base: {base}", f"base: {tiny}")
    parameters.write_text(text)
    keep = ("business.jsonl", "sport.jsonl")
    for path in (copy.root / "data" / "corpus").glob("*.jsonl"):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text("".join(lines[:40]) if path.name in keep else "", encoding="utf-8")
    kept_lines = [(copy.root / "data" / "corpus" / name).read_text(encoding="utf-8").splitlines() for name in keep]
    ids = [json.loads(line)["id"] for lines in kept_lines for line in lines]
    test_ids = copy.root / "data" / "test_ids.txt"
    test_ids.write_text("".join(f"{name}\n" for name in test_ids.read_text().split() if name in ids))
    groups = copy.root / "data" / "groups.csv"
    groups.write_text(
        "".join(line for line in groups.read_text().splitlines(keepends=True) if line.split(",")[0] in {"id", *ids})
    )
    (copy.root / "data" / "more").mkdir()
    (copy.root / "data" / "more" / "a.jsonl").write_text(json.dumps(UNREAD) + "\n")
    copy.run("dvc", "repro", "split")
    copy.run("python", "-m", "pipeline.stages.teach")
    opinions = OutOfFold.read(copy.root / "models" / "teacher", 4)
    assert opinions.scores["plain-1"].shape == (3, 4)
    copy.run("python", "-m", "pipeline.stages.encode")
    first = {name: (copy.root / "models" / "encoder" / name).read_bytes() for name in CONTENT}
    card = read_card(copy.root / "models" / "encoder")
    assert card.width == 32
    assert set(opinions.scores) == {*card.trained_on, *card.unlabelled}
    assert card.unlabelled == ("plain-1",)
    assert set(card.out_of_fold) == {name for name in card.trained_on if name.startswith("blind-")}
    assert set(Encoder(copy.root / "models" / "encoder").out_of_fold.scores) == set(card.out_of_fold)
    checkpoints = copy.root / ".cache" / "encode"
    assert not list(checkpoints.iterdir())
    parameters.write_text(text.replace("epochs: 3", "epochs: 2"))
    copy.run("python", "-c", STOPPED, check=False)
    assert len(list(checkpoints.iterdir())) == 1
    copy.run("python", "-m", "pipeline.stages.encode")
    again = {name: (copy.root / "models" / "encoder" / name).read_bytes() for name in CONTENT}
    assert again != first
    copy.run("python", "-m", "pipeline.stages.encode")
    assert {name: (copy.root / "models" / "encoder" / name).read_bytes() for name in CONTENT} == again
    told = Encoder(copy.root / "models" / "encoder")([page(TEXT)])[0]
    assert told.log_probabilities.shape == (5, 4)


STOPPED = """
from pathlib import Path
import pipeline.encoder_training as training

save = training._save

def save_and_stop(checkpoint, state):
    save(checkpoint, state)
    raise KeyboardInterrupt

training._save = save_and_stop
from pipeline.paths import Paths
from pipeline.stages.encode import main

main(Paths(Path.cwd()))
"""
TINY = """
import sys
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

letters = "abcdefghijklmnopqrstuvwxyz0123456789.,;:!?'-"
pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *letters, *("##" + letter for letter in letters)]
tokenizer = Tokenizer(models.WordPiece({piece: i for i, piece in enumerate(pieces)}, unk_token="[UNK]"))
tokenizer.normalizer = normalizers.BertNormalizer()
tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]").save_pretrained(sys.argv[1])
shape = dict(hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64, max_position_embeddings=512)
BertModel(BertConfig(vocab_size=len(pieces), **shape)).save_pretrained(sys.argv[1])
"""
