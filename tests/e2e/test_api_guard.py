"""The guard as clients meet it: costs, budgets, hashes, who sees the schema, and what every answer carries."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import httpx
from access import bearer, token
from e2e.api_client import BASE

from api.app import create_app
from api.guard.trusted import digest
from graph.cache.budgets import Budgets
from graph.principals import Role

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from graph.settings import Settings
    from graph.wiring import Services

PLANS = "{ plans { id } }"
ORIGIN = "https://shop.example"


class Api(httpx.AsyncClient):
    """A client that can speak as any role."""

    settings: Settings

    def as_role(self, role: str) -> dict[str, str]:
        member_id = "ada" if role == Role.MEMBER else None
        return bearer(token(self.settings, *([] if member_id else [Role(role)]), member_id=member_id))


@asynccontextmanager
async def api(services: Services, **settings: Any) -> AsyncIterator[Api]:
    """A client of an app with these settings."""
    changed = replace(services, settings=services.settings.model_copy(update=settings))
    transport = httpx.ASGITransport(app=create_app(changed), raise_app_exceptions=False)
    async with Api(transport=transport, base_url=BASE) as http:
        http.settings = changed.settings
        http.headers.update(http.as_role("analyst"))
        yield http


async def ask(http: Api, query: str | None = None, role: str = "analyst", **more: Any) -> httpx.Response:
    body = ({"query": query} if query else {}) | more
    return await http.post("/graphql", json=body, headers=http.as_role(role))


def code(response: httpx.Response) -> str:
    return str(response.json()["errors"][0]["extensions"]["code"])


async def test_an_answer_says_what_it_cost(store: Services) -> None:
    async with api(store) as http:
        first = await ask(http, "{ members(first: 10) { nodes { id } } }")
        second = await ask(http, "{ members(first: 10) { nodes { id } } }")
    cost = first.json()["extensions"]["cost"]
    assert (cost["requested"], cost["maximum"]) == (12, 5000)
    assert cost["budget"]["maximum"] == 50_000
    assert second.json()["extensions"]["cost"]["budget"]["remaining"] == cost["budget"]["remaining"] - 12
    assert second.headers["ratelimit"].startswith('"points";r=')


async def test_who_has_spent_their_budget_waits(store: Services) -> None:
    poor = replace(store, budgets=Budgets(store.news.redis, 20, 1))
    async with api(poor) as http:
        answers = [await ask(http, "{ members(first: 1) { nodes { id } } }") for _ in range(12)]
        other = await ask(http, PLANS, role="admin")
        chinese = await http.post("/graphql", json={"query": PLANS}, headers={"accept-language": "zh"})
    refused = answers[-1]
    assert [answer.status_code for answer in (answers[0], refused, other)] == [200, 429, 200]
    assert code(refused) == "RATE_LIMITED"
    assert 0 < int(refused.headers["retry-after"]) <= 20
    assert chinese.status_code == 429
    assert "配额" in chinese.json()["errors"][0]["message"]


async def test_no_budget_is_counted_where_there_is_none(store: Services) -> None:
    async with api(replace(store, budgets=Budgets(store.news.redis, 0, 1))) as http:
        answer = await ask(http, PLANS)
    assert "budget" not in answer.json()["extensions"]["cost"]
    assert "ratelimit" not in answer.headers


async def test_documents_are_known_by_their_hash(store: Services, tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps({digest(PLANS): PLANS}))
    persisted = {"persistedQuery": {"version": 1, "sha256Hash": digest(PLANS)}}
    async with api(store, trusted_documents="require", trusted_manifest=manifest) as http:
        for known in ({"documentId": digest(PLANS)}, {"extensions": persisted}, {"query": PLANS}):
            assert "data" in (await ask(http, role="member", **known)).json()
        assert code(await ask(http, role="member", documentId="0" * 64)) == "PERSISTED_QUERY_NOT_FOUND"
        assert code(await ask(http, "{ plans { name } }", role="member")) == "UNTRUSTED_DOCUMENT"
        assert "data" in (await ask(http, "{ plans { name } }", role="analyst")).json()
    async with api(store) as http:
        assert code(await ask(http, role="member", documentId=digest(PLANS))) == "PERSISTED_QUERY_NOT_FOUND"


async def test_the_schema_is_for_staff_unless_set_otherwise(store: Services) -> None:
    schema, misspelt = "{ __schema { queryType { name } } }", "{ membrs { id } }"
    async with api(store) as http:
        assert (await ask(http, schema)).json()["data"]
        assert "Did you mean" in (await ask(http, misspelt)).text
        for role in ("member", "ingest"):
            assert code(await ask(http, schema, role=role)) == "INTROSPECTION_DISABLED"
            assert "Did you mean" not in (await ask(http, misspelt, role=role)).text
            assert "Did you mean" not in (await ask(http, '{ node(id: "x", idd: "y") { id } }', role=role)).text
    async with api(store, introspection="everyone") as http:
        assert (await ask(http, schema, role="member")).json()["data"]
    async with api(store, introspection="nobody") as http:
        assert code(await ask(http, schema, role="admin")) == "INTROSPECTION_DISABLED"


async def test_the_page_can_be_closed(store: Services) -> None:
    async with api(store, graphiql=False) as http:
        response = await http.get("/graphql", headers={"accept": "text/html"})
    assert response.status_code == 404


async def test_every_answer_carries_its_id_and_the_headers_of_safety(store: Services) -> None:
    async with api(store, hsts_s=60) as http:
        answer = await ask(http, PLANS)
        for response in (answer, await http.get("/livez"), await http.get("/nowhere"), await http.get("/graphql")):
            assert response.headers["x-content-type-options"] == "nosniff"
            assert response.headers["referrer-policy"] == "no-referrer"
            assert "content-security-policy" in response.headers
            assert "strict-transport-security" not in response.headers, "only over https"
        assert answer.headers["cache-control"] == "no-store"
        secure = await http.get("https://127.0.0.1:8000/livez")
        assert secure.headers["strict-transport-security"] == "max-age=60; includeSubDomains"
        for given, kept in (("order-4711-abc", True), ("a b", False), ("x" * 65, False), ("<script>alert", False)):
            answered = await http.get("/livez", headers={"x-request-id": given})
            assert (answered.headers["x-request-id"] == given) is kept


async def test_only_listed_origins_may_call_from_a_page(store: Services) -> None:
    wish = {"origin": ORIGIN, "access-control-request-method": "POST", "access-control-request-headers": "content-type"}
    async with api(store) as http:
        assert "access-control-allow-origin" not in (await http.options("/graphql", headers=wish)).headers
    async with api(store, cors_origins=f"{ORIGIN}, https://b.example") as http:
        allowed = await http.options("/graphql", headers=wish)
        assert allowed.headers["access-control-allow-origin"] == ORIGIN
        other = await http.options("/graphql", headers=wish | {"origin": "https://evil.example"})
        assert "access-control-allow-origin" not in other.headers


async def test_an_answer_lists_few_errors(store: Services) -> None:
    async with api(store) as http:
        answer = await ask(http, "{ " + " ".join(f"nope{n}" for n in range(200)) + " }")
    assert len(answer.json()["errors"]) <= 21


async def test_a_refusal_speaks_the_language_of_the_request(store: Services) -> None:
    async with api(store) as http:
        for language, words in (("zh-CN", "嵌套"), ("en", "nests")):
            answer = await http.post(
                "/graphql", json={"query": "{ " + "a { " * 13 + "b" + "} " * 14}, headers={"accept-language": language}
            )
            assert code(answer) == "DOCUMENT_TOO_DEEP"
            assert words in answer.json()["errors"][0]["message"]
            assert answer.json()["errors"][0]["extensions"]["requestId"] == answer.headers["x-request-id"]
