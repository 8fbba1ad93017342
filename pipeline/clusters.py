"""Near-duplicate articles: clusters that stay on one side of every split."""

import re
from collections.abc import Sequence

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
    cluster = list(range(len(texts)))
    for i, text in enumerate(texts):
        signature = MinHash(num_perm=_PERMUTATIONS, seed=1)
        signature.update_batch(_shingles(text))
        for j in index.query(signature):
            if signature.jaccard(signatures[j]) >= threshold:
                low, high = sorted((_root(cluster, i), _root(cluster, j)))
                cluster[high] = low
        index.insert(i, signature)
        signatures.append(signature)
    return [_root(cluster, i) for i in range(len(texts))]


def _shingles(text: str) -> list[bytes]:
    words = _WORD.findall(text.lower())
    count = max(1, len(words) - _SHINGLE + 1)
    return [" ".join(words[i : i + _SHINGLE]).encode("utf-8", "replace") for i in range(count)]


def _root(cluster: list[int], i: int) -> int:
    while cluster[i] != i:
        i = cluster[i]
    return i
