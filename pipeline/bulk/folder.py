"""The folder that scored articles are written to: shards, what could not be scored, and a manifest that says what is done.

A run can end at any moment. A shard is written whole, then what could not be scored in it, then the manifest, which makes it
count; whatever a shard left that does not count is cut off when the folder is next opened.
"""

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path

from pydantic import ValidationError

from pipeline.bulk.manifest import MANIFEST, Manifest, Settings, Shard
from pipeline.bulk.shards import Digest, Item
from pipeline.errors import InputError
from pipeline.params import first_problem
from pipeline.writing import replacing

ERRORS = "errors.jsonl"
SHARDS = "sentences"  # a folder of its own: whatever reads a folder of Parquet finds nothing else in it

_OTHERWISE = "name another --out, or delete the folder to begin anew"


class Folder:
    """An opened folder; `manifest` says what is done in it."""

    def __init__(self, path: Path, manifest: Manifest) -> None:
        self.path = path
        self.manifest = manifest

    @property
    def shards(self) -> tuple[Shard, ...]:
        """Those that are done, from the first on without a gap."""
        return self.manifest.shards

    @property
    def carried(self) -> dict[str, str]:
        """Columns of the input in the shards that are done, and the kinds of their values."""
        return next((shard.carried for shard in reversed(self.shards) if shard.carried), {})

    def part(self, number: int) -> Path:
        """Return the file of the shard with this number."""
        return self.path / SHARDS / f"part-{number:06}.{self.manifest.settings.form}"

    def skip(self, items: Iterator[Item]) -> Iterator[Item]:
        """Read over the articles that are done, and return those that are not.

        Where the input goes on in what was its last shard, that shard is done anew.

        Raises
        ------
        InputError
            If they are not the articles that the shards were made of.
        """
        read: list[Item] = []
        for shard in self.shards:
            digest, read = Digest(), []
            for item in islice(items, shard.articles):
                digest.add(item)
                read.append(item)
            if digest.hex != shard.input:
                raise InputError(
                    f"{self.path}: {shard.file} was made of other articles than the inputs now hold in its place: {_OTHERWISE}"
                )
        following = next(items, None)
        if following is None:
            return iter(())
        if read and len(read) < self.manifest.settings.shard_size:
            self._keep(len(self.shards) - 1)
            return chain(read, [following], items)
        return chain([following], items)

    def add(self, shard: Shard, errors: Sequence[Mapping[str, object]]) -> None:
        """Count in a shard whose file is written, and what could not be scored in it."""
        if errors:
            with (self.path / ERRORS).open("a", encoding="utf-8") as stream:
                stream.writelines(json.dumps(error, ensure_ascii=False) + "\n" for error in errors)
                stream.flush()
                os.fsync(stream.fileno())
        self._save(complete=False, shards=(*self.shards, shard))

    def finish(self) -> None:
        """Say that the input was read to its end."""
        if not self.manifest.complete:
            self._save(complete=True)

    def begin(self) -> None:
        """Write the manifest, so that the folder is known for what it is."""
        self._save()

    def prepare(self, note: Callable[[str], None]) -> None:
        """Make ready to go on: what was begun and not finished is cut off; `note` hears of what somebody changed."""
        (self.path / SHARDS).mkdir(exist_ok=True)
        (self.path / ERRORS).touch()
        kept = self._intact()
        if kept < len(self.shards):
            first = self.path / self.shards[kept].file
            note(f"{first}: it or its errors are not as they were written: scoring goes on from there")
        self._keep(kept)
        known = {self.path / shard.file for shard in self.shards}
        begun = [
            *self.path.glob(f"{SHARDS}/part-*"),
            *self.path.glob(f"{SHARDS}/.part-*"),
            *self.path.glob(f".{MANIFEST[:8]}.*"),
        ]
        for file in begun:
            if file not in known:
                file.unlink()

    def _intact(self) -> int:
        """Return how many shards, from the first on, have their file and their errors."""
        with (self.path / ERRORS).open("rb") as stream:
            errors = sum(line.endswith(b"\n") for line in stream)
        for number, shard in enumerate(self.shards):
            errors -= shard.errors
            file = self.path / shard.file
            if errors < 0 or not file.is_file() or file.stat().st_size != shard.bytes:
                return number
        return len(self.shards)

    def _keep(self, count: int) -> None:
        """Have only the first `count` shards count."""
        if count < len(self.shards):
            self._save(complete=False, shards=self.shards[:count])
        with (self.path / ERRORS).open("rb+") as stream:
            stream.truncate(sum(len(line) for line in islice(stream, sum(shard.errors for shard in self.shards))))

    def _save(self, **updates: object) -> None:
        self.manifest = self.manifest.model_copy(update=updates)
        with replacing(self.path / MANIFEST) as temporary:
            temporary.write_text(self.manifest.model_dump_json(indent=1) + "\n", encoding="utf-8")


@contextmanager
def opened(path: Path, settings: Settings, note: Callable[[str], None]) -> Iterator[Folder]:
    """Give the folder `path`, new or with what an earlier run did by the same settings; nobody else can open it meanwhile.

    Raises
    ------
    InputError
        If it is something else, was made by other settings, or another run is writing to it.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{path}: no folder can be made there ({error.strerror})") from None
    with _locked(path):
        manifest = _read_manifest(path)
        if manifest is None and any(not inside.name.startswith(".") for inside in path.iterdir()):
            raise InputError(f"{path}: holds other things and no {MANIFEST}: name a new folder")
        if manifest is not None and _compatible(manifest, settings, path):
            folder = Folder(path, manifest)
        else:
            folder = Folder(path, Manifest(settings=settings))
            folder.begin()
        folder.prepare(note)
        yield folder


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    import fcntl

    descriptor = os.open(path, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)  # gone with this process, however it ends
        except BlockingIOError:
            raise InputError(f"{path}: another run is writing to it") from None
        yield
    finally:
        os.close(descriptor)


def _read_manifest(path: Path) -> Manifest | None:
    try:
        return Manifest.model_validate_json((path / MANIFEST).read_bytes())
    except FileNotFoundError:
        return None
    except ValidationError as error:
        raise InputError(
            f"{path / MANIFEST}: is no manifest of scored articles ({first_problem(error)}): {_OTHERWISE}"
        ) from None


def _compatible(manifest: Manifest, settings: Settings, path: Path) -> bool:
    """Tell whether a run by `settings` can go on there; InputError where it cannot, and something would be lost."""
    if manifest.settings == settings:
        return True
    if all(shard.articles == shard.errors for shard in manifest.shards):
        return False
    theirs, ours = _flat(manifest.settings), _flat(settings)
    name = next(name for name in ours if theirs.get(name) != ours[name])
    raise InputError(f"{path}: was made with {name} {theirs.get(name)!r}, not {ours[name]!r}: {_OTHERWISE}")


def _flat(settings: Settings) -> dict[str, object]:
    values = settings.model_dump()
    return {**{name: value for name, value in values.items() if name != "reading"}, **values["reading"]}
