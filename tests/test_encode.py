import json

import pandas as pd
import pytest
from conftest import ROOT, Project
from test_encoder import TEXT, page

from pipeline.encoder import Encoder
from pipeline.encoder_files import CONTENT, read_card
from pipeline.errors import InputError
from pipeline.params import EncodeParams, read_params
from pipeline.stages.encode import checkpoint_of, folds_of
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
    same = checkpoint_of(table, params, tmp_path)
    assert checkpoint_of(table.copy(), params, tmp_path) == same
    assert checkpoint_of(table.assign(text="B."), params, tmp_path) != same
    assert checkpoint_of(table.iloc[:-1], params, tmp_path) != same
    other = params.model_copy(update={"encode": params.encode.model_copy(update={"seed": 7})})
    assert checkpoint_of(table, other, tmp_path) != same


def test_a_base_that_is_not_there_is_told(monkeypatch):
    from pipeline.base_encoder import PACKAGED, locate

    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(InputError, match="the base encoder all-MiniLM-L6-v2 is missing: run `make encoder`"):
        locate(PACKAGED)


@pytest.mark.slow
def test_any_other_encoder_can_be_fine_tuned_and_training_goes_on_where_it_stopped(tmp_path):
    pytest.importorskip("torch", reason="fine-tuning needs the extra `train`")
    copy = Project(tmp_path / "project")
    tiny = tmp_path / "tiny"
    copy.run("python", "-c", TINY, str(tiny))
    parameters = copy.root / "params.yaml"
    text = parameters.read_text().replace("base: all-MiniLM-L6-v2", f"base: {tiny}").replace("window: 320", "window: 64")
    parameters.write_text(text)
    keep = ("business.jsonl", "sport.jsonl")
    for path in (copy.root / "data" / "corpus").glob("*.jsonl"):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text("".join(lines[:40]) if path.name in keep else "", encoding="utf-8")
    ids = [json.loads(line)["id"] for name in keep for line in (copy.root / "data" / "corpus" / name).open(encoding="utf-8")]
    test_ids = copy.root / "data" / "test_ids.txt"
    test_ids.write_text("".join(f"{name}\n" for name in test_ids.read_text().split() if name in ids))
    groups = copy.root / "data" / "groups.csv"
    groups.write_text("".join(line for line in groups.open() if line.split(",")[0] in {"id", *ids}))
    copy.run("dvc", "repro", "split")
    copy.run("python", "-m", "pipeline.stages.encode")
    first = {name: (copy.root / "models" / "encoder" / name).read_bytes() for name in CONTENT}
    card = read_card(copy.root / "models" / "encoder")
    assert card.width == 32
    assert set(card.out_of_fold) == {name for name in card.trained_on if name.startswith("blind-")}
    assert set(Encoder(copy.root / "models" / "encoder").out_of_fold.scores) == set(card.out_of_fold)
    checkpoints = copy.root / ".cache" / "encode"
    assert not list(checkpoints.iterdir())
    parameters.write_text(text.replace("epochs: 4", "epochs: 2"))
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
