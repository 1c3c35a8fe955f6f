"""Who gets in over the real server: 401 for whoever is not vouched for, and not a word about why."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import pytest_asyncio
from access import token
from forgeries import AUDIENCE, FORGERIES, Forge, forge_of
from identity_provider import ISSUER, identity_provider

from graph.access import authenticator as module
from graph.access import tokens
from graph.access.jwks import JwksKeys
from graph.access.tokens import TokenVerifier
from graph.commands.http import serve_api
from graph.principals import Role
from graph.store.api_keys import KeyWish

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from graph.wiring import Services

QUERY = {"query": "{ plans { version } }"}
ACCEPT = "application/graphql-response+json"
Server = tuple["Services", httpx.AsyncClient]


@pytest_asyncio.fixture(loop_scope="session")
async def server(store: Services) -> AsyncIterator[Server]:
    async with serve_api(store, "127.0.0.1", 0) as url, httpx.AsyncClient(base_url=url, trust_env=False) as http:
        yield store, http


@pytest.fixture
def forge(store: Services) -> Forge:
    token(store.settings)
    return forge_of(store.settings.home / "access" / "signing_key.pem")


async def ask(http: httpx.AsyncClient, *authorizations: str, **more: Any) -> httpx.Response:
    headers = [("authorization", value) for value in authorizations]
    return await http.post("/graphql", json=QUERY, headers=headers, **more)


def assert_refused(response: httpx.Response, case: object = "") -> None:
    assert response.status_code == 401, (case, response.text)
    assert response.headers["www-authenticate"] == "Bearer"
    extensions = {"code": "UNAUTHENTICATED", "requestId": response.headers["x-request-id"]}
    error = {"message": "A valid token or API key is needed.", "extensions": extensions}
    assert response.json() == {"errors": [error]}, case


async def test_every_forged_token_is_refused_in_the_same_words(server: Server, forge: Forge) -> None:
    _, http = server
    for name, (_, make) in FORGERIES.items():
        response = await ask(http, f"Bearer {make(forge)}")
        if response.status_code == 431:
            assert name == "too long"  # for any header
        else:
            assert_refused(response, name)
    assert (await ask(http, f"Bearer {forge.token()}")).status_code == 200


@pytest.mark.parametrize("scheme", ["Bearer ", "bearer ", "BEARER  "])
async def test_a_bearer_gets_in_whatever_the_case_of_its_scheme(server: Server, forge: Forge, scheme: str) -> None:
    response = await ask(server[1], scheme + forge.token())
    assert response.json()["data"]["plans"]


async def test_there_is_no_other_way_in(server: Server, forge: Forge) -> None:
    _, http = server
    good = forge.token()
    wrong: list[Sequence[str]] = [
        (),
        ("",),
        ("Bearer",),
        (good,),
        (f"Basic {good}",),
        (f"Bearer{good}",),
        (f"Bearer {good} {good}",),
        (f"Bearer {good}, Bearer {good}",),
    ]
    for values in wrong:
        assert_refused(await ask(http, *values), values)
    for second in (f"Bearer {good}", "Basic eDp5"):
        twice = await ask(http, f"Bearer {good}", second)
        assert (twice.status_code, "data" in twice.json()) == (400, False)
    for name in ("access_token", "token", "authorization"):
        assert_refused(await ask(http, params={name: good}), name)
        assert_refused(await http.post("/graphql", json=QUERY, headers={"cookie": f"{name}={good}"}), name)
    body = QUERY | {"extensions": {"authorization": f"Bearer {good}"}}
    assert_refused(await http.post("/graphql", json=body), "in the body")


async def test_a_refusal_comes_before_anything_is_read(server: Server) -> None:
    _, http = server
    for body, kind in ((b"{", "application/json"), (b"", "text/plain"), (b"[" * 10**6, "application/json")):
        assert_refused(await http.post("/graphql", content=body, headers={"content-type": kind}))


async def test_a_refusal_speaks_the_language_and_the_media_type_that_were_asked_for(server: Server) -> None:
    headers = {"accept": ACCEPT, "accept-language": "zh-CN"}
    response = await server[1].post("/graphql", json=QUERY, headers=headers)
    assert response.status_code == 401
    assert response.headers["content-type"] == f"{ACCEPT}; charset=utf-8"
    assert response.json()["errors"][0]["message"] == "需要有效的令牌或 API 密钥。"


async def test_the_page_and_the_probes_need_no_token_and_execute_nothing(server: Server) -> None:
    _, http = server
    for path in ("/livez", "/readyz", "/static/graphiql/page.js"):
        assert (await http.get(path)).status_code == 200
    page = await http.get("/graphql", headers={"accept": "text/html"})
    assert (page.status_code, page.headers["content-type"].split(";")[0]) == (200, "text/html")
    asked = await http.get("/graphql", params=QUERY)
    assert (asked.status_code, "data" in asked.json()) == (400, False)


async def test_a_refusal_is_logged_with_its_reason_and_without_the_token(
    server: Server, forge: Forge, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    forged = forge.token(roles=["superuser"])
    await ask(server[1], f"Bearer {forged}")
    assert "There is no role 'superuser'" in caplog.text
    assert all(part not in caplog.text for part in forged.split("."))


async def test_a_token_that_is_remembered_ends_when_it_expires(
    server: Server, forge: Forge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "LEEWAY_S", 0)
    expires = int(time.time()) + 6
    short = f"Bearer {forge.token(exp=expires)}"
    assert (await ask(server[1], short)).status_code == 200
    await asyncio.sleep(expires - time.time() + 0.1)
    assert_refused(await ask(server[1], short))


async def test_revoked_tokens_are_refused_and_later_ones_are_not(
    server: Server, forge: Forge, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, http = server
    monkeypatch.setattr(module, "FRESH_S", 0.2)
    monkeypatch.setattr(module, "AT_ONCE_S", 0.0)
    now = int(time.time())
    old, other = (f"Bearer {forge.token(sub=sub, iat=now - 5)}" for sub in ("mallory", "eve"))
    assert (await ask(http, old)).status_code == 200
    await store.revocations.revoke("mallory", "ops")
    await asyncio.sleep(0.3)
    assert_refused(await ask(http, old))
    assert (await ask(http, other)).status_code == 200
    new = f"Bearer {forge.token(sub='mallory', iat=now + 2)}"
    assert (await ask(http, new)).status_code == 200
    (record,) = [row async for page in store.audit.store.records() for row in page if row["kind"] == "tokens.revoked"]
    assert (record["subject"], record["actor"]) == ("mallory", "ops")


async def test_a_key_gets_in_until_it_is_revoked(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    store, http = server
    monkeypatch.setattr(module, "FRESH_S", 0.2)
    monkeypatch.setattr(module, "AT_ONCE_S", 0.0)
    key, text = await store.api_keys.create(KeyWish("shop", ("ingest",)), "ops")
    assert (await ask(http, f"Bearer {text}")).status_code == 200
    wrong = text[:-1] + ("0" if text[-1] != "0" else "1")
    for forged in (wrong, text[:-1], text + "0", text.upper(), "tfk_" + "0" * 16 + text[20:], "tfk_", "tfk_*"):
        assert_refused(await ask(http, f"Bearer {forged}"), forged)
    await store.api_keys.revoke(key.key_id, "ops")
    await asyncio.sleep(0.3)
    assert_refused(await ask(http, f"Bearer {text}"))


async def test_a_key_says_who_asks_and_its_use_is_noted_once_a_minute(store: Services) -> None:
    key, text = await store.api_keys.create(KeyWish("portal", ("member",), member_id="ada"), "ops")
    principal = await store.authenticator.verify(text)
    assert (principal.name, principal.roles, principal.member_id) == ("key:portal", {Role.MEMBER}, "ada")
    await store.authenticator.aclose()
    (first,) = await store.api_keys.all()
    assert first.last_used_at is not None
    other = replace(store.authenticator)  # another process, which has noted nothing
    await other.verify(text)
    await other.aclose()
    assert (await store.api_keys.all()) == [first]
    assert key.secret_hash == first.secret_hash
    assert text[-64:] not in str(first)


async def test_requests_do_not_wait_for_the_database_once_a_caller_is_known(store: Services, forge: Forge) -> None:
    _, text = await store.api_keys.create(KeyWish("shop", ("ingest",)), "ops")
    for proof in (text, forge.token()):
        await store.authenticator.verify(proof)
    begun = time.perf_counter()
    for _ in range(200):
        await store.authenticator.verify(text)
        await store.authenticator.verify(proof)
    assert (time.perf_counter() - begun) / 400 < 0.002
    await store.authenticator.aclose()


async def test_tokens_of_a_provider_get_in_through_its_rotation(store: Services) -> None:
    async with identity_provider() as provider:
        provider.new_key("a")
        verifier = TokenVerifier(JwksKeys(provider.url, cooldown_s=0), ISSUER, AUDIENCE, 86_400)
        services = replace(store, authenticator=replace(store.authenticator, tokens=verifier))
        async with serve_api(services, "127.0.0.1", 0) as url, httpx.AsyncClient(base_url=url, trust_env=False) as http:
            assert (await ask(http, f"Bearer {provider.token('a')}")).status_code == 200
            assert_refused(await ask(http, f"Bearer {token(store.settings)}"))
            provider.new_key("b", "ES256")
            assert (await ask(http, f"Bearer {provider.token('b')}")).status_code == 200


async def test_an_outage_of_the_provider_is_no_refusal(store: Services) -> None:
    async with identity_provider() as provider:
        provider.new_key("a")
        text = provider.token("a")
        verifier = TokenVerifier(JwksKeys(provider.url), ISSUER, AUDIENCE, 86_400)
    services = replace(store, authenticator=replace(store.authenticator, tokens=verifier))
    async with serve_api(services, "127.0.0.1", 0) as url, httpx.AsyncClient(base_url=url, trust_env=False) as http:
        response = await ask(http, f"Bearer {text}")
    assert response.status_code == 503
    assert response.json()["errors"][0]["extensions"]["code"] == "PROVIDER_UNAVAILABLE"
    assert "www-authenticate" not in response.headers
    assert json.dumps(provider.url) not in response.text
