"""Trainings done several at a time, as a GPU is hardly busy with one."""

import os
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

import pandas as pd

from pipeline.cores import available_cores
from pipeline.encoder_learner import Learner
from pipeline.progress import track

_MEMORY = 8 * 2**30  # bytes of a GPU that one training takes: twelve layers of width 768, eight windows of 320 word pieces


def train_ahead(trainings: Sequence[tuple[Learner, pd.DataFrame]], at_once: int | None = None) -> None:
    """Do `trainings`, `at_once` of them at a time, so that `Learner.fit` finds them done.

    Each run of each is a process of its own, which leaves its state where that of `fit` would lie. With one at a time, which is
    what None means without a GPU, nothing is done ahead.
    """
    jobs = [(learner, table, run) for learner, table in trainings for run in range(learner.runs)]
    workers = _room(len(jobs)) if at_once is None else min(at_once, len(jobs))
    if workers < 2:
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_in_silence) as pool:
        started = [pool.submit(learner.fit_run, table, run) for learner, table, run in jobs]
        try:
            for done in track(as_completed(started), f"fine-tuning, {workers} at a time", len(started)):
                done.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)  # those that have begun come to their end
            raise


def _room(count: int) -> int:
    """Return how many trainings fit onto the GPU at a time, `count` at most; one where there is none."""
    import torch

    if not torch.cuda.is_available():
        return 1
    free, _ = torch.cuda.mem_get_info()
    return max(1, min(count, available_cores(), int(free) // _MEMORY))


def _in_silence() -> None:
    """Draw no bars: those of all processes would stand in each other's place."""
    sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - as long as the process lives
