"""What a person sees in a browser: a form for an article, and the article marked up. No script: a plain form is sent."""

from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from starlette.responses import HTMLResponse, Response

from pipeline.rendering import Style, environment, signs_of, style
from pipeline.service.asking import refuse_too_much
from pipeline.service.bodies import LONGEST_TITLE, ScoreOne
from pipeline.service.limits import Limits
from pipeline.service.problems import Refusal
from pipeline.service.work import documents_in_english
from pipeline.site.article import article_of
from pipeline.site.ledger import ledger_part
from pipeline.site.pages import origin

if TYPE_CHECKING:
    from jinja2 import Environment

    from pipeline.scorer import Scorer

PATH = "/"

_MEDIA_TYPE = "application/x-www-form-urlencoded"
_FIELDS = 8  # of a form, at most


@dataclass(frozen=True, slots=True)
class Form:
    """What stands in the form."""

    text: str = ""
    title: str = ""
    explain: bool = False
    force: bool = False


def read_form(body: bytes, content_type: str) -> Form:
    """Return what was filled in; line ends, which a browser sends as CR LF, are as they were pasted.

    Raises
    ------
    Refusal
        If the body is not that of a form.
    """
    if content_type.partition(";")[0].strip().lower() != _MEDIA_TYPE:
        raise Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"send the form as {_MEDIA_TYPE}, or JSON to /score")
    try:
        pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_FIELDS)
    except ValueError:
        raise Refusal(HTTPStatus.BAD_REQUEST, f"a form has {_FIELDS} fields at most") from None
    fields = {name: value.replace("\r\n", "\n") for name, value in pairs}
    return Form(fields.get("text", ""), fields.get("title", ""), "explain" in fields, "force" in fields)


def asked_of(form: Form) -> ScoreOne:
    """Return what the form asks for; raises a Refusal where there is no text in it."""
    if not form.text.strip():
        raise Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, "Paste the article's text first.")
    title = " ".join(form.title.split())[:LONGEST_TITLE] or None
    return ScoreOne(id="Pasted article", text=form.text, title=title, explain=form.explain, force=form.force)


def marked_up(scorer: "Scorer", *, body: bytes, content_type: str, limits: Limits) -> str:
    """Return the page that shows the text in a form, marked up; runs in a worker.

    Raises
    ------
    Refusal
        If the body cannot be read, has no text or one longer than `limits` allow, or one that is not in English, unless this
        was wished for.
    """
    asked = asked_of(read_form(body, content_type))
    refuse_too_much(asked, limits)
    (document,) = documents_in_english(asked, "tick the last box to have it read anyway")
    if scorer.makes_ledgers:
        ((scored, ledger),) = scorer.ledger_documents([document], explain=asked.explain)
        noted = ledger_part(ledger)
    else:
        (scored,), noted = scorer.score_documents([document], explain=asked.explain), None
    template = _environment().get_template("service/article.html.j2")
    article, signs = article_of(document, scored, scorer.labels), signs_of(scorer.labels)
    return template.render(
        article=article, ledger=noted, signs=signs, model=scorer.id, explained=asked.explain, origin=origin, place=None,
        style=_style(),
    )  # fmt: skip


def form_page(form: Form, refusal: Refusal | None = None) -> Response:
    """Return the page with the form as it was filled in, and why it was refused, if it was."""
    reason = None if refusal is None else _reason(refusal)
    page = _environment().get_template("service/form.html.j2").render(
        form=form, reason=reason, style=_style(), longest_title=LONGEST_TITLE
    )  # fmt: skip
    if refusal is None:
        return html(page, headers={"Cache-Control": "no-cache"})  # so that going back finds what was filled in
    return html(page, refusal.problem.status, refusal.headers)


def _reason(refusal: Refusal) -> str:
    faults = refusal.problem.faults
    return f"The article {faults[0].reason}." if faults else refusal.problem.detail


def refused_page(refusal: Refusal, body: bytes, content_type: str) -> Response:
    """Return the page with the form as it came, if it was one, and why it was refused."""
    try:
        return form_page(read_form(body, content_type), refusal)
    except Refusal:
        return form_page(Form(), refusal)


def html(page: str, status: int = HTTPStatus.OK, headers: dict[str, str] | None = None) -> Response:
    """Return a page as it is answered: nothing runs in it, and it loads nothing."""
    policy = f"default-src 'none'; style-src '{_style().hash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    return HTMLResponse(page, status, {"Content-Security-Policy": policy, **(headers or {})})


@cache
def _environment() -> "Environment":
    return environment(html=True)


@cache
def _style() -> Style:
    return style("base", "article", "ledger", "service")
