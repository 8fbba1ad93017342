"""Who is meant: names, descriptions and pronouns, each with the fullest name that the article has, or flagged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.ledger.identities import Identities
from pipeline.ledger.statements import Extract
from pipeline.sentences import Span

WORDS = """
    he she it they the a an his her said denied office ministry foreign club lawyer head police people yesterday trawlers mayor
    council port critics clerk report spokesman union harbour of fisheries for rain
"""
COMMON = frozenset(WORDS.split())


def meant(article, after=None):
    """Return the fullest name for the words in brackets, one sentence of `article` a line."""
    start, end = article.index("["), article.index("]") - 1
    text = article.replace("[", "").replace("]", "")
    spans, at = [], 0
    for line in text.split("\n"):
        spans.append(Span(at, at + len(line)))
        at += len(line) + 1
    sentence = next(number for number, span in enumerate(spans) if span.start <= start < span.end)
    return Identities(text, spans, COMMON).fullest(Extract(start, end, text[start:end]), sentence, after=after)


OSS, OSS_SPOKE = "General Marta Oss", "General Marta Oss said it rained.\n"
NAMES = {
    "a surname": (OSS_SPOKE + "[Oss] denied it.", OSS),
    "a name that is given in full later": ("[Oss] denied it.\nYesterday Gen. Marta Oss spoke.", "Gen. Marta Oss"),
    "with the possessive": (OSS_SPOKE + "[Oss\u2019s] report denied it.", OSS),
    "with what he is before it": (OSS_SPOKE + "The club denied that [the lawyer Marta Oss] lied.", OSS),
    "with where he is from behind it": ("[Ian Roe of the port] denied it.", "Ian Roe"),
    "one body beside another of its kind": (
        "The Vey Defence Ministry spoke.\nThe [Foreign Ministry] denied it.",
        "Foreign Ministry",
    ),
    "a ministry whose name is turned round": (
        "The Vey Ministry of Foreign Affairs spoke.\nThe [Foreign Ministry] denied it.",
        "Vey Ministry of Foreign Affairs",
    ),
    "a university that is called otherwise": (
        "The University of Vey spoke.\nThe [Vey University] denied it.",
        "Vey University",
    ),
    "part of the name of a body": ("The Vey Harbour Union spoke.\n[Vey Harbour] denied it.", "Vey Harbour Union"),
    "a person before a body of that name": ("Ian Roe left the Club Roe.\n[Roe] denied it.", "Ian Roe"),
}
DESCRIPTIONS = {
    "a name in apposition": ("Rain fell.\nRain fell.\n[His spokesman], Ian Roe, denied it.", "Ian Roe"),
    "a person introduced by it": ("Ian Roe, a port spokesman, left.\nRain fell.\n[The spokesman] denied it.", "Ian Roe"),
    "one introduced before the name": ("Port lawyer Ana Brel left.\nRain fell.\n[The lawyer] denied it.", "Ana Brel"),
    "of two, the one who has another of its words": (
        "Ian Roe, lawyer of the club, met Ana Brel, lawyer of the port.\nRain fell.\n[The port's lawyer] denied it.",
        "Ana Brel",
    ),
    "described in the lead and named later": (
        "[The head of the port] denied it.\nRain fell.\nAna Brel, the port's head, left.",
        "Ana Brel",
    ),
    "a body": ("The Foreign Ministry spoke.\nRain fell.\n[The ministry] denied it.", "Foreign Ministry"),
    "a body by the noun before of": (
        "The Ministry of Fisheries spoke.\nRain fell.\n[The ministry] denied it.",
        "Ministry of Fisheries",
    ),
    "nobody in particular": (OSS_SPOKE + "Rain fell.\n[A clerk] denied it.", "A clerk"),
    "many": (OSS_SPOKE + "Rain fell.\n[critics of Oss] denied it.", "critics of Oss"),
    "a document that was introduced as it is": ("A new report came.\nRain fell.\n[The report] denied it.", "The report"),
}
PRONOUNS = {
    "the only one whose pronoun it is": (OSS_SPOKE + "She met the mayor.\n[She] denied it.", OSS),
    "one known by a title": ("Mr. Ian Roe met Ms. Ana Brel.\n[She] denied it.", "Ms. Ana Brel"),
}
OPEN = {
    "a name of two people": "Ana Brel met Tom Brel.\n[Brel] denied it.",
    "a person introduced like another": "Ian Roe, a lawyer, met Ana Brel, a lawyer.\nRain fell.\n[The lawyer] denied it.",
    "a description of nobody named": "Rain fell.\nRain fell.\n[The lawyer] denied it.",
    "a description in the lead of nobody named": "[The head of the port of Vey] denied it.",
    "a pronoun for either of two": "Ian Roe met Ana Brel.\n[She] denied it.",
    "a pronoun that does not go with who is near": "Mr. Ian Roe spoke.\n[She] denied it.",
    "one named too long ago": "Ms. Ana Brel spoke.\n" + "Rain fell.\n" * 3 + "[She] denied it.",
    "one named in a quotation only": "\u201cMs. Ana Brel knows,\u201d the clerk said.\n[She] denied it.",
    "they": "Ian Roe met Ana Brel.\n[They] denied it.",
}


@pytest.mark.parametrize(("article", "who"), (NAMES | DESCRIPTIONS | PRONOUNS).values(), ids=NAMES | DESCRIPTIONS | PRONOUNS)
def test_the_fullest_name_is_found(article, who):
    assert meant(article) == (who, True)


@pytest.mark.parametrize("article", OPEN.values(), ids=OPEN)
def test_what_is_not_safe_keeps_its_words(article):
    assert meant(article) == (article[article.index("[") + 1 : article.index("]")], False)


AFTER = {
    "the speaker before, though somebody else is near": (OSS_SPOKE + "She met Ian Roe.\n[She] denied it.", OSS, OSS),
    "a person who is near and fits": (OSS_SPOKE + "Rain fell.\n[She] denied it.", OSS, OSS),
    "a person who was named long ago, the only one": (
        "Ms. Ana Brel left.\n" + "Rain fell.\n" * 5 + "[She] denied it.",
        "Ana Brel",
        "Ms. Ana Brel",
    ),
    "a document": ("A report came.\n[It] denied the rain.", "A report", "A report"),
    "a document that stands too far off": ("A report came.\nRain fell.\n[It] denied it.", "A report", None),
    "a person for it": (OSS_SPOKE + "[It] denied it.", OSS, None),
    "a person with another pronoun": ("Mr. Ian Roe spoke.\n[She] denied it.", "Mr. Ian Roe", None),
    "a pronoun that stayed open": ("Rain fell.\n[She] denied it.", "she", None),
}


@pytest.mark.parametrize(("article", "after", "who"), AFTER.values(), ids=AFTER)
def test_a_pronoun_prefers_the_speaker_before_if_he_fits(article, after, who):
    pronoun = article[article.index("[") + 1 : article.index("]")]
    assert meant(article, after) == ((pronoun, False) if who is None else (who, True))


def test_a_headline_in_title_case_has_no_names():
    assert meant("Mayor Ana Brel Denies Rain\n[Brel] denied it.\nAna Brel left.") == ("Ana Brel", True)


PIECES = [
    "Ann Roe",
    "\u2019s ",
    ", ",
    "a ",
    "the lawyer ",
    "of ",
    ". ",
    '"',
    "\u201c",
    "he ",
    "Ministry of ",
    "\n",
    "\ud800",
    "\u0130",
]


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=20).map("".join), st.data())
def test_any_words_of_any_text_have_a_name_that_is_text_of_it(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    who, _ = Identities(text, [Span(0, len(text))]).fullest(Extract(start, end, text[start:end]), 0)
    assert who in text
