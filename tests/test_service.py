"""The service as programs see it: what it answers, what it refuses and how it says so. No port is opened here."""

import asyncio
import base64
import json
import re
from dataclasses import replace

import httpx2
import pytest

from pipeline import ModelError, load_model
from pipeline.manifest import read_manifest
from pipeline.service.app import create_app
from pipeline.service.guard import LOOPBACK_NAMES
from pipeline.service.limits import Limits
from pipeline.service.problems import MEDIA_TYPE
from pipeline.service.work import describe

TEXT = "A baker accused the mayor of theft. The mayor denied it."
GERMAN = "Der Bürgermeister wies die Vorwürfe am Dienstag zurück. " * 5
TOKEN = "a-token-of-thirty-one-characters"
LIMITS = Limits(body=20_000, article=2_000, documents=3, waiting=1, seconds=5)


class Here:
    """Does the work in the test's own process; `before` is awaited first."""

    def __init__(self, model, before=None):
        self.scorer = load_model(model)
        self.described = describe(self.scorer, read_manifest(model))
        self.before = before

    async def run(self, job, deadline):
        if self.before:
            await self.before(deadline)
        return job(self.scorer)


@pytest.fixture(scope="module")
def workers(toy):
    return Here(toy)


@pytest.fixture(scope="module")
def app(workers):
    return create_app(workers, LIMITS, names=LOOPBACK_NAMES)


async def client_of(app):
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app, raise_app_exceptions=False), base_url="http://localhost")


def sent(app, method, path, **options):
    async def send():
        async with await client_of(app) as client:
            return await client.request(method, path, **options)

    return asyncio.run(send())


def posted(app, body, **options):
    return sent(app, "POST", "/score", json=body, **options)


def problem_of(response, status):
    """The problem that a refusal tells of; it has one form, and nothing of our insides."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == MEDIA_TYPE
    problem = response.json()
    assert set(problem) == {"title", "status", "detail", "faults"}
    assert problem["status"] == status
    assert "Traceback" not in response.text
    assert ".py" not in response.text
    return problem


def test_one_text_is_scored_as_the_model_scores_it(app, workers):
    answer = posted(app, {"text": TEXT, "title": "Theft", "id": "a-1"}).json()
    assert (answer["model"], answer["schema"], [d["id"] for d in answer["documents"]]) == (workers.scorer.id, 2, ["a-1"])
    for got, s in zip(answer["documents"][0]["sentences"], workers.scorer.score(TEXT, "Theft"), strict=True):
        assert got == {
            "start": s.start,
            "end": s.end,
            "text": TEXT[s.start : s.end],
            "label": s.label,
            "probability": round(s.probability, 6),
            "probabilities": {label: round(p, 6) for label, p in s.probabilities.items()},
            "label_set": list(s.label_set),
            "needs_review": s.needs_review,
        }


def test_many_texts_keep_their_order_and_get_numbers_for_names(app):
    answer = posted(app, {"documents": [{"text": "It rained."}, {"text": " \n", "id": "blank"}, {"text": TEXT}]}).json()
    assert [(d["id"], len(d["sentences"])) for d in answer["documents"]] == [("0", 1), ("blank", 0), ("2", 2)]


def test_words_come_where_they_are_asked_for(app):
    (document,) = posted(app, {"text": TEXT, "explain": True}).json()["documents"]
    for sentence in document["sentences"]:
        assert sentence["words"]
        assert all(TEXT[word["start"] : word["end"]] == word["text"] for word in sentence["words"])


def test_half_a_surrogate_pair_keeps_its_place(app):
    (document,) = sent(
        app, "POST", "/score", content=rb'{"text": "He \ud83d denied it."}', headers={"content-type": "application/json"}
    ).json()["documents"]
    assert [(s["start"], s["end"], s["text"]) for s in document["sentences"]] == [(0, 15, "He \ufffd denied it.")]


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ({}, "text: Field required"),
        ([], "must be an object"),
        ({"text": 3}, "text: Input should be a valid string"),
        ({"text": "x", "explain": "yes"}, "explain: Input should be a valid boolean"),
        ({"text": "x", "one": 1}, "one: unknown key"),
        ({"documents": []}, "documents: List should have at least 1 item after validation, not 0"),
        ({"documents": [{"text": "x"}, {"title": "y"}]}, "documents.1.text: Field required"),
        ({"documents": [{"text": "x"}] * 4}, "documents: may be 3 at once. Got 4"),
        ({"documents": [{"text": "x"}, {"text": "x" * 2001}]}, "documents.1.text: may have 2,000 characters. Got 2,001"),
        ({"text": "x", "title": "y" * 1001}, "title: String should have at most 1000 characters"),
        ({"text": GERMAN}, "text: is not in English but, it seems, in 'de' (ISO 639): `force` has it scored anyway"),
    ],
)
def test_a_body_that_will_not_do_says_where_and_why(app, body, detail):
    problem = problem_of(posted(app, body), 422)
    assert problem["detail"] == detail
    where, _, reason = detail.rpartition(": ") if "ISO" not in detail else detail.partition(": ")
    assert problem["faults"][0] == {"where": where, "reason": reason}


def test_german_is_scored_where_it_is_wished_for(app):
    assert posted(app, {"text": GERMAN, "force": True}).status_code == 200


@pytest.mark.parametrize(
    ("content", "kind", "status", "detail"),
    [
        (b'{"text": ', "application/json", 400, "the body is not JSON: Expecting value at line 1, column 10"),
        (b"[" * 10_000, "application/json", 400, "the body is not JSON that can be read"),
        (b'{"text": "\xff"}', "application/json", 400, "the body is not JSON that can be read"),
        (b'{"text": ' + b"9" * 5_000 + b"}", "application/json", 400, "the body is not JSON that can be read"),
        (b'{"text": "x"}', "text/plain", 415, "send JSON, as application/json. Got 'text/plain'"),
        (b'{"text": "x"}', "", 415, "send JSON, as application/json. Got no Content-Type"),
    ],
)
def test_what_is_no_json_says_so(app, content, kind, status, detail):
    response = sent(app, "POST", "/score", content=content, headers={"content-type": kind})
    assert problem_of(response, status)["detail"] == detail


def test_many_faults_are_told_as_few(app):
    assert len(problem_of(posted(app, {f"key {n}": 1 for n in range(1000)}), 422)["faults"]) == 20


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/nothing", 404), ("PUT", "/score", 405), ("GET", "/docs", 404)]
)
def test_what_is_not_there_says_so(app, method, path, status):
    assert problem_of(sent(app, method, path), status)["detail"].endswith("see /openapi.json")


def called(app, receive, headers=()):
    """Call the application as a server does, and return the status and the body that it answers."""
    answered = []

    async def send(message):
        answered.append(message)

    scope = {
        "type": "http", "method": "POST", "path": "/score", "raw_path": b"/score", "query_string": b"", "root_path": "",
        "scheme": "http", "http_version": "1.1", "headers": [(b"host", b"localhost"), *headers],
    }  # fmt: skip
    asyncio.run(app(scope, receive, send))
    return answered[0]["status"], json.loads(answered[1]["body"])["detail"]


def test_a_body_without_end_is_left_as_soon_as_it_is_too_long(app):
    chunks = []

    async def receive():
        chunks.append(1000)
        assert len(chunks) < 100, "it goes on reading"
        return {"type": "http.request", "body": b"x" * 1000, "more_body": True}

    assert called(app, receive) == (413, "the body may have 20,000 bytes")
    assert sum(chunks) == 21_000


def test_a_body_that_tells_its_length_is_not_read_at_all(app):
    async def receive():
        raise AssertionError("it was read")

    assert called(app, receive, [(b"content-length", b"20001")]) == (413, "the body may have 20,000 bytes")


def test_a_body_that_does_not_come_is_not_waited_for(workers):
    app = create_app(workers, replace(LIMITS, seconds=0.02))
    assert called(app, asyncio.Event().wait) == (408, "the body did not arrive within 0.02 seconds")


def test_a_client_that_goes_away_while_it_sends_gets_no_answer(app):
    async def receive():
        return {"type": "http.disconnect"}

    with pytest.raises(IndexError, match="list index out of range"):  # nothing was sent
        called(app, receive)
    assert app.inside == 0


def test_more_than_may_wait_are_sent_away_and_none_is_lost(toy):
    async def crowd():
        doors = asyncio.Event()

        async def wait(_):
            await doors.wait()

        app = create_app(Here(toy, wait), LIMITS, count=2)
        async with await client_of(app) as client:
            inside = [asyncio.create_task(client.post("/score", json={"text": TEXT})) for _ in range(3)]
            while app.inside < 3:
                await asyncio.sleep(0)
            away = await client.post("/score", json={"text": TEXT})
            assert (await client.get("/health")).status_code == 200
            doors.set()
            answered = await asyncio.gather(*inside)
            return away, answered, await client.post("/score", json={"text": TEXT})

    away, answered, later = asyncio.run(asyncio.wait_for(crowd(), 20))
    assert problem_of(away, 503)["detail"] == "too many requests at once: try again"
    assert away.headers["retry-after"] == "1"
    assert [response.status_code for response in [*answered, later]] == [200] * 4


@pytest.mark.parametrize("error", [RuntimeError("secret"), ModelError("/secret/model: broken")])
def test_what_nobody_foresaw_is_told_without_its_insides(toy, error):
    async def fail(_):
        raise error

    response = posted(create_app(Here(toy, fail), LIMITS), {"text": TEXT})
    assert problem_of(response, 500)["detail"] == "the service failed at this request; its log says more"
    assert "secret" not in response.text


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:8000", 200), ("127.0.0.1", 200), ("[::1]:9", 200), ("LocalHost", 200),
        ("example.org", 421), ("localhost.example.org", 421), ("127.0.0.1.example.org:8000", 421), ("", 421), ("[::1", 421),
    ],
)  # fmt: skip
def test_on_loopback_it_answers_to_its_own_names_alone(app, host, status):
    assert sent(app, "GET", "/health", headers={"host": host}).status_code == status


def test_elsewhere_it_answers_to_any_name(workers):
    assert sent(create_app(workers, LIMITS), "GET", "/health", headers={"host": "example.org"}).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"sec-fetch-site": "same-origin", "origin": "http://localhost"}, 200),
        ({"sec-fetch-site": "cross-site", "origin": "http://localhost"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "http://localhost"}, 200),
        ({"origin": "http://localhost:81"}, 403),
        ({"origin": "null"}, 403),
    ],
)
def test_pages_of_other_sites_cannot_use_it(app, headers, status):
    assert posted(app, {"text": TEXT}, headers=headers).status_code == status


def basic(password):
    return "Basic " + base64.b64encode(f"anyone:{password}".encode()).decode()


@pytest.mark.parametrize(
    ("authorization", "status"),
    [
        (f"Bearer {TOKEN}", 200), (f"bearer {TOKEN}", 200), (basic(TOKEN), 200),
        (None, 401), (f"Bearer {TOKEN}x", 401), ("Bearer", 401), (TOKEN, 401), (f"Digest {TOKEN}", 401),
        (basic("x"), 401), ("Basic ???", 401), ("Bearer \xe9", 401),
    ],
)  # fmt: skip
def test_a_token_is_asked_for_everywhere_but_at_health(workers, authorization, status):
    app = create_app(workers, LIMITS, token=TOKEN)
    headers = {} if authorization is None else {"authorization": authorization.encode("latin-1")}
    for method, path in (("GET", "/model"), ("GET", "/openapi.json"), ("GET", "/"), ("POST", "/score")):
        response = sent(app, method, path, headers=headers, **({"json": {"text": TEXT}} if method == "POST" else {}))
        assert response.status_code == status
        assert ("www-authenticate" in response.headers) == (status == 401)
    assert sent(app, "GET", "/health", headers=headers).status_code == 200


def test_it_tells_of_its_model(app, workers, toy):
    manifest = read_manifest(toy)
    told = sent(app, "GET", "/model").json()
    assert sum(told.pop("prior").values()) == pytest.approx(1, abs=1e-5)
    assert told == {"id": manifest.id, "labels": list(manifest.labels), "training": manifest.training, "schema": 2}
    assert sent(app, "GET", "/health").json() == {"status": "ok", "model": manifest.id}


def test_its_description_has_examples_that_hold(app):
    described = sent(app, "GET", "/openapi.json").json()
    asked = described["paths"]["/score"]["post"]["requestBody"]["content"]["application/json"]
    example = described["paths"]["/score"]["post"]["responses"]["200"]["content"]["application/json"]["example"]
    for name, one in asked["examples"].items():
        answer = posted(app, one["value"])
        assert answer.status_code == 200, name
    assert posted(app, asked["examples"]["one"]["value"]).json() == example
    schemas = described["components"]["schemas"]
    assert schemas["ScoreOne"]["properties"]["text"]["maxLength"] == LIMITS.article
    assert schemas["ScoreMany"]["properties"]["documents"]["maxItems"] == LIMITS.documents
    assert not re.findall(r"HTTPValidationError", json.dumps(described))


def test_every_answer_forbids_the_browser_what_it_does_not_need(app):
    for path, status in (("/health", 200), ("/nothing", 404), ("/", 200)):
        response = sent(app, "GET", path)
        assert response.status_code == status
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["cache-control"] == ("no-cache" if path == "/" else "no-store")
        assert response.headers["content-security-policy"].startswith("default-src 'none'")
        assert "unsafe" not in response.headers["content-security-policy"]
