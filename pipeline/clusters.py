"""Near-duplicate articles: clusters that stay on one side of every split."""

import hashlib
import re
from collections.abc import Mapping, Sequence

_WORD = re.compile(r"\w+")
_SHINGLE = 5  # words
_PERMUTATIONS = 128


def near_duplicate_clusters(texts: Sequence[str], threshold: float) -> list[int]:
    """Return a cluster number for each text; texts whose word 5-grams have a Jaccard similarity from `threshold` on share one.

    Similarity is estimated by MinHash (Broder 1997, `datasketch`) with a fixed seed. A cluster's number is the index of
    its first text; a text without a near-duplicate is a cluster of its own. Similarity is made transitive.
    """
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(threshold=0.8 * threshold, num_perm=_PERMUTATIONS)  # candidates; the signatures decide
    signatures: list[MinHash] = []
    parent = {i: i for i in range(len(texts))}
    for i, text in enumerate(texts):
        signature = MinHash(num_perm=_PERMUTATIONS, seed=1)
        signature.update_batch(_shingles(text))
        for j in index.query(signature):
            if signature.jaccard(signatures[j]) >= threshold:
                low, high = sorted((_find(parent, i), _find(parent, j)))
                parent[high] = low
        index.insert(i, signature)
        signatures.append(signature)
    return [_find(parent, i) for i in range(len(texts))]


def joined_clusters(clusters: Sequence[int], groups: Sequence[str | None]) -> list[int]:
    """Return `clusters` with those joined that hold texts of the same group; None is no group.

    >>> joined_clusters([0, 1, 2, 2, 4], ["a", None, None, "a", None])
    [0, 1, 0, 0, 4]
    """
    parent = {cluster: cluster for cluster in clusters}
    first: dict[str, int] = {}
    for cluster, group in zip(clusters, groups, strict=True):
        if group is not None:
            low, high = sorted((_find(parent, cluster), _find(parent, first.setdefault(group, cluster))))
            parent[high] = low
    return [_find(parent, cluster) for cluster in clusters]


def _shingles(text: str) -> list[bytes]:
    words = _WORD.findall(text.lower())
    count = max(1, len(words) - _SHINGLE + 1)
    return [" ".join(words[i : i + _SHINGLE]).encode("utf-8", "replace") for i in range(count)]


def _find(parent: Mapping[int, int], i: int) -> int:
    while parent[i] != i:
        i = parent[i]
    return i


def fraction_of(name: str) -> float:
    """Return a number from 0 up to 1 that depends on `name` alone, to draw a share that stays the same as a corpus grows."""
    return int.from_bytes(hashlib.sha256(name.encode("utf-8", "replace")).digest()[:8]) / 2**64
