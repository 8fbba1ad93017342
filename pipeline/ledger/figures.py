"""The numbers of a sentence that count or measure something: no dates, times, years, ages, ordinals or labels."""

import re

from pipeline.ledger.statements import Extract

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?\b"
_SHARE = r"(?!\s*(?:%|percent\b|per\ cent\b))"
_NO_FIGURE = re.compile(
    "|".join([
        rf"\b{_MONTH}\s+{_DAY}(?:\s*(?:-|–|and|to)\s*{_DAY})?(?:,?\s+\d{{4}}\b)?",  # March 23, 2017
        rf"\b{_DAY}(?:\s*(?:-|–|,|and|to)\s*{_DAY})?\s+(?:of\s+)?{_MONTH}",  # 23 March
        r"\b\d{1,4}([/.-])\d{1,2}\1\d{1,4}\b",  # 2017-03-23
        r"\b\d{1,2}/\d{1,2}\b",  # 9/11
        r"\b\d{1,2}:\d{2}\b|\b\d{1,2}(?:[:.]\d{2})?\s*[ap]\.?m\b",  # 10:30, 9 pm
        rf"(?<![\d.,$€£¥])\b(?:1[5-9]|20)\d{{2}}(?:s|[-–/]\d{{2,4}})?\b{_SHARE}(?![.,]\d)",  # 2010, 1990s, 2016-17
        r"\b\d+(?:st|nd|rd|th)\b",  # 23rd
        r"\b\d{1,3}[-\s](?:year|month|week)s?[-\s]old\b|\bage(?:d|\sof)?\s\d{1,3}\b|(?<=[^\W\d],\s)\d{2}(?=,)",  # Ada Roe, 34,
        r"\b(?:article|section|paragraph|chapter|page|exhibit|count|clause|rule|room|gate|flight|route|channel|no\.)\s\d+\b",
    ]),
    re.IGNORECASE,
)  # fmt: skip
_FIGURE = re.compile(
    r"(?<![\w.,/-])[$€£¥]?\d+(?:[.,]\d+)*(?![\w/])(?:\s*%|\s+(?:percent|per cent|hundred|thousand|million|billion|trillion)\b)?"
    r"|(?<![\w-])(?:dozens?|hundreds?|thousands?|millions?|billions?)(?![\w-])",
    re.IGNORECASE,
)


def figures_of(text: str, start: int = 0) -> tuple[Extract, ...]:
    """Return the numbers of a sentence that count or measure, in digits or as dozens to billions.

    What is a date, a time of day, a year, an age, an ordinal, a label ("Article 5") or a part of a name ("Mi-17") is none;
    nor is a number below a dozen in words. Four digits without a comma from 1500 to 2099 are taken for a year.

    >>> [figure.text for figure in figures_of("On March 23, 2017 Ada Roe, 34, lost 1,500 euros, 12.5% of it, in the 2nd raid.")]
    ['1,500', '12.5%']
    """
    ruled_out = [match.span() for match in _NO_FIGURE.finditer(text)]
    return tuple(
        Extract(start + match.start(), start + match.end(), match.group())
        for match in _FIGURE.finditer(text)
        if not any(first < match.end() and match.start() < last for first, last in ruled_out)
    )
