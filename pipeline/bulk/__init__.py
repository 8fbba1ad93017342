"""Articles by the million into a folder: scored by many workers, written in shards, gone on with where a run was stopped.

`worker` scores, `processes` and `cluster` are where workers live, `shards` cuts the input, `lookahead` sends it through the
workers, `folder` keeps what is done, and `scoring` is all of it.
"""

from pipeline.bulk.scoring import Summary, score_to_folder

__all__ = ["Summary", "score_to_folder"]
