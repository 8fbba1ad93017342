"""What is fuzzed. Each target takes bytes and raises only where the project breaks a promise of SECURITY.md."""

import hashlib
import json
import shutil
import tempfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from functools import cache, partial
from pathlib import Path

from fuzz import inputs
from fuzz.inputs import changed, made
from pydantic import ValidationError
from toy import save_toy

from pipeline import ModelError, Scorer, load_model, split_sentences
from pipeline.documents import Document
from pipeline.encoder import Encoder
from pipeline.encoder_files import CARD, EncoderCard, read_weights
from pipeline.model_files import share_model
from pipeline.reading import Kind, ReadingOptions, Source, Unread, read_sources

ENCODER = Path(__file__).resolve().parent.parent.parent / "models" / "encoder"
SAID = "A baker accused the mayor of theft. The mayor denied it."


@cache
def folder() -> Path:
    """A folder for files that are to be read."""
    return Path(tempfile.mkdtemp(prefix="stance-fuzz-"))


@cache
def model(*, encoded: bool = False) -> Scorer:
    """A small model, with the real encoder or without."""
    place = folder() / ("encoded" if encoded else "model")
    save_toy(place, encoder=Encoder(ENCODER) if encoded else None)
    return load_model(place)


def score(data: bytes, *, encoded: bool = False) -> None:
    """Any text is scored: no character is lost, offsets hold, probabilities are some."""
    text = made(data, inputs.TEXT).decode("utf-8", "surrogateescape")
    scored = model(encoded=encoded).score(text, title=text[:50] if len(data) % 3 else None)
    end = 0
    for s in scored:
        assert s.start >= end
        assert s.text == text[s.start : s.end] == s.text.strip() != ""
        assert abs(sum(s.probabilities.values()) - 1) < 1e-6
        assert s.label in s.label_set
        end = s.end
    assert "".join("".join(s.text.split()) for s in scored) == "".join(text.split()), "a character was lost"


def read(kind: Kind | None, fragments: list[str], good: Callable[[], bytes], data: bytes) -> None:
    """Any file is read or refused in a line; what is read is text that can be cut into sentences."""
    path = folder() / "input"
    path.write_bytes(made(data, fragments, good()))
    for found in read_sources([Source(str(path), kind)], ReadingOptions(force=len(data) % 2 == 0)):
        if isinstance(found, Unread):
            assert found.reason
            continue
        assert isinstance(found, Document)
        assert found.text.strip()
        spans = split_sentences(found.text)
        kept = "".join("".join(found.text[span.start : span.end].split()) for span in spans)
        assert kept == "".join(found.text.split()), "a character was lost"


@cache
def good_model(*, shared: bool = False) -> Path:
    """The folder of a good model."""
    own = folder() / "good"
    if shared:
        share_model(good_model(), folder() / "shared")
        return folder() / "shared"
    save_toy(own)
    return own


def manifest(data: bytes) -> None:
    """Any manifest loads or is refused in a line."""
    own, place = good_model(), folder() / "mine"
    place.mkdir(exist_ok=True)
    shutil.copyfile(own / "scorer.joblib", place / "scorer.joblib")
    (place / "manifest.json").write_bytes(made(data, inputs.ROWS, (own / "manifest.json").read_bytes()))
    _loads_or_tells(place)


def shared(data: bytes) -> None:
    """Any skops file that its manifest describes loads or is refused in a line."""
    good, place = good_model(shared=True), folder() / "theirs"
    content = changed((good / "scorer.skops").read_bytes(), data)
    place.mkdir(exist_ok=True)
    (place / "scorer.skops").write_bytes(content)
    described = json.loads((good / "manifest.json").read_text())
    (place / "manifest.json").write_text(json.dumps({**described, "sha256": hashlib.sha256(content).hexdigest()}))
    _loads_or_tells(place)


def card(data: bytes) -> None:
    """Any card of an encoder is refused, or describes weights that are read or refused."""
    content = made(data, inputs.ROWS, (ENCODER / CARD).read_bytes())
    with suppress(ModelError, ValidationError):
        read_weights(zlib.compress(bytes(1000)), EncoderCard.model_validate_json(content).tensors)


def _loads_or_tells(place: Path) -> None:
    with suppress(ModelError):
        assert load_model(place).score(SAID)


def _good(content: bytes) -> Callable[[], bytes]:
    return lambda: content


TARGETS: dict[str, Callable[[bytes], None]] = {
    "score": score,
    "score-encoded": partial(score, encoded=True),
    "text": partial(read, Kind.TEXT, inputs.TEXT, _good(inputs.SAID.encode())),
    "page": partial(read, Kind.PAGE, inputs.PAGE, _good(inputs.GOOD_PAGE)),
    "mhtml": partial(read, Kind.MHTML, inputs.MAIL, _good(inputs.GOOD_MHTML)),
    "webarchive": partial(read, Kind.WEBARCHIVE, inputs.PAGE, _good(inputs.GOOD_WEBARCHIVE)),
    "pdf": partial(read, Kind.PDF, inputs.PRINT, cache(inputs.good_pdf)),
    "jsonl": partial(read, Kind.JSONL, inputs.ROWS, _good(inputs.GOOD_JSONL)),
    "csv": partial(read, Kind.CSV, inputs.ROWS, _good(inputs.GOOD_CSV)),
    "parquet": partial(read, Kind.PARQUET, inputs.ROWS, cache(inputs.good_parquet)),
    "feed": partial(read, Kind.FEED, inputs.FEED, _good(inputs.GOOD_FEED)),
    "unnamed": partial(read, None, inputs.FEED + inputs.PAGE + inputs.MAIL + inputs.ROWS, _good(inputs.GOOD_FEED)),
    "manifest": manifest,
    "skops": shared,
    "card": card,
}
