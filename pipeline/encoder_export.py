"""A torch encoder as an ONNX graph of a few kilobytes, its weights beside it."""

import math
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor, nn

from pipeline.encoder_files import STEP, Floats, Rounded
from pipeline.encoder_integers import round_graph
from pipeline.writing import replacing

if TYPE_CHECKING:
    from onnx import ModelProto, TensorProto

_SMALLEST = 64  # numbers in a tensor from which it is a weight and not a constant of the graph


class _Hidden(nn.Module):
    """The body of an encoder as a function of one window, which is never padded."""

    def __init__(self, body: nn.Module) -> None:
        super().__init__()
        self.body = body

    def forward(self, ids: Tensor) -> Tensor:
        hidden: Tensor = self.body(input_ids=ids, attention_mask=torch.ones_like(ids)).last_hidden_state
        return hidden


def export_graph(body: nn.Module, path: Path, rounded: Collection[Rounded]) -> dict[str, Floats | Rounded]:
    """Write the graph of `body` to `path` and return its weights.

    It leads from word pieces `ids`, shape (1, pieces), to the last hidden state, shape (1, pieces, width). The graph names its
    weights and does not hold them: who opens it hands them over. Those that are `rounded` stay so: it looks up rows of whole
    numbers, and multiplies matrices of them with activations that it rounds to eight bits, a window at a time.
    """
    from onnx import numpy_helper

    body.cpu().eval()
    if hasattr(body, "set_attn_implementation"):
        body.set_attn_implementation("eager")
    length = torch.export.Dim("pieces", min=2, max=body.config.max_position_embeddings)
    program = torch.onnx.export(
        _Hidden(body).eval(),
        (torch.ones((1, 16), dtype=torch.long),),
        input_names=["ids"],
        output_names=["hidden"],
        dynamic_shapes={"ids": {1: length}},
        dynamo=True,
        verbose=False,
    )
    model = program.model_proto
    values = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    large = {name: value for name, value in values.items() if value.dtype == np.float32 and value.size >= _SMALLEST}
    weights: dict[str, Floats | Rounded] = {**large, **round_graph(model, large, rounded)}
    for tensor in model.graph.initializer:
        if tensor.name.removesuffix(STEP) in weights:
            _hand_over(tensor)
    _strip(model)
    with replacing(path) as temporary:
        temporary.write_bytes(model.SerializeToString(deterministic=True))
    return weights


def _hand_over(tensor: "TensorProto") -> None:
    """Empty a tensor of a graph of its numbers."""
    tensor.ClearField("raw_data")
    tensor.ClearField("float_data")
    tensor.data_location = tensor.EXTERNAL
    size = math.prod(tensor.dims) * (1 if tensor.data_type == tensor.INT8 else 4)
    for key, entry in (("location", "weights"), ("offset", "0"), ("length", str(size))):
        tensor.external_data.add(key=key, value=entry)


def _strip(model: "ModelProto") -> None:
    """Take out of a graph what only says where it came from, paths of this machine among it."""
    model.ClearField("metadata_props")
    model.graph.ClearField("value_info")
    model.graph.ClearField("metadata_props")
    for node in model.graph.node:
        node.ClearField("metadata_props")
        node.ClearField("doc_string")
    for tensor in model.graph.initializer:
        tensor.ClearField("metadata_props")
        tensor.ClearField("doc_string")
