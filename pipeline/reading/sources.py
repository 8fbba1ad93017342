"""What the arguments of a command name: files of known kinds, folders of them, standard input, URLs."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import InputError
from pipeline.reading.kinds import SINGLE, Kind, kind_in_folder, kind_of_name, known_suffixes

STANDARD_INPUT = "-"
_DATASETS = (("state.json", "dataset_info.json"), ("dataset_dict.json",))  # what `save_to_disk` leaves: of one, of splits
_PAGES = (".html", ".htm", ".xhtml")


def web_address(value: object) -> str | None:
    """Return `value` where it is an address on the web, else None."""
    return value if isinstance(value, str) and value.lower().startswith(("http://", "https://")) else None


@dataclass(frozen=True, slots=True)
class Source:
    """One input as it was named; `kind` is None where only a look at how it begins can tell."""

    name: str
    kind: Kind | None

    @property
    def place(self) -> str:
        """The name that errors use."""
        return "standard input" if self.name == STANDARD_INPUT else self.name

    @property
    def is_url(self) -> bool:
        """Whether it has to be fetched."""
        return web_address(self.name) is not None

    @property
    def is_file(self) -> bool:
        """Whether it is a file or a folder."""
        return self.name != STANDARD_INPUT and not self.is_url


@dataclass(frozen=True, slots=True)
class Found:
    """The inputs in the order in which they are read, and the files in folders that are none."""

    sources: tuple[Source, ...]
    left_out: tuple[Path, ...] = ()

    @property
    def documents(self) -> int | None:
        """How many documents there are, None where that is known only once they are read."""
        return len(self.sources) if all(source.kind in SINGLE for source in self.sources) else None

    def holds(self, path: Path) -> bool:
        """Tell whether the file at `path` is one of the inputs."""
        target = path.resolve()
        return any(Path(source.name).resolve() == target for source in self.sources if source.is_file)

    def note(self) -> str | None:
        """Return one line that says what was left out, if anything was."""
        if not self.left_out:
            return None
        suffixes = Counter(path.suffix.lower() or "no suffix" for path in self.left_out)
        shown = ", ".join(f"{count} {suffix}" for suffix, count in suffixes.most_common(5))
        files = "1 file" if len(self.left_out) == 1 else f"{len(self.left_out)} files"
        return (
            f"{files} of other kinds left out ({shown}{', …' if len(suffixes) > 5 else ''}): name a file itself to have it read"
        )


def find_sources(arguments: Sequence[str], *, fetch: bool = False) -> Found:
    """Return what `arguments` name: files, URLs, ``-`` for standard input, in a folder every file of a known kind at any depth.

    Hidden files are left out, and so is what a browser saved beside a page. A folder that the datasets library wrote is one
    input.

    Raises
    ------
    InputError
        If an argument does not exist, is a URL without `fetch`, a folder that holds nothing to read, or standard input
        named twice.
    """
    if list(arguments).count(STANDARD_INPUT) > 1:
        raise InputError("-: standard input can be read only once")
    sources: list[Source] = []
    left_out: list[Path] = []
    for argument in arguments:
        path = Path(argument)
        source = Source(argument, None)
        if source.is_url:
            if not fetch:
                raise InputError(f"{argument}: is a URL: add --fetch to have it fetched, or save the page and name the file")
            sources.append(source)
        elif argument == STANDARD_INPUT:
            sources.append(source)
        elif path.is_dir():
            inside, others = _in_folder(path)
            if not inside:
                raise InputError(f"{argument}: the folder holds no .txt file, and no {_listed(known_suffixes())} either")
            sources += inside
            left_out += others
        elif path.exists():
            sources.append(Source(argument, kind_of_name(path.name)))
        else:
            raise InputError(f"{argument}: no such file or folder")
    return Found(tuple(sources), tuple(left_out))


def _in_folder(folder: Path) -> tuple[list[Source], list[Path]]:
    """Return the inputs in a folder, in the order of their paths, and the files that are none."""
    if any(all((folder / name).is_file() for name in names) for names in _DATASETS):
        return [Source(str(folder), Kind.DATASET)], []
    sources: list[Source] = []
    left_out: list[Path] = []
    for path in sorted(_files(folder), key=str):
        kind = kind_in_folder(path)
        if kind is None:
            left_out.append(path)
        else:
            sources.append(Source(str(path), kind))
    return sources, left_out


def _files(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder, onerror=_refuse):
        folders[:] = [name for name in folders if not name.startswith(".") and not _beside_a_page(name, names)]
        yield from (path for name in names if not name.startswith(".") and (path := Path(parent, name)).is_file())


def _refuse(error: OSError) -> None:
    raise InputError(f"{error.filename}: cannot be read ({error.strerror})")


def _beside_a_page(folder: str, files: Sequence[str]) -> bool:
    """Tell whether a folder holds the images, scripts and frames that a browser saved with a page beside it."""
    stem = folder.removesuffix("_files")
    return stem != folder and any(stem + suffix in files for suffix in _PAGES)


def _listed(suffixes: Sequence[str]) -> str:
    return f"{', '.join(suffixes[:-1])} or {suffixes[-1]}"
