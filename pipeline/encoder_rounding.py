"""Weights of few bits, learnt as such: what an encoder computes with in training is what will be kept of it."""

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize

from pipeline.encoder_files import ROUNDED_FROM, WIDEST, Rounded, Steps

if TYPE_CHECKING:
    from pipeline.encoder_training import SentenceEncoder


class _StraightThrough(torch.autograd.Function):
    @staticmethod
    def forward(ctx: object, weight: Tensor, step: Tensor) -> Tensor:
        return rounded(weight, step)

    @staticmethod
    def backward(ctx: object, gradient: Tensor) -> tuple[Tensor, None]:  # type: ignore[override]
        return gradient, None


class Rounding(nn.Module):
    """A weight rounded to whole multiples of a `step` for each of its rows; its gradient is passed on to the unrounded one.

    "Straight-through": Bengio et al. 2013, "Estimating or Propagating Gradients Through Stochastic Neurons".
    """

    step: Tensor

    def __init__(self, step: Tensor) -> None:
        super().__init__()
        self.register_buffer("step", step, persistent=False)

    def forward(self, weight: Tensor) -> Tensor:
        """Return `weight` rounded."""
        found: Tensor = _StraightThrough.apply(weight, self.step)  # type: ignore[no-untyped-call]
        return found


def rounded(weight: Tensor, step: Tensor) -> Tensor:
    """Return `weight`, shape (rows, columns), as multiples of `step`, shape (rows, 1)."""
    return (weight / step).round_().clamp_(-WIDEST, WIDEST).mul_(step)


def round_weights(model: "SentenceEncoder", steps: Steps) -> dict[str, Tensor]:
    """Round the large matrices of `model`, now and wherever they are learnt further; return the steps, by name of the weight.

    A step is the share that `steps` say of the root mean square of its row, as it is now; more where a row reaches further than
    whole numbers of so many steps do.
    """
    pieces = model.body.get_input_embeddings()
    found: dict[str, Tensor] = {}
    for name, part in list(model.named_modules()):
        if not isinstance(part, nn.Linear | nn.Embedding) or part.weight.numel() < ROUNDED_FROM:
            continue
        share = steps.pieces if part is pieces else steps.weights
        with torch.no_grad():
            step = _step(part.weight, share)
            if part.weight.requires_grad:
                parametrize.register_parametrization(part, "weight", Rounding(step))
            else:
                part.weight.copy_(rounded(part.weight, step))
        found[f"{name}.weight"] = step
    return found


def _step(weight: Tensor, share: float) -> Tensor:
    needed = weight.abs().amax(dim=1, keepdim=True) / WIDEST
    return torch.maximum(share * weight.pow(2).mean(dim=1, keepdim=True).sqrt(), needed).clamp_min(1e-12)


def whole_weights(model: "SentenceEncoder") -> dict[str, Rounded]:
    """Return the rounded weights of `model` as they will be kept, by name, and leave it with exactly these."""
    found = {}
    for name, step in model.steps.items():
        part = model.get_submodule(name.removesuffix(".weight"))
        if parametrize.is_parametrized(part):
            parametrize.remove_parametrizations(part, "weight")
        steps = step.numpy()
        one = Rounded(np.rint(part.weight.detach().cpu().numpy() / steps).astype(np.int8), steps)
        part.weight.data = torch.from_numpy(one.value)
        found[name] = one
    return found
