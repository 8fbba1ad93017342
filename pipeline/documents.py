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
        If an argument does not exist, a folder holds no .txt file, or standard input is named twice.
    """
    if arguments.count("-") > 1:
        raise InputError("-: standard input can be read only once")
    found: list[str] = []
    for argument in arguments:
        path = Path(argument)
        if path.is_dir():
            inside = sorted(str(p) for p in path.rglob("*.txt") if p.is_file())
            if not inside:
                raise InputError(f"{argument}: the folder holds no .txt file")
            found += inside
        elif argument == "-" or path.exists():
            found.append(argument)
        else:
            raise InputError(f"{argument}: no such file or folder")
    return found


def read_documents(names: Sequence[str]) -> Iterator[Document]:
    """Yield a document for each file of `names`, `-` being standard input; its id is the name as given.

    Raises
    ------
    InputError
        If a file cannot be read, is not UTF-8 text, or holds nothing but white space.
    """
    for name in names:
        text = decode_bytes(sys.stdin.buffer.read(), "standard input") if name == "-" else decode(Path(name))
        if not text.strip():
            raise InputError(f"{'standard input' if name == '-' else name}: holds no text")
        yield Document(id=name, text=text, source=None if name == "-" else name)
