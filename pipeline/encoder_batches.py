"""Documents that an encoder learns from, as batches of windows with what is to be learnt of each sentence."""

import math
import random
from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

from pipeline.encoder_files import Floats
from pipeline.encoder_learner import Labelled
from pipeline.params import FineTuneParams
from pipeline.windows import Window, WindowShape, windows

Batch = list[tuple[Window, Floats]]

_ROUND = 32  # word pieces: lengths are padded to multiples, as every new shape costs a set-up
_CHUNK = 20  # batches among which windows are sorted by length
_EXCERPT = 5  # most sentences of an excerpt


def batches_of(
    learnt: Sequence[tuple[Labelled, Floats]], shape: WindowShape, params: FineTuneParams, draw: random.Random
) -> list[Batch]:
    """Return the windows of all documents in batches of like length, in random order, cut elsewhere each time.

    Of a share of the documents an excerpt is learnt too, as briefs and pasted passages are that short.
    """
    found: Batch = []
    for document, targets in learnt:
        cut = windows(
            document.pieces,
            document.starts_line,
            document.headline,
            shape,
            lambda size: int(size * draw.uniform(0.3, 1)),
        )
        found += [(w, targets[w.first : w.first + len(w.places)]) for w in cut]
        if params.excerpts and draw.random() < params.excerpts:
            found += _excerpt(document, targets, shape, draw)
    draw.shuffle(found)
    batches: list[Batch] = []
    for i in range(0, len(found), params.batch * _CHUNK):
        chunk = sorted(found[i : i + params.batch * _CHUNK], key=lambda item: len(item[0].ids))
        parts = [chunk[k : k + params.batch] for k in range(0, len(chunk), params.batch)]
        draw.shuffle(parts)
        batches += parts
    return batches


def _excerpt(document: Labelled, targets: Floats, shape: WindowShape, draw: random.Random) -> Batch:
    """Return a few sentences of `document`, from anywhere, under its headline, as if they were all there is."""
    start = draw.randrange(len(document.pieces))
    part = slice(start, start + draw.randint(1, _EXCERPT))
    pieces, lines = document.pieces[part], document.starts_line[part]
    cut = windows(pieces, lines, document.headline, shape, from_start=start > 0)
    return [(w, targets[part][w.first : w.first + len(w.places)]) for w in cut]


def tensors_of(batch: Batch) -> Iterator[Tensor]:
    """Yield the word pieces of a batch, their mask, the matrix that averages them to sentences, and what to learn."""
    length = math.ceil(max(len(window.ids) for window, _ in batch) / _ROUND) * _ROUND
    sentences = max(len(window.places) for window, _ in batch)
    ids = torch.zeros((len(batch), length), dtype=torch.long)
    mask = torch.zeros((len(batch), length))
    pool = torch.zeros((len(batch), sentences, length))
    targets = torch.zeros((len(batch), sentences, batch[0][1].shape[1]))
    for i, (window, rows) in enumerate(batch):
        ids[i, : len(window.ids)] = torch.tensor(window.ids)
        mask[i, : len(window.ids)] = 1
        for k, place in enumerate(window.places):
            pool[i, k, place.start : place.stop] = 1 / len(place)
        targets[i, : len(rows)] = torch.from_numpy(rows)
    yield from (ids, mask, pool, targets)
