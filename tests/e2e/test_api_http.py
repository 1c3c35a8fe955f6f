"""GraphQL over HTTP: statuses, media types, bodies that are not even JSON, and the page in a browser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import httpx
import pytest
from e2e.api_client import Client, client

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from graph.wiring import Services

JSON = "application/json"
GRAPHQL_JSON = "application/graphql-response+json"
DEEP = 30_000


async def post(api: Client, body: bytes, accept: str = JSON, content_type: str = JSON) -> httpx.Response:
    return await api.http.post("/graphql", content=body, headers={"content-type": content_type, "accept": accept})


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "BAD_JSON"),
        (b"\xff\xfe{}", "BAD_JSON"),
        (b'\xef\xbb\xbf{"query": "{ plans { id } }"}', "BAD_JSON"),
        (b'{"query": "\xc3("}', "BAD_JSON"),
        (b'{"query": "\\ud800"}', "BAD_JSON"),
        (b"{query: 1}", "BAD_JSON"),
        (b"[" * DEEP + b"]" * DEEP, "BAD_JSON"),
        (b'{"query":' + b"[" * DEEP + b"]" * DEEP + b"}", "BAD_JSON"),
        (b'{"a":' * 900 + b"1" + b"}" * 900, "JSON_TOO_DEEP"),
        (b'{"query": "{ plans { id } }", "query": "{ plans { name } }"}', "JSON_KEY_REPEATED"),
        (b'{"query": "{ plans { id } }", "variables": {"a": NaN}}', "BAD_JSON"),
        (b'{"query": "{ plans { id } }", "variables": {"a": 1e999}}', "BAD_JSON"),
        (b"[]", "BATCH_REFUSED"),
        (b'[{"query": "{ plans { id } }"}]', "BATCH_REFUSED"),
        (b"null", "BAD_REQUEST"),
        (b"5", "BAD_REQUEST"),
        (b'"{ plans { id } }"', "BAD_REQUEST"),
        (b"{}", "BAD_REQUEST"),
        (b'{"query": null}', "BAD_REQUEST"),
        (b'{"query": 5}', "BAD_REQUEST"),
        (b'{"query": "{ plans { id } }", "variables": []}', "BAD_REQUEST"),
        (b'{"query": "{ plans { id } }", "operationName": 5}', "BAD_REQUEST"),
        (b'{"query": "{ plans { id } }", "operationName": "other"}', "BAD_REQUEST"),
    ],
)
async def test_a_body_that_is_no_request_is_the_clients_fault(store: Services, body: bytes, code: str) -> None:
    async with client(store) as api:
        response = await post(api, body)
    assert response.status_code == 400
    assert response.json()["errors"][0]["extensions"]["code"] == code
    assert response.json()["errors"][0]["extensions"]["requestId"] == response.headers["x-request-id"]


async def test_a_body_may_not_be_larger_than_the_setting(store: Services) -> None:
    query = b'{"query": "{ plans { id } }"}'
    async with client(store) as api:
        assert (await post(api, query.ljust(65_536))).status_code == 200
        assert (await post(api, query.ljust(65_537))).status_code == 413
        in_pieces = await api.http.post(
            "/graphql", content=_pieces(query.ljust(65_537)), headers={"content-type": JSON}
        )
    assert "content-length" not in in_pieces.request.headers
    assert in_pieces.status_code == 413


async def _pieces(body: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(body), 4096):
        yield body[start : start + 4096]


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
async def test_what_a_foreign_form_can_send_is_refused(store: Services, content_type: str) -> None:
    async with client(store) as api:
        response = await post(api, b'{"query": "{ plans { id } }"}', content_type=content_type)
    assert response.status_code == 415
    assert response.json()["errors"][0]["extensions"]["code"] == "UNSUPPORTED_MEDIA_TYPE"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{ a", "GRAPHQL_PARSE_FAILED"),
        ("{a" * 400, "GRAPHQL_PARSE_FAILED"),
        ("{a" * 100 + "}" * 100, "DOCUMENT_TOO_DEEP"),
        ("{ nope }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ members(first: 1.5) { nodes { id } } }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ members(first: " + "9" * 5000 + ") { nodes { id } } }", "GRAPHQL_PARSE_FAILED"),
        ("query ($n: Int!) { members(first: $n) { nodes { id } } }", "GRAPHQL_VALIDATION_FAILED"),
    ],
)
async def test_a_document_that_cannot_be_executed(store: Services, query: str, code: str) -> None:
    body = httpx.Request("POST", "http://x", json={"query": query}).content
    async with client(store) as api:
        modern = await post(api, body, accept=GRAPHQL_JSON)
        older = await post(api, body)
    assert (modern.status_code, older.status_code) == (400, 200)
    assert modern.headers["content-type"] == f"{GRAPHQL_JSON}; charset=utf-8"
    assert older.headers["content-type"] == f"{JSON}; charset=utf-8"
    assert "data" not in modern.json()
    assert modern.json()["errors"][0]["extensions"]["code"] == code


async def test_an_answer_with_a_failed_field_is_still_an_answer(store: Services) -> None:
    async with client(store) as api:
        response = await post(api, b'{"query": "{ members(first: 0) { nodes { id } } }"}', accept=GRAPHQL_JSON)
    assert response.status_code == 200
    assert response.json()["data"] is None


async def test_a_get_executes_queries_for_who_says_who_they_are_and_nothing_else(store: Services) -> None:
    """A page elsewhere can make a browser send a GET, but not an Authorization header."""
    enrol = 'mutation { enrollMember(input: {memberId: "by-get"}) { __typename } }'
    async with client(store) as api:
        for accept in (JSON, "text/html"):
            ask = {"params": {"query": "{ plans { id } }"}, "headers": {"accept": accept}}
            assert "data" in (await api.http.get("/graphql", **ask)).json()
            refused = await api.of_nobody().http.get("/graphql", **ask)
            assert refused.status_code == 400
            assert "data" not in refused.json()
        by_get = await api.http.get("/graphql", params={"query": enrol})
        assert by_get.status_code in {400, 405}
        assert await api.data('{ member(memberId: "by-get") { id } }') == {"member": None}


async def test_a_page_elsewhere_cannot_reach_the_api_by_a_name_of_its_own(store: Services) -> None:
    async with client(store) as api:
        response = await api.http.get("/livez", headers={"host": "rebound.example"})
    assert response.status_code == 400


async def test_a_browser_is_led_to_graphiql(store: Services) -> None:
    async with client(store) as api:
        response = await api.http.get("/", headers={"accept": "text/html"}, follow_redirects=True)
        assert response.url.path == "/graphql"
        assert response.headers["content-type"].startswith("text/html")
        assert "default-src 'self'" in response.headers["content-security-policy"]
        needed = re.findall(r'(?:src|href)="([^"]+)"', response.text)
        scripts = [path for path in needed if not path.startswith("data:")]
        assert len(scripts) == 6
        for path in scripts:
            assert path.startswith("/static/graphiql/")
            assert (await api.http.get(path)).status_code == 200


async def test_the_page_offers_the_first_query_of_the_readme(store: Services) -> None:
    async with client(store) as api:
        script = (await api.http.get("/static/graphiql/page.js")).text
        query = re.search(r"FIRST_QUERY = `([^`]+)`", script)
        assert query
        assert await api.data(query[1]) == {"member": None}
