"""Fine-tuning an encoder on labelled documents, with torch (the extra `train`)."""

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from pipeline.params import EncodeParams
from pipeline.progress import track
from pipeline.windows import Window, WindowShape, windows

_ROUND = 32  # word pieces: lengths are padded to multiples, as every new shape costs a set-up
_CHUNK = 20  # batches among which windows are sorted by length
_WARM_UP = 0.06  # share of the steps in which the learning rate rises
_HEAD_FASTER = 3.0  # the head learns at a multiple of the rate, as it starts from nothing


@dataclass(frozen=True, slots=True)
class Labelled:
    """A document to learn from: the word pieces of its sentences, where lines begin, its headline, and label numbers."""

    UNKNOWN: ClassVar[int] = -100  # the label number of a sentence without label

    pieces: Sequence[Sequence[int]]
    starts_line: Sequence[bool]
    headline: Sequence[int]
    labels: Sequence[int]


class SentenceEncoder(nn.Module):
    """An encoder whose sentences are pooled over their own word pieces, and a head that labels them.

    The body is never in training mode: without its dropout a step takes half the time on a CPU.
    """

    def __init__(self, body: nn.Module, labels: int, params: EncodeParams) -> None:
        super().__init__()
        torch.manual_seed(params.seed)
        self.body = body
        self.width = width = int(body.config.hidden_size)
        self.dropout = nn.Dropout(params.dropout)
        self.mix = nn.Linear(width, width)
        self.label = nn.Linear(width, labels)

    def train(self, mode: bool = True) -> Self:
        """Switch the head to training, or back."""
        super().train(mode)
        self.body.eval()
        return self

    def forward(self, ids: Tensor, mask: Tensor, pool: Tensor) -> Tensor:
        """Return label scores, shape (windows, sentences, labels); `pool` averages word pieces to sentences."""
        hidden = self.body(input_ids=ids, attention_mask=mask).last_hidden_state
        pooled = torch.bmm(pool.to(hidden.dtype), hidden)
        found: Tensor = self.label(self.dropout(torch.tanh(self.mix(self.dropout(pooled)))))
        return found


def device() -> torch.device:
    """Return the GPU where there is one, else the CPU."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def train_averaged(
    model: SentenceEncoder,
    documents: Sequence[Labelled],
    shape: WindowShape,
    params: EncodeParams,
    checkpoint: Path,
) -> None:
    """Fine-tune `model` in place on `documents` as often as `params.runs` says, from one start, and average the weights.

    Runs that start alike and meet the documents in other orders end near enough for it (Wortsman et al. 2022, "Model soups").
    """
    if not params.runs:
        return
    start = {name: value.clone() for name, value in model.state_dict().items()}
    total: dict[str, Tensor] = {}
    for run in range(params.runs):
        model.load_state_dict(start)
        if run:
            torch.manual_seed(params.seed + run)
        seeded = params.model_copy(update={"seed": params.seed + run})
        train(model, documents, shape, seeded, checkpoint.with_stem(f"{checkpoint.stem}-{run}"))
        for name, value in model.cpu().state_dict().items():
            total[name] = total.get(name, 0) + value.double() / params.runs
    model.load_state_dict({name: value.to(start[name].dtype) for name, value in total.items()})


def train(
    model: SentenceEncoder,
    documents: Sequence[Labelled],
    shape: WindowShape,
    params: EncodeParams,
    checkpoint: Path,
) -> None:
    """Fine-tune `model` in place on `documents`; after each epoch the state goes to `checkpoint`, and from there it goes on."""
    where = device()
    model.to(where).train()
    draw = random.Random(params.seed)
    weights = _class_weights(documents, model.label.out_features, params).to(where)
    epochs = [_batches(documents, shape, params, draw) for _ in range(params.epochs)]
    total = sum(map(len, epochs))
    optimizer = torch.optim.AdamW(_groups(model, params))
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _rate(step, total))
    done = _resume(checkpoint, model, optimizer, schedule)
    for number, epoch in enumerate(epochs[done:], done + 1):
        for batch in track(epoch, f"fine-tuning, epoch {number} of {params.epochs}", len(epoch)):
            ids, mask, pool, labels = (part.to(where) for part in _tensors(batch))
            with torch.autocast(where.type, torch.bfloat16):
                found = model(ids, mask, pool)
            loss = functional.cross_entropy(
                found.float().flatten(0, 1),
                labels.flatten(),
                weights,
                ignore_index=Labelled.UNKNOWN,
                label_smoothing=params.smoothing,
            )
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
        state = {"epochs": number, "model": model.state_dict(), "optimizer": optimizer.state_dict()}
        _save(checkpoint, {**state, "schedule": schedule.state_dict(), "random": torch.get_rng_state()})
    model.eval()


def log_probabilities(model: SentenceEncoder, document: Labelled, shape: WindowShape) -> NDArray[np.float32]:
    """Return the log-probabilities of the labels of each sentence of a document, shape (sentences, labels)."""
    where = device()
    model.to(where).eval()
    found = [torch.zeros((0, model.label.out_features))]
    with torch.inference_mode():
        for window in windows(document.pieces, document.starts_line, document.headline, shape):
            ids, mask, pool, _ = (part.to(where) for part in _tensors([(window, [0] * len(window.places))]))
            found.append(model(ids, mask, pool)[0, : len(window.places)].log_softmax(-1).float().cpu())
    scores: NDArray[np.float32] = torch.cat(found).numpy()
    return scores


def head_of(model: SentenceEncoder) -> dict[str, NDArray[np.float32]]:
    """Return the weights of the head, by the names that `pipeline.encoder` knows."""
    parts = {"head.mix": model.mix, "head.label": model.label}
    return {
        f"{name}.{kind}": getattr(part, kind).detach().cpu().numpy()
        for name, part in parts.items()
        for kind in ("weight", "bias")
    }


def _class_weights(documents: Sequence[Labelled], labels: int, params: EncodeParams) -> Tensor:
    """Return a weight for each label: its rarity to the power of `params.class_weight`, one on average over sentences."""
    numbers = [label for document in documents for label in document.labels if label != Labelled.UNKNOWN]
    shares = np.bincount(numbers, minlength=labels) / len(numbers)
    weights = (1 / np.maximum(shares, 1e-6)) ** params.class_weight
    return torch.tensor(weights / (weights * shares).sum(), dtype=torch.float32)


_Batch = list[tuple[Window, list[int]]]


def _batches(documents: Sequence[Labelled], shape: WindowShape, params: EncodeParams, draw: random.Random) -> list[_Batch]:
    """Return the windows of all documents in batches of like length, in random order, cut elsewhere each time."""
    found: _Batch = []
    for document in documents:
        cut = windows(
            document.pieces,
            document.starts_line,
            document.headline,
            shape,
            lambda size: int(size * draw.uniform(0.3, 1)),
        )
        found += [(w, list(document.labels[w.first : w.first + len(w.places)])) for w in cut]
    draw.shuffle(found)
    batches: list[_Batch] = []
    for i in range(0, len(found), params.batch * _CHUNK):
        chunk = sorted(found[i : i + params.batch * _CHUNK], key=lambda item: len(item[0].ids))
        parts = [chunk[k : k + params.batch] for k in range(0, len(chunk), params.batch)]
        draw.shuffle(parts)
        batches += parts
    return batches


def _tensors(batch: _Batch) -> Iterator[Tensor]:
    """Yield the word pieces of a batch, their mask, the matrix that averages them to sentences, and label numbers."""
    length = math.ceil(max(len(window.ids) for window, _ in batch) / _ROUND) * _ROUND
    sentences = max(len(window.places) for window, _ in batch)
    ids = torch.zeros((len(batch), length), dtype=torch.long)
    mask = torch.zeros((len(batch), length))
    pool = torch.zeros((len(batch), sentences, length))
    labels = torch.full((len(batch), sentences), Labelled.UNKNOWN)
    for i, (window, numbers) in enumerate(batch):
        ids[i, : len(window.ids)] = torch.tensor(window.ids)
        mask[i, : len(window.ids)] = 1
        for k, place in enumerate(window.places):
            pool[i, k, place.start : place.stop] = 1 / len(place)
        labels[i, : len(numbers)] = torch.tensor(numbers)
    yield from (ids, mask, pool, labels)


def _groups(model: SentenceEncoder, params: EncodeParams) -> list[dict[str, Any]]:
    """Return the parameters with their learning rates: the lower a layer, the slower (Howard and Ruder 2018, "ULMFiT")."""
    layers = 1 + max((_layer(name) for name, _ in model.named_parameters()), default=0)
    return [
        {
            "params": [weight],
            "lr": params.learning_rate
            * (params.layer_decay ** (layers - 1 - _layer(name)) if name.startswith("body.") else _HEAD_FASTER),
            "weight_decay": 0.01 if weight.ndim > 1 else 0.0,
        }
        for name, weight in model.named_parameters()
    ]


def _layer(name: str) -> int:
    """Return the number of the layer that a weight belongs to, from one; zero for embeddings."""
    parts = name.split(".")
    return next((int(part) + 1 for part in parts if part.isdigit()), 0)


def _rate(step: int, total: int) -> float:
    warm = max(1, int(_WARM_UP * total))
    return (step + 1) / warm if step < warm else max(0.0, (total - step) / max(1, total - warm))


def _resume(checkpoint: Path, model: SentenceEncoder, optimizer: torch.optim.Optimizer, schedule: Any) -> int:  # noqa: ANN401
    if not checkpoint.is_file():
        return 0
    state = torch.load(checkpoint, weights_only=True, map_location=device())
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    schedule.load_state_dict(state["schedule"])
    torch.set_rng_state(state["random"].cpu())
    return int(state["epochs"])


def _save(checkpoint: Path, state: dict[str, Any]) -> None:
    checkpoint.parent.mkdir(parents=True, exist_ok=True)
    temporary = checkpoint.with_suffix(".tmp")
    torch.save(state, temporary)
    temporary.replace(checkpoint)
