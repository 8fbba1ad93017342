import io
import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from random import Random

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
from pipeline.encoder_files import CONTENT, WIDEST, Rounded, Steps, read_card, read_weights, sha256_of
from pipeline.encoder_learner import Labelled, Learner, checkpoint_of, kept, labelled
from pipeline.encoder_session import open_graph
from pipeline.errors import InputError
from pipeline.out_of_fold import OutOfFold
from pipeline.params import EncodeParams, read_params
from pipeline.paths import Paths
from pipeline.stages.encode import folds_of
from pipeline.tables import TEST, TRAIN, read_sentences
from pipeline.windows import WindowShape


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
    part = folds_of(table, EncodeParams(folds=1, held_out_from="blind-", held_out_share=0.25))
    assert part == {name: 0 for name, fold in folds.items() if fold == 0}


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


def test_excerpts_stand_under_the_headline_with_what_is_to_be_learnt_of_them():
    pytest.importorskip("torch", reason="fine-tuning needs the extra `train`")
    from pipeline.encoder_batches import batches_of

    learnt = [
        (Labelled([[100 + i] for i in range(40)], [True] * 40, [7, 8], list(range(40))), np.eye(40, dtype=np.float32))
    ] * 50
    shape = WindowShape(
        size=320, before=1, after=1, longest_sentence=9, longest_headline=9, begin=1, end=2, paragraph=None
    )  # fmt: skip
    shares = [EncodeParams(excerpts=share) for share in (0, 1)]
    plain, more = ([w for batch in batches_of(learnt, shape, params, Random(0)) for w in batch] for params in shares)
    short = [(window, rows) for window, rows in more if len(window.places) <= 5]
    assert len(more) - len(plain) == len(short) == 50
    for window, rows in short:
        numbers = [window.ids[place.start] - 100 for place in window.places]
        assert numbers == rows.argmax(axis=1).tolist()
        assert window.ids[:4] == ((1, 7, 8, 2) if numbers[0] else (1, 100, 2, *window.ids[3:4]))
    assert len({window.ids for window, _ in short}) > 25


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
    from pipeline.base_encoder import SMALL, locate

    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(InputError, match="the base encoder all-MiniLM-L6-v2 is missing: run `make encoder`"):
        locate(SMALL)


def test_a_base_that_comes_in_parts_is_put_together(tmp_path, monkeypatch):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in (*base_encoder._EXPECTED[base_encoder.LARGE], *base_encoder._UNPACKED):
            archive.writestr(f"{base_encoder.LARGE}/{name}", name * 50)
    content = packed.getvalue()
    step = -(-len(content) // 5)
    for number in range(5):
        (tmp_path / f"m.zip.00{number + 1}").write_bytes(content[number * step : (number + 1) * step])
    monkeypatch.setattr("pipeline.base_encoder.checkout", lambda: Paths(tmp_path))
    monkeypatch.setattr("importlib.metadata.files", lambda part: [PackagePath(tmp_path / f"m.zip.{part[-3:]}")])
    folder = tmp_path / ".cache" / "base" / base_encoder.LARGE
    with pytest.raises(InputError, match=r"model.safetensors: is not the file that was published"):
        base_encoder.locate(base_encoder.LARGE)
    hashes = {name: sha256_of(folder / name) for name in base_encoder._EXPECTED[base_encoder.LARGE]}
    monkeypatch.setitem(base_encoder._EXPECTED, base_encoder.LARGE, hashes)
    assert base_encoder.locate(base_encoder.LARGE) == str(folder)
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
    text = re.sub("ancestor: [0-9a-f]+", "ancestor: null", text.replace("layers: 6 ", "layers: 2 "))
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
    folder = copy.root / "models" / "encoder"
    first, first_weights = {name: (folder / name).read_bytes() for name in CONTENT}, weights_in(folder)
    copy.commit("an encoder")
    ancestor = copy.run("git", "rev-parse", "HEAD").stdout.strip()
    card = read_card(folder)
    assert card.width == 64
    assert {tensor.axis for tensor in card.tensors.values()} == {0, 1, None}
    assert set(opinions.scores) == {*card.trained_on, *card.unlabelled}
    assert card.unlabelled == ("plain-1",)
    table = read_sentences(copy.root / "data" / "sentences" / "sentences.parquet")
    assert set(card.out_of_fold) == set(folds_of(table, card.params)) < set(card.trained_on)
    assert set(Encoder(copy.root / "models" / "encoder").out_of_fold.scores) == set(card.out_of_fold)
    checkpoints = copy.root / ".cache" / "encode"
    assert not list(checkpoints.iterdir())
    parameters.write_text(text.replace("epochs: 5", "epochs: 2"))
    copy.run("python", "-c", STOPPED, check=False)
    assert len(list(checkpoints.iterdir())) == 1
    copy.run("python", "-m", "pipeline.stages.encode")
    again, again_weights = {name: (folder / name).read_bytes() for name in CONTENT}, weights_in(folder)
    assert again != first
    copy.run("python", "-m", "pipeline.stages.encode")
    assert {name: (copy.root / "models" / "encoder" / name).read_bytes() for name in CONTENT} == again
    told = Encoder(copy.root / "models" / "encoder")([page(TEXT)])[0]
    assert told.log_probabilities.shape == (5, 4)
    parameters.write_text(parameters.read_text().replace("ancestor: null", f"ancestor: {ancestor}"))
    copy.run("python", "-m", "pipeline.stages.encode")
    for name, value in weights_in(folder).items():
        mean = again_weights[name] if "word_embeddings" in name else (first_weights[name] + again_weights[name]) / 2
        assert np.abs(value - mean).max() <= np.abs(first_weights[name] - again_weights[name]).max() / 2 + 1e-6, name
    assert read_card(folder).params.ancestor == ancestor


def weights_in(folder: Path) -> dict[str, np.ndarray]:
    weights = read_weights((folder / "weights.bin").read_bytes(), read_card(folder).tensors)
    return {name: one.value if isinstance(one, Rounded) else one for name, one in weights.items()}


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::FutureWarning")  # torch's exporter warns of itself
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_what_an_encoder_computes_with_in_training_is_what_is_kept_of_it(tmp_path):
    torch = pytest.importorskip("torch", reason="fine-tuning needs the extra `train`")
    from pipeline.base_encoder import load_base
    from pipeline.encoder_export import export_graph
    from pipeline.encoder_rounding import whole_weights
    from pipeline.encoder_training import SentenceEncoder, head_of
    from pipeline.vocabulary import characters_of, trimmed

    Project(tmp_path / "project").run("python", "-c", TINY, str(tmp_path / "tiny"))
    with pytest.raises(InputError, match=r"encode\.layers must be at most 3, which .*tiny has\. Got 4"):
        load_base(str(tmp_path / "tiny"), 4)
    base = load_base(str(tmp_path / "tiny"), 2)
    read = base.tokenizer.encode("no evidence")
    base = trimmed(base, characters_of(["no evid\u00e9nce"], base.tokenizer))
    assert {"[unused1]", "[UNK]", "z"} <= set(vocabulary := base.tokenizer.get_vocab())
    assert not {"[unused2]", "\u0439"} & set(vocabulary)
    assert base.tokenizer.encode("no evidence").tokens == read.tokens
    assert base.tokenizer.encode("no evidence").ids == [i - (1 if i < 6 else 2) if i > 1 else i for i in read.ids]
    assert base.body.get_input_embeddings().num_embeddings == len(vocabulary)
    model = SentenceEncoder(base.body, 4, EncodeParams(frozen_layers=1), Steps(0.5, 1.0))
    ids = torch.tensor([[3, *range(5, 40), 4]])
    learning = [weight for weight in model.parameters() if weight.requires_grad]
    optimizer = torch.optim.SGD(learning, lr=0.5)
    pool = torch.full((1, 1, ids.shape[1]), 1 / ids.shape[1])
    model.eval()
    before = [weight.detach().clone() for weight in learning]
    model(ids, torch.ones_like(ids), pool)[0, 0, 0].backward()
    optimizer.step()
    assert len(learning) < len(list(model.parameters()))
    assert all(not torch.equal(old, new) for old, new in zip(before, learning, strict=True) if new.ndim == 2)
    with torch.no_grad():
        learnt = model(ids, torch.ones_like(ids), pool)
        hidden = model.body(input_ids=ids, attention_mask=torch.ones_like(ids)).last_hidden_state.numpy()
        whole = whole_weights(model)
        assert torch.allclose(model(ids, torch.ones_like(ids), pool), learnt, atol=1e-4)
    assert max(np.abs(one.whole.astype(int)).max() for one in whole.values()) <= WIDEST
    weights = {**export_graph(model.body, tmp_path / "graph.onnx", whole.values()), **head_of(model, whole)}
    kept_whole = {name for name, weight in weights.items() if isinstance(weight, Rounded)}
    assert len(kept_whole) == len(whole)
    session = open_graph((tmp_path / "graph.onnx").read_bytes(), weights)
    (found,) = session.run(None, {"ids": ids.numpy()})
    assert np.abs(found - hidden).max() < 0.05 * np.abs(hidden).max()


@pytest.mark.slow
def test_trainings_side_by_side_leave_what_one_after_the_other_would(tmp_path):
    pytest.importorskip("torch", reason="fine-tuning needs the extra `train`")
    from pipeline.base_encoder import load_base, shape_for
    from pipeline.side_by_side import train_ahead

    Project(tmp_path / "project").run("python", "-c", TINY, str(tmp_path / "tiny"))
    base, table = load_base(str(tmp_path / "tiny"), 1), documents(20, 5)
    table["label"] = ["a", "b"] * 20
    params = EncodeParams(epochs=2, window=16, before=0, longest_sentence=8, longest_headline=0)
    known = labelled(table, ["a", "b"], params, base.tokenizer, [])
    shape = shape_for(base.tokenizer, 512, params)
    learners = [
        Learner(["a", "b"], params, base, shape, known, tmp_path / name, runs, steps=Steps(0.5, 1.0))
        for name in ("ahead", "after")
        for runs in (1, 2)
    ]
    parts = [table, table.iloc[:30]]
    train_ahead([(learner, part) for learner in learners[:2] for part in parts], at_once=2)
    states = {path: path.stat().st_mtime_ns for path in (tmp_path / "ahead").iterdir()}
    assert len(states) == 6
    for ahead, after in zip(learners[:2], learners[2:], strict=True):
        for part in parts:
            weights = [model.state_dict() for model in (ahead.fit(part), after.fit(part))]
            assert all(bool((weights[0][name] == value).all()) for name, value in weights[1].items())
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "ahead").iterdir()} == states


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
TINY = r"""
import sys
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

letters = "abcdefghijklmnopqrstuvwxyz0123456789.,;:!?'-"
marks = ["[PAD]", "[unused1]", "[unused2]", "[UNK]", "[CLS]", "[SEP]", "\u0439"]
pieces = [*marks, *letters, *("##" + letter for letter in letters)]
tokenizer = Tokenizer(models.WordPiece({piece: i for i, piece in enumerate(pieces)}, unk_token="[UNK]"))
tokenizer.normalizer = normalizers.BertNormalizer()
tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
tokenizer.post_processor = processors.BertProcessing(("[SEP]", 5), ("[CLS]", 4))
PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]").save_pretrained(sys.argv[1])
shape = dict(hidden_size=64, num_hidden_layers=3, num_attention_heads=2, intermediate_size=128, max_position_embeddings=512)
BertModel(BertConfig(vocab_size=len(pieces), **shape)).save_pretrained(sys.argv[1])
"""
