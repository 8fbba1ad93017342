from dataclasses import replace

import pandas as pd
import pytest

from pipeline.actor_swaps import CHARGED, actors_of, charged, exchanged
from pipeline.contrast import Behaviour
from pipeline.corpus import Article
from pipeline.neutrality import COLUMNS, flipped, measure_neutrality, swapped
from pipeline.scorer import ScoredSentence
from pipeline.sentences import split_sentences


def article(text, people=(), name="a"):
    return Article.model_validate(
        {"id": name, "text": text, "people": people, "sentences": [{"start": 0, "end": len(text), "label": "x"}]}
    )


ACTORS = {
    "people of the corpus, the most frequent first": (
        "Ana Ruiz met Bo Lind. Lind left. Lind's car did not.", ("Ana Ruiz", "Bo Lind", "Not There"), ["Bo Lind", "Ana Ruiz"],
    ),
    "names inside sentences where the corpus names too few": (
        "Today Norway met Chad Ware. On Monday the Norway team of Chad Ware met Peru.", (), ["Norway", "Chad Ware"],
    ),
    "no headline, no beginning, no adjective of a nation": (
        "Big Row Over Old Dam\nTalks began. Talks ended. In Rome the Italian side lost Rome to the Italian left.", (), ["Rome"],
    ),
    "a name of the corpus is not found once more": (
        "It was Bo Lind. It was Lind, said Lind. It was Oslo, then Oslo.", ("Bo Lind",), ["Bo Lind", "Oslo"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "people", "expected"), ACTORS.values(), ids=ACTORS)
def test_who_is_an_actor(text, people, expected):
    assert [actor.name for actor in actors_of(article(text, people))] == expected


def test_two_actors_change_places_in_every_form():
    text = "Ana Ruiz accused Bo\nLind. Lind's lawyer called Ruiz a liar; Lindgren and Lind-Berg laughed."
    swap = exchanged(article(text, ("Ana Ruiz", "Bo Lind")))
    assert (swap.source, swap.to) == ("Ana Ruiz", "Bo Lind")
    assert swap.text == "Bo Lind accused Ana Ruiz. Ruiz's lawyer called Lind a liar; Lindgren and Lind-Berg laughed."


def test_a_name_of_one_word_takes_the_whole_other_name():
    swap = exchanged(article("So Oslo sued Bo Lind. Then Lind left Oslo. And Lind sang.", ("Bo Lind", "Oslo")))
    assert swap.text == "So Bo Lind sued Oslo. Then Oslo left Bo Lind. And Oslo sang."


def test_a_charged_name_takes_the_place_of_noun_and_adjective():
    swap = charged(article("The Kremlin denied it, and the Kremlin's men left for Chile.", ("Kremlin",)))
    assert swap.text == f"{swap.to} denied it, and {swap.to}'s men left for Chile."
    nation = charged(article("A Chilean judge said Chile had paid. In Chile, many doubt it."))
    assert nation.text == f"A {CHARGED[nation.to]} judge said {nation.to} had paid. In {nation.to}, many doubt it."
    assert charged(article("Nobody is named here.")) is None
    assert exchanged(article("Only Oslo is named, and Oslo again.")) is None


def test_a_charged_name_is_not_one_of_the_article():
    text = "Ana Ruiz spoke of " + ", ".join(name for name in CHARGED if name != "Taiwan") + "."
    assert charged(article(text, ("Ana Ruiz",))).to == "Taiwan"


class Partisan:
    """Calls what a sentence says of Russia, or of Bo Lind, by another label."""

    def score_documents(self, documents):
        return [[self._scored(d.text, span) for span in split_sentences(d.text)] for d in documents]

    @staticmethod
    def _scored(text, span):
        words = text[span.start : span.end]
        against = 0.9 if any(name in words for name in ("Lind", *CHARGED)) else 0.2
        label = "for" if against < 0.5 else "against"
        probabilities = {"for": 1 - against, "against": against}
        return ScoredSentence(span.start, span.end, words, label, probabilities[label], probabilities, (label,))


class Impartial(Partisan):
    @staticmethod
    def _scored(text, span):
        return ScoredSentence(
            span.start, span.end, text[span.start : span.end], "for", 1.0, {"for": 1.0, "against": 0.0}, ("for",)
        )


TEXTS = [
    article("Ana Ruiz spoke. Ana Ruiz sang. It rained.", ("Ana Ruiz",), "charged alone"),
    article("Ana Ruiz met Bo Lind at noon. Ruiz had tea, and Lind did not. It rained.", ("Ana Ruiz", "Bo Lind"), "both"),
    article("It rained.", (), "nobody"),
]
WRITTEN = Behaviour(
    pairs=pd.DataFrame(),
    swaps=pd.DataFrame(
        {
            "id": "s", "sentence": [0, 1], "text_a": ["A lied.", "So what?"], "text_b": ["B lied.", "So what?"],
            "got_a": ["for", "for"], "got_b": ["against", "for"], "p_a": [0.7, 0.6], "p_kept": [0.4, 0.6],
        }
    ),
    perturbations=pd.DataFrame(),
    parties={"s": ("A", "B")},
)  # fmt: skip


def test_a_partisan_is_found_out():
    model = Partisan()
    swaps = swapped(model, WRITTEN, TEXTS, model.score_documents(TEXTS))
    found = measure_neutrality(swaps, 0.02, resamples=1000, seed=0)
    figures = {"flip_rate": 1.0, "mean_change": pytest.approx(0.3), "sentences": 1, "flip_rate_beside": 0.0}
    nothing = {"flip_rate": None, "mean_change": None, "sentences": 0, "flip_rate_beside": None}
    assert found["written"] == {**figures, "named": figures, "described": nothing}
    assert found["generated"]["exchanged"]["sentences"] == 2
    assert found["generated"]["exchanged"]["flip_rate"] == 0, "Lind is in both sentences, before and after"
    assert found["generated"]["charged"]["sentences"] == 4
    assert found["generated"]["charged"]["flip_rate"] == 0.5
    assert found["generated"]["articles_skipped"] == 3, "one exchange and both swaps of nobody"
    assert found["together"]["sentences"] == 7
    assert found["together"]["flip_rate"] == pytest.approx(3 / 7)
    assert found["together"]["flip_rate_low"] == 0, "the articles are drawn, of which one never flips"
    assert found["together"]["flip_rate_high"] == 1, "and two always do"
    assert found["limit"] == 0.02
    rows = flipped(swaps.sentences)
    assert tuple(rows) == COLUMNS
    assert rows["kind"].tolist() == ["written", "generated", "generated"]
    assert rows[["document", "from", "before", "after"]].values.tolist()[0] == ["s", "A", "for", "against"]
    assert rows["change"].tolist() == pytest.approx([-0.3, -0.7, -0.7])


def test_the_impartial_changes_nothing_and_other_labels_have_no_written_swaps():
    model = Impartial()
    found = measure_neutrality(swapped(model, None, TEXTS, model.score_documents(TEXTS)), 0.02, resamples=10, seed=0)
    assert found["generated"]["flip_rate"] == found["generated"]["mean_change"] == 0
    nothing = {"flip_rate": None, "mean_change": None, "sentences": 0, "flip_rate_beside": None}
    assert found["written"] == {**nothing, "named": nothing, "described": nothing}


def test_written_parties_are_told_apart_by_whether_both_have_a_name():
    parties = {"s": ("Vale & Co", "the union")}
    swaps = swapped(Partisan(), replace(WRITTEN, parties=parties), [], [])
    found = measure_neutrality(swaps, 0.02, resamples=10, seed=0)["written"]
    assert (found["named"]["sentences"], found["described"]["sentences"]) == (0, 1)
