"""Clean articles made to look like scraped pages: glued credits, lost spaces and line breaks, furniture, broken quotes.

Pages reach a scorer through scrapers that lose layout, and the corpus was mostly written clean. What an article gets
depends on its id and a seed alone, so that it is the same in every run and whatever else the corpus holds.
"""

import random
from collections.abc import Sequence
from itertools import pairwise

from pipeline.corpus import Article, GoldSentence
from pipeline.noise_kinds import NOISES, Page

_MOST_KINDS = 4


def with_page_noise(
    article: Article, share: float, seed: int, label: str | None, titles: Sequence[str] = ()
) -> tuple[Article, tuple[str, ...]]:
    """Return the article as a scraped page would have it, and the kinds of noise in it (see `noise_kinds.NOISES`).

    A `share` of all articles, drawn by id and `seed`, get one to four kinds; the others come back as they are. Gold spans
    follow the text exactly. A sentence that is put in (a credit, a stamp, a link to one of `titles`) is labelled `label`;
    with None it stays without a gold span.
    """
    draw = random.Random(f"{seed} {article.id}")
    if draw.random() >= share:
        return article, ()
    page = _taken_apart(article, titles)
    wanted = draw.randint(1, _MOST_KINDS)
    drawn = draw.sample(tuple(NOISES), len(NOISES))
    chosen = sorted(drawn[:wanted], key=list(NOISES).index)
    done = [kind for kind in chosen if _made(page, kind, f"{seed} {article.id} {kind}")]
    if not done:
        done = [next(kind for kind in drawn if _made(page, kind, f"{seed} {article.id} {kind}"))]
    return _put_together(article, page, label), tuple(done)


def _made(page: Page, kind: str, seed: str) -> bool:
    """Put noise of one kind into `page`, where it can be; each kind has draws of its own."""
    page.draw = random.Random(seed)
    return NOISES[kind](page)


def _taken_apart(article: Article, titles: Sequence[str]) -> Page:
    bounds = [0, *(place for s in article.sentences for place in (s.start, s.end)), len(article.text)]
    pieces = [article.text[a:b] for a, b in pairwise(bounds)]
    return Page(gaps=pieces[::2], texts=pieces[1::2], titles=titles)


def _put_together(article: Article, page: Page, label: str | None) -> Article:
    text, sentences = "", []
    for gap, sentence, origin in zip(page.gaps, page.texts, page.origins, strict=False):
        start = len(text) + len(gap)
        text += gap + sentence
        if origin is not None:
            gold = article.sentences[origin]
            sentences.append(gold.model_copy(update={"start": start, "end": start + len(sentence)}))
        elif label is not None:
            sentences.append(GoldSentence(start=start, end=start + len(sentence), label=label))
    return article.model_copy(update={"text": text + page.gaps[-1], "sentences": tuple(sentences)})
