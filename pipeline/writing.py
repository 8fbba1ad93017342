"""Files in and out: text decoded with an error that helps, and files that are written whole or not at all."""

import secrets
import shutil
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
    """Give a temporary path beside `path` to write to; it takes the place of `path` only when the block ends well.

    A link is followed, an existing file keeps its mode; a pipe or a device is written to as it is.

    Raises
    ------
    InputError
        If `path` is a folder or cannot be written.
    """
    target = path.resolve()
    if target.is_dir():
        raise InputError(f"{path}: is a folder, a file name is needed")
    if target.exists() and not target.is_file():
        yield target
        return
    temporary = target.with_name(f".{target.stem[:80]}.{secrets.token_hex(6)}{target.suffix}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary.touch(exist_ok=False)
        if target.exists():
            shutil.copymode(target, temporary)
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror})") from None
    try:
        yield temporary
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """Give a temporary folder beside `path` to write to; it becomes `path` only when the block ends well.

    Raises
    ------
    InputError
        If `path` is there already, or cannot be written.
    """
    if path.exists() or path.is_symlink():
        raise InputError(f"{path}: is there already: name a new folder")
    target = path.absolute()
    temporary = target.with_name(f".{target.name[:80]}.{secrets.token_hex(6)}")
    try:
        temporary.mkdir(parents=True)
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror})") from None
    try:
        yield temporary
        temporary.rename(target)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
