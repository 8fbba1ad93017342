"""An encoder's graph, ready to compute, by onnxruntime."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from pipeline.encoder_files import STEP, Floats, Rounded

if TYPE_CHECKING:
    from onnxruntime import InferenceSession


def open_graph(graph: bytes, weights: Mapping[str, Floats | Rounded]) -> "InferenceSession":
    """Return what computes a graph with the weights that it names, on one thread; they must stay as long as it does."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    given: dict[str, NDArray[Any]] = {}
    for name, weight in weights.items():
        if not name.startswith("head."):
            given |= {name: weight.whole, name + STEP: weight.step} if isinstance(weight, Rounded) else {name: weight}
    values = [onnxruntime.OrtValue.ortvalue_from_numpy(value) for value in given.values()]
    options.add_external_initializers(list(given), values)
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
