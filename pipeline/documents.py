"""Any input to documents: what a person hands over, read into one shape."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import InputError
from pipeline.writing import decode, decode_bytes


@dataclass(frozen=True, slots=True)
class Document:
    """One text to be scored, and what is known of it."""

    id: str
    text: str
    title: str | None = None
    source: str | None = None
    date: str | None = None


def find_files(arguments: Sequence[str]) -> list[str]:
    """Return the files that `arguments` name: files as they are, `-` for standard input, a folder's *.txt files at any depth.

    Raises
    ------
    InputError
        If an argument does not exist, or a folder holds no .txt file.
    """
    found: list[str] = []
    for argument in arguments:
        path = Path(argument)
        if argument == "-" or path.is_file():
            found.append(argument)
        elif path.is_dir():
            inside = sorted(str(p) for p in path.rglob("*.txt") if p.is_file())
            if not inside:
                raise InputError(f"{argument}: the folder holds no .txt file")
            found += inside
        elif path.exists():
            found.append(argument)
        else:
            raise InputError(f"{argument}: no such file or folder")
    return found


def read_documents(arguments: Sequence[str]) -> Iterator[Document]:
    """Yield a document for each file that `arguments` name (see `find_files`); its id is the file's name as given.

    Raises
    ------
    InputError
        If a file cannot be read, is not UTF-8 text, or holds nothing but white space.
    """
    for name in find_files(arguments):
        text = decode_bytes(sys.stdin.buffer.read(), "standard input") if name == "-" else decode(Path(name))
        if not text.strip():
            raise InputError(f"{'standard input' if name == '-' else name}: holds no text")
        yield Document(id=name, text=text, source=None if name == "-" else name)
