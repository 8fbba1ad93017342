"""What a worker does: it holds the model, loaded once, and scores some articles at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from pipeline.documents import Document
from pipeline.errors import ModelError
from pipeline.reading.checking import checked
from pipeline.reading.options import ReadingOptions, Unread

if TYPE_CHECKING:
    from pipeline.scorer import ScoredSentence, Scorer

Outcome: TypeAlias = "list[ScoredSentence] | Unread"  # of one article

_HARMLESS = "He denied it."


@dataclass(frozen=True, slots=True)
class Recipe:
    """Which model scores, and how; it can be sent to another process.

    Parameters
    ----------
    model : the model's folder, or its file scorer.skops
    id : the model's id, which every worker has to find there
    prior : see `Scorer.with_prior`
    thresholds : see `Scorer.with_thresholds`
    explain : whether sentences carry what their words did
    reading : the worker refuses what is not in English, unless these say otherwise
    """

    model: Path
    id: str
    prior: Mapping[str, float] | None = None
    thresholds: Mapping[str, float] | None = None
    explain: bool = False
    reading: ReadingOptions = field(default_factory=ReadingOptions)

    def at(self, model: Path) -> "Recipe":
        """Return the recipe for a copy of the model in another place."""
        return replace(self, model=model)

    def scorer(self) -> "Scorer":
        """Return the model, loaded, one thread to a process.

        Raises
        ------
        ModelError
            If it cannot be used, or is another than the one that the run began with.
        InputError
            If prior or thresholds do not go with its labels.
        """
        from threadpoolctl import threadpool_limits

        from pipeline.scorer import load_model

        scorer = load_model(self.model)
        threadpool_limits(1)  # the workers share the machine
        if scorer.id != self.id:
            raise ModelError(f"{self.model}: is now {scorer.id}, this run began with {self.id}: put that back, and run again")
        if self.prior is not None:
            scorer = scorer.with_prior(self.prior)
        return scorer if self.thresholds is None else scorer.with_thresholds(self.thresholds)


@dataclass(slots=True)
class Described:
    """What output rows tell of the model."""

    id: str
    labels: tuple[str, ...]


class ArticleScorer:
    """Scores articles by a recipe; the model is loaded at its first use."""

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe

    @cached_property
    def _scorer(self) -> "Scorer":
        return self.recipe.scorer()

    def describe(self) -> Described:
        """Return what output rows tell of the model; raises as `Recipe.scorer` does."""
        return Described(self._scorer.id, self._scorer.labels)

    def score(self, documents: Sequence[Document]) -> list[Outcome]:
        """Return for each document its scored sentences, or why there are none: whatever goes wrong, it is its own affair.

        Raises
        ------
        ModelError
            If the model cannot be used at all.
        """
        self.describe()
        try:
            return self._together(documents)
        except Exception:  # of one of them; which, they tell one by one
            return [self._alone(document) for document in documents]

    def _together(self, documents: Sequence[Document]) -> list[Outcome]:
        found = [checked(document, document.id, self.recipe.reading) for document in documents]
        readable = [item for item in found if isinstance(item, Document)]
        scored = self._scorer.score_documents(readable, explain=self.recipe.explain)
        return [next(scored) if isinstance(item, Document) else item for item in found]

    def _alone(self, document: Document) -> Outcome:
        try:
            return self._together([document])[0]
        except Exception as error:  # an article may hold anything
            self._scorer.score(_HARMLESS)  # raises where it is the model that is broken
            told = " ".join(str(error).split())
            return Unread(document.id, f"{document.id}: cannot be scored ({type(error).__name__}: {told:.200})")
