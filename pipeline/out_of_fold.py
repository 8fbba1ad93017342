"""What encoders that had not seen an article say of it, kept beside the one that has: who stacks and calibrates needs it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import numpy as np

from pipeline.encoder_files import OUT_OF_FOLD, Floats
from pipeline.passages import Passage
from pipeline.writing import replacing


@dataclass(frozen=True)
class OutOfFold:
    """Log-probabilities of the sentences of training articles, each by an encoder trained without its cluster.

    An encoder's scores of what it has learnt are worth nothing to who weighs them; cross-fitting gives scores of all articles
    as if they were new (Wolpert 1992, "Stacked generalization").
    """

    scores: Mapping[str, Floats] = field(default_factory=dict)  # document to shape (sentences, labels)
    digests: Mapping[str, str] = field(default_factory=dict)  # of the sentences that were scored

    def of(self, document: str, passage: Passage) -> Floats | None:
        """Return the log-probabilities of `document`, None where there are none of the sentences that it has now."""
        return self.scores[document] if self.digests.get(document) == digest_of(passage) else None

    def write(self, folder: Path) -> None:
        """Write them to the folder of an encoder, the same bytes for the same scores."""
        names = sorted(self.scores)
        with replacing(folder / OUT_OF_FOLD) as temporary, temporary.open("wb") as file:
            np.savez_compressed(
                file,
                documents=np.array(names, dtype=str),
                digests=np.array([self.digests[name] for name in names], dtype=str),
                counts=np.array([len(self.scores[name]) for name in names], dtype=np.int64),
                scores=np.concatenate(
                    [np.zeros(0, np.float32), *(self.scores[name].ravel() for name in names)], dtype=np.float32
                ),
            )

    @classmethod
    def read(cls, folder: Path, labels: int) -> Self:
        """Return those that lie in the folder of an encoder of so many `labels`."""
        with np.load(folder / OUT_OF_FOLD, allow_pickle=False) as kept:
            names = kept["documents"].tolist()
            parts = np.split(kept["scores"].astype(np.float32).reshape(-1, labels), np.cumsum(kept["counts"])[:-1])
            return cls(dict(zip(names, parts, strict=False)), dict(zip(names, kept["digests"].tolist(), strict=True)))


def digest_of(passage: Passage) -> str:
    """Return a short hash of the sentences of a passage."""
    return hashlib.sha256("\n".join(passage.sentences).encode("utf-8", "replace")).hexdigest()[:16]
