"""Files in and out: text decoded with an error that helps, and files that are written whole or not at all."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import InputError


def decode(path: Path) -> str:
    """Return the text of a UTF-8 file as it stands: line ends are kept, a byte order mark is dropped.

    Raises
    ------
    InputError
        If the file is missing, a folder, unreadable, a binary, or not UTF-8.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"{path}: no such file") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from None
    return decode_bytes(data, str(path))


def decode_bytes(data: bytes, name: str) -> str:
    """Return UTF-8 `data` as text; `name` says in the InputError where the data came from."""
    if b"\0" in data[:8192]:
        raise InputError(f"{name}: is a binary, not text: hand over plain text in UTF-8")
    try:
        return data.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{name}: is not UTF-8 (byte {error.start} is 0x{data[error.start]:02x}): convert it, "
            "for example with `iconv -f WINDOWS-1252 -t UTF-8`"
        ) from None


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path beside `path` to write to; it takes the place of `path` only when the block ends well."""
    if path.is_dir():
        raise InputError(f"{path}: is a folder, a file name is needed")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=path.suffix)
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror})") from None
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        temporary.chmod(0o644)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
