"""What a folder of scored articles says of itself."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

MANIFEST = "manifest.json"
FORMAT = 1  # of the folder; grows when an older program could not go on with it


class Settings(BaseModel):
    """What has to be the same for a run to go on in a folder."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: int = FORMAT
    rows: int = Field(description="The version of the output rows.")
    model: str
    form: Literal["parquet", "jsonl"]
    shard_size: Annotated[int, Field(ge=1)]
    explained: bool
    reading: dict[str, str | bool | None]


class Shard(BaseModel):
    """A shard that is done: consecutive articles of the input, from number `first` on, counted from 0."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: str
    first: int
    articles: int
    sentences: int
    errors: int = Field(description="How many of the articles could not be scored.")
    input: str = Field(description="SHA-256 of the articles.")
    bytes: int = Field(description="The size of the file.")
    carried: dict[str, str] = Field(
        description="Columns of the input so far and the kinds of their values; empty where the shard before had the same."
    )


class Manifest(BaseModel):
    """What a folder holds and how it was made."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    settings: Settings
    complete: bool = Field(default=False, description="Whether the input was read to its end.")
    shards: tuple[Shard, ...] = ()
