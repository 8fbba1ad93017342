"""The articles of the corpus of which people annotated who says what."""

from dataclasses import dataclass
from functools import cached_property

from pipeline.attributions import AttributedArticle, read_attributions
from pipeline.corpus import Article, corpus_files, read_articles
from pipeline.ledger.gold import statements_of
from pipeline.ledger.pages import Page, Tokenizer
from pipeline.ledger.statements import Statement
from pipeline.params import AttributionFile, Params
from pipeline.paths import Paths
from pipeline.roles import has_rules_for
from pipeline.tables import read_sentences


@dataclass(frozen=True)
class Annotated:
    """An article and what was annotated in it."""

    article: Article
    attributed: AttributedArticle

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """The annotated statements."""
        return statements_of(self.article, self.attributed)

    def page(self, tokenizer: Tokenizer) -> Page:
        """Return the page of the article, with the annotated sentences and labels."""
        return Page.of(self.article.text, self.article.sentences, tokenizer)


def annotated_articles(paths: Paths, params: Params, split: str, file: AttributionFile | None = None) -> list[Annotated]:
    """Return the annotated articles that are for `split`, in the order of `file`; without one, of that of the parameters.

    There are none where there is no file, or the labels are not the four roles.

    Raises
    ------
    InputError
        If the file is broken, or tells of an article that the corpus does not have.
    """
    name = file or params.ledger.attribution
    if name is None or not has_rules_for(params.labels):
        return []
    articles = {article.id: article for article in read_articles(corpus_files(paths.root / params.split.corpus), params.labels)}
    table = read_sentences(paths.sentences)
    wanted = set(table.loc[table["split"] == split, "document"])
    found = read_attributions([paths.root / name], articles)
    return [Annotated(articles[one.id], one) for one in found if one.id in wanted]
