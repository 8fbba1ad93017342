"""A torch encoder as an ONNX graph of a few kilobytes, its weights beside it."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor, nn

from pipeline.encoder_files import Floats
from pipeline.writing import replacing

if TYPE_CHECKING:
    from onnx import ModelProto

_SMALLEST = 64  # numbers in a tensor from which it is a weight and not a constant of the graph


class _Hidden(nn.Module):
    """The body of an encoder as a function of one window, which is never padded."""

    def __init__(self, body: nn.Module) -> None:
        super().__init__()
        self.body = body

    def forward(self, ids: Tensor) -> Tensor:
        hidden: Tensor = self.body(input_ids=ids, attention_mask=torch.ones_like(ids)).last_hidden_state
        return hidden


def export_graph(body: nn.Module, path: Path) -> dict[str, Floats]:
    """Write the graph of `body` to `path` and return its weights.

    It leads from word pieces `ids`, shape (1, pieces), to the last hidden state, shape (1, pieces, width). The graph names its
    weights and does not hold them: who opens it hands them over.
    """
    import onnx
    from onnx import numpy_helper

    body.cpu().eval()
    if hasattr(body, "set_attn_implementation"):
        body.set_attn_implementation("eager")
    length = torch.export.Dim("pieces", min=2, max=body.config.max_position_embeddings)
    program = torch.onnx.export(
        _Hidden(body),
        (torch.ones((1, 16), dtype=torch.long),),
        input_names=["ids"],
        output_names=["hidden"],
        dynamic_shapes={"ids": {1: length}},
        dynamo=True,
        verbose=False,
    )
    model = program.model_proto
    weights: dict[str, Floats] = {}
    for tensor in model.graph.initializer:
        value = numpy_helper.to_array(tensor)
        if value.dtype == np.float32 and value.size >= _SMALLEST:
            weights[tensor.name] = value
            tensor.ClearField("raw_data")
            tensor.data_location = onnx.TensorProto.EXTERNAL
            for key, entry in (("location", "weights"), ("offset", "0"), ("length", str(value.nbytes))):
                tensor.external_data.add(key=key, value=entry)
    _strip(model)
    with replacing(path) as temporary:
        temporary.write_bytes(model.SerializeToString(deterministic=True))
    return weights


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
