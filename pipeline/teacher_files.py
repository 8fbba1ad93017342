"""What a teacher says of articles, on disk: its opinions, and a card."""

import json
from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from pipeline.errors import InputError
from pipeline.out_of_fold import OutOfFold
from pipeline.params import Labels, TeachParams
from pipeline.writing import replacing

CARD = "teacher.json"
REMADE = "run `make encoder`, or set encode.teacher_share to 0"


class TeacherCard(BaseModel):
    """What opinions were made from and how, and how good they are on the training articles."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    labels: Labels
    params: TeachParams
    base_sha256: str | None = None
    trained_on: tuple[str, ...] = ()
    unlabelled: tuple[str, ...] = ()
    f1_out_of_fold: dict[str, float | None] = {}


def write_opinions(folder: Path, opinions: OutOfFold, card: TeacherCard) -> None:
    """Write opinions and their card to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    opinions.write(folder)
    with replacing(folder / CARD) as temporary:
        temporary.write_text(json.dumps(card.model_dump(), indent=1) + "\n", encoding="utf-8")


def read_opinions(folder: Path, labels: Sequence[str]) -> OutOfFold:
    """Return the opinions in `folder`.

    Raises
    ------
    InputError
        If there are none, or they are of other `labels`.
    """
    try:
        card = TeacherCard.model_validate_json((folder / CARD).read_bytes())
    except (OSError, ValidationError):
        raise InputError(f"{folder}: holds no opinions of a teacher: {REMADE}") from None
    if card.labels != tuple(labels):
        raise InputError(f"{folder}: the teacher knew the labels {list(card.labels)}, not {list(labels)}: {REMADE}")
    return OutOfFold.read(folder, len(labels))
