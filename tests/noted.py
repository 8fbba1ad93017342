"""A ledger made by hand of an invented article, and a model that makes no other."""

from dataclasses import replace

from scored import Model, scored

from pipeline.documents import Document
from pipeline.ledger.pages import text_hash
from pipeline.ledger.statements import Extract, Ledger, Link, Signal, Source, Statement, Target

TEXT = (
    "Harbour chief denies theft\n"
    "The port may have sold berths for cash. That is what Ines Calder, a clerk, said on Monday.\n"
    "“A lie,” said Ilse Marten, who runs the port. “Look at the clerk's own boat.\n"
    "Bank records show five payments. The port sold its berths, critics said. It rained."
)
LABELS = ("context", "allegation", "context", "denial", "allegation", "evidence-claim", "allegation", "context")
CALDER, MARTEN = "Ines Calder", "Ilse Marten"
MADE_BY = "ledger-0123456789ab"


def extract(text, words, after=0):
    start = text.index(words, after)
    return Extract(start, start + len(words), words)


def sentences_of(text=TEXT):
    return scored(text, turn=LABELS)


def ledger_of_article(document="quay.txt", text=TEXT, title=None, model=MADE_BY, labelled_by="stance-0123456789ab"):
    """Return the ledger of `TEXT`, or of another text that begins with it."""
    found = sentences_of(text)

    def statement(number, source, content, *, cue=None, **known):
        s = found[number]
        pieces = tuple(extract(text, words, s.start) for words in content)
        said = None if cue is None else extract(text, cue, s.start)
        return Statement(number, s.start, s.end, s.text, s.label, s.probability, source, pieces, cue=said, **known)

    port = Target(extract(text, "The port"), 1, "The port")
    marten = Target(extract(text, MARTEN), 3, MARTEN)
    return Ledger(
        document, title, text_hash(text), model, labelled_by,
        (
            statement(
                1, Source("person", extract(text, CALDER), 2, CALDER), ["The port may have sold berths for cash"],
                quotation="indirect", target=port, hedges=(extract(text, "may"),), rules={"source": "forward"},
            ),
            statement(
                3, Source("person", extract(text, MARTEN), 3, MARTEN), ["A lie"], cue="said", quotation="direct",
                links=(Link("answers", 1, 0.9),), kinds=("flat",),
            ),
            statement(
                4, Source("person", extract(text, MARTEN), 3, MARTEN), ["Look at the clerk's own boat"], quotation="floating",
                quote_unclosed=True, links=(Link("counters", 1, 0.6),), target=replace(marten, who=CALDER, carried=True),
            ),
            statement(
                5, Source("document", extract(text, "Bank records"), 5, "Bank records"), ["five payments"], cue="show",
                quotation="indirect", links=(Link("supports", 6, 0.8),), kinds=("record",),
            ),
            statement(
                6, Source("collective", extract(text, "critics"), 6, "critics"), ["The port sold its berths"], cue="said",
                quotation="indirect", target=port, links=(Link("restates", 1, 0.7),),
            ),
        ),
        (Signal("hardening", "1 allegation is hedged at first and flat later.", (1, 6), 1.0),),
    )  # fmt: skip


class LedgerModel(Model):
    """Makes the ledger above of any text that begins with `TEXT`, and an empty one of any other."""

    ledger_id = MADE_BY
    makes_ledgers = True

    def ledger(self, text, title=None):
        [(_, found)] = self.ledger_documents([Document("", text, title)])
        return found

    def ledger_documents(self, documents, *, explain=False):
        for document in documents:
            known = document.text.startswith(TEXT)
            found = ledger_of_article(document.id, document.text if known else TEXT, document.title, self.ledger_id, self.id)
            empty = replace(found, text_sha256=text_hash(document.text), statements=(), signals=())
            yield scored(document.text, turn=LABELS, explain=explain), found if known else empty
