"""The transports at their limits: who is let in, how many, for how long, and what the server makes of nonsense."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from e2e.streaming import WATCH, Site, site
from websockets.exceptions import InvalidStatus

from graph.errors import DatabaseUnavailable, Unauthenticated
from graph.principals import Principal, Role

if TYPE_CHECKING:
    from starlette.datastructures import Headers

    from graph.wiring import Services


class Tokens:
    """An access control whose tokens are names, and which may change its mind."""

    def __init__(self) -> None:
        self.ends: dict[str, datetime] = {}
        self.revoked: set[str] = set()
        self.away = False

    async def authenticate(self, headers: Headers) -> Principal:
        if self.away:
            raise DatabaseUnavailable("Neo4j does not answer.")
        scheme, _, name = headers.get("authorization", "").partition(" ")
        if scheme != "Bearer" or name in self.revoked or not name:
            raise Unauthenticated("a test")
        roles = frozenset({Role.MEMBER}) if name == "mia" else frozenset({Role.FINANCE, Role.INGEST})
        return Principal(name, roles, "mia" if name == "mia" else None, self.ends.get(name))  # type: ignore[arg-type]


def served(store: Services, tokens: Tokens) -> Any:
    return site(replace(store, authenticator=tokens), engine=False, headers={})  # type: ignore[arg-type]


def changed(services: Services, **settings: object) -> Services:
    """The same services under other settings."""
    object.__setattr__(services, "settings", services.settings.model_copy(update=settings))
    return services


async def code(answer: Any) -> str:
    return str(answer.json()["errors"][0]["extensions"]["code"])


async def enrolled(api: Site, *member_ids: str) -> None:
    query = "mutation ($input: EnrollMemberInput!) { enrollMember(input: $input) { __typename } }"
    for member_id in member_ids:
        body = {"query": query, "variables": {"input": {"memberId": member_id}}}
        answer = await api.http.post("/graphql", json=body, headers={"authorization": "Bearer fin"})
        assert answer.json()["data"]["enrollMember"]["__typename"] == "EnrollMemberSuccess", answer.text


async def test_a_socket_without_a_valid_token_is_closed(store: Services) -> None:
    async with served(store, Tokens()) as api, api.socket() as socket:
        await socket.say(type="connection_init")
        assert await socket.end() == (4401, "UNAUTHENTICATED")


async def test_the_header_of_the_handshake_counts_but_the_payload_more(store: Services) -> None:
    tokens = Tokens()
    tokens.revoked.add("old")
    async with served(store, tokens) as api:
        async with api.socket(Authorization="Bearer fin") as socket:
            await socket.greet()
        async with api.socket(Authorization="Bearer old") as socket:
            await socket.greet(Authorization="Bearer fin")
        async with api.socket(Authorization="Bearer fin") as socket:
            await socket.say(type="connection_init", payload={"Authorization": "Bearer old"})
            assert (await socket.end())[0] == 4401


async def test_nothing_is_executed_before_the_greeting(store: Services) -> None:
    async with served(store, Tokens()) as api, api.socket(Authorization="Bearer fin") as socket:
        await socket.ask("{ __typename }")
        assert (await socket.end())[0] == 4401


async def test_an_expired_token_ends_the_socket_and_the_event_stream(store: Services) -> None:
    tokens = Tokens()
    async with served(store, tokens) as api:
        await enrolled(api, "ada")
        tokens.ends["brief"] = datetime.now(UTC) + timedelta(seconds=4)
        api.http.headers["authorization"] = "Bearer brief"
        async with api.socket() as socket, api.events(WATCH, memberId="ada") as events:
            await socket.greet(Authorization="Bearer brief")
            await socket.watch("ada")
            assert await socket.end() == (4403, "UNAUTHENTICATED")
            name, last = await anext(events)
            assert (name, last["errors"][0]["extensions"]["code"]) == ("next", "UNAUTHENTICATED")
            assert await anext(events) == ("complete", None)
            assert [event async for event in events] == []


async def test_a_revoked_token_ends_the_socket_at_the_next_check(store: Services) -> None:
    tokens = Tokens()
    async with served(changed(store, stream_recheck_s=0.3), tokens) as api, api.socket() as socket:
        await socket.greet(Authorization="Bearer fin")
        tokens.revoked.add("fin")
        assert (await socket.end())[0] == 4403


async def test_a_token_that_cannot_be_checked_ends_the_socket_until_it_can(store: Services) -> None:
    tokens = Tokens()
    async with served(changed(store, stream_recheck_s=0.3), tokens) as api, api.socket() as socket:
        await socket.greet(Authorization="Bearer fin")
        tokens.away = True
        assert (await socket.end())[0] == 1013


@pytest.mark.parametrize(
    "message",
    [
        "[]",
        "{",
        "5",
        '{"type": "no such"}',
        '{"type": ["subscribe"]}',
        '{"type": "subscribe", "payload": {"query": "{ a }"}}',
        '{"type": "subscribe", "id": 5, "payload": {"query": "{ a }"}}',
        '{"type": "subscribe", "id": "a", "payload": []}',
        '{"type": "subscribe", "id": "a", "payload": {"query": 5}}',
        '{"type": "subscribe", "id": "a", "payload": {"query": "{ a }", "variables": []}}',
        '{"type": "complete", "id": []}',
        b"\x00\xff",
    ],
)
async def test_nonsense_ends_the_socket_as_the_clients_fault(store: Services, message: str | bytes) -> None:
    async with served(store, Tokens()) as api, api.socket() as socket:
        await socket.greet(Authorization="Bearer fin")
        await socket.ws.send(message)
        assert (await socket.end())[0] == 4400


async def test_a_message_that_is_too_long_ends_the_socket(store: Services) -> None:
    async with served(store, Tokens()) as api, api.socket() as socket:
        await socket.greet(Authorization="Bearer fin")
        await socket.ask("{ __typename }" + " " * store.settings.stream_message_bytes)
        assert (await socket.end())[0] == 1009


async def test_one_bad_document_leaves_the_others_alone(store: Services) -> None:
    async with served(store, Tokens()) as api, api.socket() as socket:
        await socket.greet(Authorization="Bearer fin")
        for query, wanted in (("{", "GRAPHQL_PARSE_FAILED"), ("{ nope }", "GRAPHQL_VALIDATION_FAILED")):
            await socket.ask(query)
            answer = await socket.hear()
            assert (answer["type"], answer["payload"][0]["extensions"]["code"]) == ("error", wanted)
        await socket.settled()


async def test_operations_connections_and_principals_have_their_caps(store: Services) -> None:
    few = changed(store, stream_operations=2, stream_connections_each=2, stream_connections=3)
    async with served(few, Tokens()) as api:
        await enrolled(api, "ada")
        async with api.socket() as first, api.socket() as second, api.socket() as third:
            await first.greet(Authorization="Bearer fin")
            await second.greet(Authorization="Bearer fin")
            await third.say(type="connection_init", payload={"Authorization": "Bearer fin"})
            assert await third.end() == (4429, "TOO_MANY_CONNECTIONS")
            async with api.socket():
                with pytest.raises(InvalidStatus) as refused:
                    async with api.socket():
                        raise AssertionError("there is no room")
                assert refused.value.response.status_code == 503
            for name in "abc":
                await first.ask(WATCH, name, memberId="ada")
            answer = await first.hear()
            assert (answer["id"], answer["payload"][0]["extensions"]["code"]) == ("c", "TOO_MANY_SUBSCRIPTIONS")
        async with api.socket() as again:
            await again.greet(Authorization="Bearer fin")


async def test_a_member_watches_nobody_else_and_a_stranger_is_as_if_missing(store: Services) -> None:
    async with served(store, Tokens()) as api:
        await enrolled(api, "mia", "ada")
        async with api.socket() as socket:
            await socket.greet(Authorization="Bearer mia")
            for member_id in ("ada", "nobody"):
                await socket.ask(WATCH, memberId=member_id)
                answer = json.dumps(await socket.hear()).replace(member_id, "…")
                assert '"UNKNOWN_MEMBER"' in answer
                assert 'No member has the id …."' in answer
            await socket.watch("mia")


async def test_other_protocols_and_other_origins_are_refused(store: Services) -> None:
    async with served(store, Tokens()) as api:
        async with api.socket("graphql-ws") as socket:
            assert (await socket.end())[0] == 4406
        with pytest.raises(InvalidStatus) as refused:
            async with api.socket(Origin="https://elsewhere.example"):
                raise AssertionError("another origin was let in")
        assert refused.value.response.status_code == 403


async def test_a_subscription_over_an_ordinary_request_is_told_where_to_go(store: Services) -> None:
    async with served(store, Tokens()) as api:
        body = {"query": WATCH, "variables": {"memberId": "ada"}}
        headers = {"authorization": "Bearer fin", "accept": "application/graphql-response+json, text/event-stream"}
        answer = await api.http.post("/graphql", json=body, headers=headers)
        assert (answer.status_code, await code(answer)) == (400, "SUBSCRIPTION_TRANSPORT_REQUIRED")


async def test_the_path_of_event_streams_answers_nothing_else(store: Services) -> None:
    async with served(store, Tokens()) as api:
        body = {"query": "{ __typename }"}
        headers = {"authorization": "Bearer fin"}
        assert (await api.http.post("/graphql/stream", json=body, headers=headers)).status_code == 406
        assert (await api.http.get("/graphql/stream", headers=headers)).status_code == 405
        streamed = {"accept": "text/event-stream"}
        assert (await api.http.post("/graphql/stream", json=body, headers=streamed)).status_code == 401
        answer = await api.http.post("/graphql/stream", json=body, headers=headers | streamed)
        assert answer.text == 'event: next\ndata: {"data":{"__typename":"Query"}}\n\nevent: complete\ndata: \n\n'


async def test_a_socket_that_says_nothing_is_closed(store: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.app.INIT_WITHIN", timedelta(seconds=0.2))
    async with served(store, Tokens()) as api, api.socket() as socket:
        assert (await socket.end())[0] == 4408


async def test_connections_that_end_make_room(store: Services) -> None:
    async with served(changed(store, stream_connections=1), Tokens()) as api:
        await enrolled(api, "ada")
        api.http.headers["authorization"] = "Bearer fin"
        for _ in range(3):
            async with api.events(WATCH, memberId="ada"):
                await asyncio.sleep(1)  # who goes while Neo4j is being asked leaves the driver an unclosed connection
            await asyncio.sleep(0.5)
            async with api.socket() as socket:
                await socket.greet(Authorization="Bearer fin")
            await asyncio.sleep(0.5)
