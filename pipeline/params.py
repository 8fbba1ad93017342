"""The parameters of the stages, read from params.yaml into typed models in which an unknown key is an error."""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from pipeline.errors import InputError

Share = Annotated[float, Field(ge=0, le=1)]
Seed = Annotated[int, Field(ge=0, lt=2**32)]
Count = Annotated[int, Field(ge=1)]
LABEL_JOINT = "|"  # between the labels of a set where they stand in one column


def _low_before_high(bounds: tuple[int, int]) -> tuple[int, int]:
    if bounds[0] > bounds[1]:
        raise ValueError(f"must be the shortest and the longest n, in that order. Got {list(bounds)}")
    return bounds


def _checked(labels: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(labels)) < len(labels):
        raise ValueError(f"must differ from each other. Got {list(labels)}")
    if LABEL_JOINT in "".join(labels):
        raise ValueError(f"must not hold {LABEL_JOINT!r}, which joins those of a set. Got {list(labels)}")
    if not all(map(str.isprintable, labels)):
        raise ValueError(f"must hold no line break and no control character. Got {list(labels)}")
    return labels


def _in(folder: str) -> AfterValidator:
    def checked(name: str) -> str:
        if not name.startswith(folder):
            raise ValueError(f"must name a file in {folder}, the folder that the stages watch. Got {name!r}")
        return name

    return AfterValidator(checked)


Ngrams = Annotated[tuple[Count, Count], AfterValidator(_low_before_high)]
SeedFile = Annotated[str, _in("seeds/")]
AttributionFile = Annotated[str, _in("data/attribution/")]
Labels = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], Field(min_length=2), AfterValidator(_checked)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class NoiseParams(_Section):
    """How many articles are made to look like scraped pages."""

    share: Share = 0.0
    label: str | None = None
    seed: Seed = 0


class SplitParams(_Section):
    """How articles become sentences, and which of them test."""

    corpus: str
    test_share: Share = 0.0
    near_duplicate: Annotated[float, Field(gt=0, le=1)] = 0.5
    forbid: tuple[SeedFile, ...] = ()
    noise: NoiseParams = NoiseParams()


class FineTuneParams(_Section):
    """What an encoder reads at once, and how it is fine-tuned."""

    window: Annotated[int, Field(ge=8)] = 320
    before: Annotated[int, Field(ge=0)] = 2
    after: Annotated[int, Field(ge=0)] = 1
    longest_sentence: Count = 110
    longest_headline: Annotated[int, Field(ge=0)] = 40
    excerpts: Share = 0.0
    names: Literal["masked", "read"] = "read"
    epochs: Count = 3
    batch: Count = 8
    learning_rate: Annotated[float, Field(gt=0)] = 1e-4
    layer_decay: Annotated[float, Field(gt=0, le=1)] = 0.9
    frozen_layers: Annotated[int, Field(ge=0)] = 0
    dropout: Annotated[float, Field(ge=0, lt=1)] = 0.1
    smoothing: Annotated[float, Field(ge=0, lt=1)] = 0.1
    class_weight: Annotated[float, Field(ge=0)] = 0.5
    seed: Seed = 0


class TeachParams(FineTuneParams):
    """How the teacher is fine-tuned, and what it reads beside the training articles."""

    base: str | None = None
    unlabelled: str | None = None
    folds: Annotated[int, Field(ge=2)] = 2
    members: Count = 1


class EncodeParams(FineTuneParams):
    """How the encoder is fine-tuned."""

    base: str = "all-MiniLM-L6-v2"
    layers: Count | None = None
    weight_step: Annotated[float, Field(gt=0, le=1)] = 0.1
    piece_step: Annotated[float, Field(gt=0, le=2)] = 0.1
    folds: Annotated[int, Field(ge=0)] = 4
    held_out_from: str = ""
    held_out_share: Annotated[float, Field(gt=0, le=1)] = 1.0
    runs: Annotated[int, Field(ge=0)] = 1
    teacher_share: Share = 0.0
    ancestor: Annotated[str, Field(pattern=r"^[0-9a-f]{7,40}$")] | None = None


class FeaturizeParams(_Section):
    """What is read of a sentence and of its surroundings."""

    encoder: Literal["fine-tuned", "none"] = "none"
    word_ngrams: Ngrams = (1, 2)
    word_min_count: Count = 2
    character_ngrams: Ngrams = (3, 5)
    character_min_count: Count = 5
    neighbours: tuple[int, ...] = (-2, -1, 1)
    neighbour_words: bool = True


class TrainParams(_Section):
    """How the classifier is fitted, calibrated and made to decide."""

    C: Annotated[float, Field(gt=0)] = 1.0
    class_weight: Literal["balanced", "none"] = "balanced"
    folds: Annotated[int, Field(ge=2)] = 5
    prior: dict[str, Annotated[float, Field(gt=0, lt=1)]] | None = None
    coverage: Annotated[float, Field(ge=0.5, le=0.999)] = 0.9
    words_share: Share = 0.5
    seed: Seed = 0


class LedgerParams(_Section):
    """What makes ledgers learns from, and how sure it must be to name a source."""

    attribution: AttributionFile | None = None
    second_reading: AttributionFile | None = None
    demonstration: SeedFile | None = None
    least_source: Share = 0.65
    least_speaker: Share = 0.7


class EvaluateParams(_Section):
    """How the trained scorer is measured."""

    demonstration: SeedFile | None = None
    resamples: Count = 1000
    bins: Annotated[int, Field(ge=2)] = 10
    seed: Seed = 0


class GateParams(_Section):
    """What the model must hold for the last stage to pass."""

    flip_rate: Share = 0.02


class Params(_Section):
    """All of params.yaml."""

    labels: Labels
    split: SplitParams
    teach: TeachParams = TeachParams()
    encode: EncodeParams = EncodeParams()
    featurize: FeaturizeParams = FeaturizeParams()
    train: TrainParams = TrainParams()
    ledger: LedgerParams = LedgerParams()
    evaluate: EvaluateParams = EvaluateParams()
    gate: GateParams = GateParams()

    @model_validator(mode="after")
    def _labels_agree(self) -> Self:
        furniture = self.split.noise.label
        if furniture is not None and furniture not in self.labels:
            raise ValueError(f"split.noise.label must be one of {list(self.labels)}, or null. Got {furniture!r}")
        prior = self.train.prior
        if prior is not None and set(prior) != set(self.labels):
            raise ValueError(f"train.prior must name each of {list(self.labels)} once, or be null. Got {list(prior)}")
        if prior is not None and abs(sum(prior.values()) - 1) > 1e-6:
            raise ValueError(f"the shares of train.prior must sum to 1. Got {sum(prior.values()):g}")
        return self


def read_params(path: Path) -> Params:
    """Return the parameters in the YAML file `path`.

    Raises
    ------
    InputError
        If the file is missing, is not YAML, or holds an unknown key or a value out of range.
    """
    import yaml

    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(f"{path} is missing: run the stages in the project's root, where dvc.yaml lies") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InputError(f"{path} is not YAML: {' '.join(str(error).split())}") from None
    try:
        return Params.model_validate(values)
    except ValidationError as error:
        raise InputError(f"{path.name}: {first_problem(error)}") from None


def first_problem(error: ValidationError) -> str:
    """Return the first problem of a failed validation in one line: where, what is wrong, what was received."""
    problem = error.errors()[0]
    where = f"{'.'.join(str(part) for part in problem['loc']):.120}"
    if problem["type"] == "extra_forbidden":
        return f"{where}: unknown key"
    message = problem["msg"].removeprefix("Value error, ")
    received = "" if "Got" in message or problem["type"] == "missing" else f". Got {problem['input']!r:.80}"
    return f"{where}: {message}{received}" if where else f"{message}{received}"
