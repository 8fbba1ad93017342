"""Fine-tuning an encoder on labelled documents, with torch (the extra `train`)."""

import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from pipeline.encoder_batches import batches_of, tensors_of
from pipeline.encoder_files import Rounded, Steps
from pipeline.encoder_learner import Labelled
from pipeline.encoder_rounding import round_weights
from pipeline.params import FineTuneParams
from pipeline.progress import track
from pipeline.windows import WindowShape, windows

_WARM_UP = 0.06  # share of the steps in which the learning rate rises
_HEAD_FASTER = 3.0  # the head learns at a multiple of the rate, as it starts from nothing


class SentenceEncoder(nn.Module):
    """An encoder whose sentences are pooled over their own word pieces, and a head that labels them.

    The body is never in training mode: without its dropout a step takes half the time on a CPU.
    """

    def __init__(self, body: nn.Module, labels: int, params: FineTuneParams, steps: Steps | None = None) -> None:
        super().__init__()
        torch.manual_seed(params.seed)
        self.body = body
        self.width = width = int(body.config.hidden_size)
        self.dropout = nn.Dropout(params.dropout)
        self.mix = nn.Linear(width, width)
        self.label = nn.Linear(width, labels)
        for name, weight in self.named_parameters():
            weight.requires_grad_(not (name.startswith("body.") and _layer(name) <= params.frozen_layers > 0))
        self.steps = {} if steps is None else round_weights(self, steps)

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


def _halved(where: torch.device) -> torch.autocast:
    """Compute in 16 bits where `where` does so fast: a CPU without AVX-512 takes many times as long over them."""
    fast = where.type == "cuda" or torch.backends.cpu.get_cpu_capability().startswith("AVX512")
    return torch.autocast(where.type, torch.bfloat16, enabled=fast)


def train_averaged(
    model: SentenceEncoder,
    documents: Sequence[Labelled],
    shape: WindowShape,
    params: FineTuneParams,
    checkpoint: Path,
    *,
    runs: int,
    teacher_share: float,
) -> None:
    """Fine-tune `model` in place on `documents` as often as `runs` says, from one start, and average the weights.

    Runs that start alike and meet the documents in other orders end near enough for it (Wortsman et al. 2022, "Model soups").
    """
    if not runs:
        return
    start = {name: value.clone() for name, value in model.state_dict().items()}
    total: dict[str, Tensor] = {}
    for run in range(runs):
        model.load_state_dict(start)
        train_run(model, documents, shape, params, checkpoint, run=run, runs=runs, teacher_share=teacher_share)
        for name, value in model.cpu().state_dict().items():
            total[name] = total.get(name, 0) + value.double() / runs
    model.load_state_dict({name: value.to(start[name].dtype) for name, value in total.items()})


def train_run(
    model: SentenceEncoder,
    documents: Sequence[Labelled],
    shape: WindowShape,
    params: FineTuneParams,
    checkpoint: Path,
    *,
    run: int,
    runs: int,
    teacher_share: float,
) -> None:
    """Fine-tune `model`, which has learnt nothing yet, in place, as in one of the `runs` that are averaged, from zero on."""
    if run:
        torch.manual_seed(params.seed + run)
    seeded = params.model_copy(update={"seed": params.seed + run})
    place = checkpoint if runs < 2 else checkpoint.with_stem(f"{checkpoint.stem}-{run}")
    train(model, documents, shape, seeded, place, teacher_share)


def train(
    model: SentenceEncoder,
    documents: Sequence[Labelled],
    shape: WindowShape,
    params: FineTuneParams,
    checkpoint: Path,
    teacher_share: float = 0.0,
) -> None:
    """Fine-tune `model` in place on `documents`; after each epoch the state goes to `checkpoint`, and from there it goes on."""
    where = device()
    model.to(where).train()
    draw = random.Random(params.seed)
    labels = model.label.out_features
    weights = _class_weights(documents, labels, params).to(where)
    learnt = [(document, document.targets(labels, params.smoothing, teacher_share)) for document in documents]
    epochs = [batches_of(learnt, shape, params, draw) for _ in range(params.epochs)]
    total = sum(map(len, epochs))
    optimizer = torch.optim.AdamW(_groups(model, params), fused=where.type == "cuda")
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _rate(step, total))
    done = _resume(checkpoint, model, optimizer, schedule)
    for number, epoch in enumerate(epochs[done:], done + 1):
        for batch in track(epoch, f"fine-tuning, epoch {number} of {params.epochs}", len(epoch)):
            ids, mask, pool, targets = (part.to(where) for part in tensors_of(batch))
            with _halved(where):
                found = model(ids, mask, pool)
            loss = _loss(found.float(), targets, weights)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
        state = {"epochs": number, "model": model.state_dict(), "optimizer": optimizer.state_dict()}
        _save(checkpoint, {**state, "schedule": schedule.state_dict(), "random": torch.get_rng_state()})
    model.eval()


def log_probabilities(
    model: SentenceEncoder, documents: Mapping[str, Labelled], shape: WindowShape, batch: int
) -> dict[str, NDArray[np.float32]]:
    """Return the log-probabilities of the labels of each sentence of each document, shape (sentences, labels)."""
    where = device()
    model.to(where).eval()
    labels = model.label.out_features
    found = {name: np.zeros((len(one.pieces), labels), np.float32) for name, one in documents.items()}
    cut = [
        (name, window)
        for name, one in documents.items()
        for window in windows(one.pieces, one.starts_line, one.headline, shape)
    ]
    cut.sort(key=lambda item: len(item[1].ids))
    batches = [cut[i : i + batch] for i in range(0, len(cut), batch)]
    with torch.inference_mode():
        for part in track(batches, "reading", len(batches)):
            blank = [(window, np.zeros((len(window.places), labels), np.float32)) for _, window in part]
            ids, mask, pool, _ = (tensor.to(where) for tensor in tensors_of(blank))
            with _halved(where):
                scores = model(ids, mask, pool)
            for (name, window), said in zip(part, scores.float().log_softmax(-1).cpu().numpy(), strict=True):
                found[name][window.first : window.first + len(window.places)] = said[: len(window.places)]
    return found


def head_of(model: SentenceEncoder, rounded: Mapping[str, Rounded]) -> dict[str, NDArray[np.float32] | Rounded]:
    """Return the weights of the head, those that are `rounded` so, by the names that `pipeline.encoder` knows."""
    names = [f"{part}.{kind}" for part in ("mix", "label") for kind in ("weight", "bias")]
    return {f"head.{name}": rounded.get(name, model.get_parameter(name).detach().cpu().numpy()) for name in names}


def _loss(found: Tensor, targets: Tensor, weights: Tensor) -> Tensor:
    """Return the cross-entropy of `found` and `targets`, both of shape (windows, sentences, labels), weighed by label."""
    weighed = targets * weights
    return -(weighed * functional.log_softmax(found, dim=-1)).sum() / weighed.sum().clamp_min(1e-9)


def _class_weights(documents: Sequence[Labelled], labels: int, params: FineTuneParams) -> Tensor:
    """Return a weight for each label: its rarity to the power of `params.class_weight`, one on average over sentences."""
    numbers = [label for document in documents for label in document.labels if label != Labelled.UNKNOWN]
    shares = np.bincount(numbers, minlength=labels) / len(numbers)
    weights = (1 / np.maximum(shares, 1e-6)) ** params.class_weight
    return torch.tensor(weights / (weights * shares).sum(), dtype=torch.float32)


def _groups(model: SentenceEncoder, params: FineTuneParams) -> list[dict[str, Any]]:
    """Return the parameters with their learning rates: the lower a layer, the slower (Howard and Ruder 2018, "ULMFiT")."""
    layers = 1 + max((_layer(name) for name, _ in model.named_parameters()), default=0)
    groups: dict[tuple[float, float], list[nn.Parameter]] = {}
    for name, weight in model.named_parameters():
        if weight.requires_grad:
            slower = params.layer_decay ** (layers - 1 - _layer(name)) if name.startswith("body.") else _HEAD_FASTER
            decay = 0.01 if weight.ndim > 1 else 0.0
            groups.setdefault((params.learning_rate * slower, decay), []).append(weight)
    return [{"params": part, "lr": rate, "weight_decay": decay} for (rate, decay), part in groups.items()]


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
