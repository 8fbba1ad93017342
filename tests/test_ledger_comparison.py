"""Ledgers of one story side by side: what is joined, what is not, and what each row tells of each article."""

import pytest
from test_ledger_signals import AGAINST, PORT, article, said

from pipeline.ledger.alike import alike, claim_of, same_name
from pipeline.ledger.comparison import compare

BRIBES = "Port directors pocketed bribes from the Orsk shipping line."
CLAIMS = {
    "same words, same target": ((BRIBES, PORT), ("Directors pocketed bribes of a shipping line.", "the port"), True),
    "same words, no target": ((BRIBES, PORT), (BRIBES, None), True),
    "target named in the other's sentence": ((BRIBES, PORT), (BRIBES, "the Orsk shipping line"), True),
    "same words, another target": ((BRIBES, PORT), (BRIBES, "Ilse Marten"), False),
    "same target, other words": ((BRIBES, PORT), ("Cranes were left to rust for years.", PORT), False),
    "only the target in common": (("Ilse Marten stole.", "Ilse Marten"), ("Ilse Marten drank.", "Ilse Marten"), False),
    "only words of alleging in common": (("They allege he may have lied.", None), ("They allege he may be ill.", None), False),
    "one long name in common": (("Orsk sank.", None), ("Orsk paid.", None), False),
}  # fmt: skip


@pytest.mark.parametrize(("one", "other", "expected"), CLAIMS.values(), ids=CLAIMS)
def test_allegations_are_one_where_targets_and_contents_are_alike(one, other, expected):
    first, second = (claim_of(article(said("A", text, against=who))[0].statements[0]) for text, who in (one, other))
    assert alike(first, second) is alike(second, first) is expected


NAMES = {
    "title and surname": ("General Marta Oss", "Oss", True),
    "possessive and article": ("the Health Ministry's", "Ministry of Health", True),
    "another first name": ("Ana Brel", "Tom Brel", False),
    "part of a name": ("Vey", "the Port of Vey", False),
    "another ministry": ("Health Ministry", "Finance Ministry", False),
    "pronoun of possession": ("their", "their", False),
}


@pytest.mark.parametrize(("one", "other", "expected"), NAMES.values(), ids=NAMES)
def test_names_are_of_one_where_they_end_alike_and_one_holds_the_other(one, other, expected):
    assert same_name(one, other) is same_name(other, one) is expected


DENIED = said("D", "“No evidence,” Ilse Marten said.", "Ilse Marten", to=[("answers", 0)], kinds=("flat", "no-evidence"))
WIRE, _ = article(
    said("A", BRIBES, "Ines Calder", against=PORT),
    DENIED,
    said("A", "Ilse Marten hid the letters.", against="Ilse Marten"),
    document="wire",
)
DAILY, _ = article(
    said("C", "It rained."),
    said("A", "Directors may have pocketed bribes from a shipping line.", "critics", kind="collective", against="the port"),
    said("A", "They did pocket them.", "critics", kind="collective", to=[("restates", 1)]),
    said("E", "Bank slips show it.", "Bank slips", kind="document", to=[("supports", 2)], kinds=("record", "image")),
    document="daily",
)
LATE, _ = article(AGAINST, document="late")


def test_an_allegation_is_told_for_each_article_with_its_answer_evidence_and_wording():
    rows = list(compare([WIRE, DAILY]).rows())
    assert [(r["group"], r["document"], r["carried"]) for r in rows] == [
        (0, "wire", True), (0, "daily", True), (1, "wire", True), (1, "daily", False),
    ]  # fmt: skip
    told = ("sentences", "sources", "source_kinds", "wording", "denied", "denied_by", "denial_kinds", "evidence")
    assert [tuple(row[name] for name in told) for row in rows[:2]] == [
        ("0", "Ines Calder", "person", "flat", True, "Ilse Marten", "flat,no-evidence", ""),
        ("1|2", "critics|critics", "collective|collective", "both", False, "", "", "record|image"),
    ]
    assert {name: rows[3][name] for name in told} == dict.fromkeys(told, "")
    assert len({tuple(row) for row in rows}) == 1, "every row has the same columns"


def test_what_most_articles_carry_comes_first_whatever_their_order():
    def groups(ledgers):
        found = compare(ledgers)
        return {
            frozenset((name, cell.sentences) for name, cell in zip(found.documents, row.cells, strict=True) if cell)
            for row in found.allegations
        }

    assert [row.carriers for row in compare([LATE, WIRE, DAILY]).allegations] == [2, 1, 1]
    assert groups([WIRE, DAILY, LATE]) == groups([LATE, DAILY, WIRE])


def test_what_is_alike_to_one_between_is_joined():
    texts = (
        "Calder burned ledgers at night.",
        "Calder burned ledgers, sank boats at night.",
        "Clerks sank boats at dawn, twice at night.",
    )
    ends, between = ([article(said("A", texts[i]), document=str(i))[0] for i in numbers] for numbers in ((0, 2), (1,)))
    assert [row.carriers for row in compare(ends).allegations] == [1, 1]
    assert [row.carriers for row in compare(ends + between).allegations] == [3]


def test_one_article_joins_nothing_and_none_gives_nothing():
    twice, _ = article(said("A", BRIBES, against=PORT), said("A", BRIBES, against=PORT))
    assert [row.carriers for row in compare([twice]).allegations] == [1, 1]
    assert compare([]).allegations == ()
