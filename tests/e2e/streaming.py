"""A served API with a running engine, a graphql-transport-ws client, and a reader of event streams."""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx
from access import bearer, token
from e2e.api_client import Client
from websockets.asyncio.client import connect

from graph.commands.http import serve_api

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from websockets.asyncio.client import ClientConnection

    from graph.settings import Settings
    from graph.wiring import Services

WATCH = """subscription ($memberId: String!) { rewardPosted(memberId: $memberId) {
  missed at amount { amountMinor formatted } reward { rewardId rule amount { formatted } order { orderId } }
  entry { cause } } }"""
WITHIN_S = 60


@dataclass(slots=True)
class Socket:
    """One connection."""

    ws: ClientConnection

    async def say(self, **message: Any) -> None:
        await self.ws.send(json.dumps(message))

    async def hear(self) -> Any:
        async with asyncio.timeout(WITHIN_S):
            return json.loads(await self.ws.recv())

    async def greet(self, **payload: str) -> None:
        await self.say(type="connection_init", payload=payload)
        assert await self.hear() == {"type": "connection_ack"}

    async def ask(self, query: str, name: str = "1", **variables: object) -> None:
        await self.say(type="subscribe", id=name, payload={"query": query, "variables": variables})

    async def watch(self, member_id: str, name: str = "1") -> None:
        """Watches, and waits until the server does, too."""
        await self.ask(WATCH, name, memberId=member_id)
        await self.settled()

    async def settled(self) -> None:
        """Messages are begun in order: when this is answered, those before it have been begun, and then some."""
        await self.ask("{ __typename }", "settled")
        assert (await self.hear())["type"] == "next"
        assert (await self.hear())["type"] == "complete"
        await asyncio.sleep(0.3)

    async def next(self) -> Any:
        """The data of the next result."""
        message = await self.hear()
        assert message["type"] == "next", message
        assert "errors" not in message["payload"], message
        return message["payload"]["data"]

    async def end(self) -> tuple[int | None, str | None]:
        """Code and reason, once the server has closed."""
        async with asyncio.timeout(WITHIN_S):
            await self.ws.wait_closed()
        return self.ws.close_code, self.ws.close_reason


@dataclass(slots=True)
class Site:
    """The API where it listens."""

    url: str
    http: httpx.AsyncClient
    settings: Settings

    @property
    def api(self) -> Client:
        return Client(self.http, None, self.settings, [])

    @asynccontextmanager
    async def socket(self, protocol: str = "graphql-transport-ws", **headers: str) -> AsyncIterator[Socket]:
        url = self.url.replace("http", "ws", 1) + "/graphql"
        sent = {name: value for name, value in self.http.headers.items() if name == "authorization"} | headers
        async with connect(url, subprotocols=[protocol], additional_headers=sent) as ws:  # type: ignore[list-item]
            yield Socket(ws)

    @asynccontextmanager
    async def events(self, query: str, **variables: object) -> AsyncIterator[Any]:
        """The events of a stream: (name, JSON or None)."""
        body, accept = {"query": query, "variables": variables}, {"accept": "text/event-stream"}
        async with self.http.stream("POST", "/graphql/stream", json=body, headers=accept) as response:
            assert response.status_code == 200, await response.aread()
            assert response.headers["content-type"].startswith("text/event-stream")
            yield _events(response)


async def _events(response: httpx.Response) -> AsyncIterator[tuple[str, Any]]:
    name = ""
    async for line in response.aiter_lines():
        key, _, value = line.partition(": ")
        if key == "event":
            name = value
        elif key in {"data", "data:"}:
            yield name, json.loads(value) if value else None


@asynccontextmanager
async def site(
    services: Services, *, engine: bool = True, headers: dict[str, str] | None = None
) -> AsyncIterator[Site]:
    """The API on a free port, over services whose engine runs, asked with the tests' token unless said otherwise."""
    sent = bearer(token(services.settings)) if headers is None else headers
    stop = asyncio.Event()
    async with AsyncExitStack() as stack:
        if engine:
            roles = (services.relay(), services.worker(), services.sequencer())
            tasks = [asyncio.create_task(role.run(stop)) for role in roles]
            stack.push_async_callback(_finish, tasks, stop)
        url = await stack.enter_async_context(serve_api(services, "127.0.0.1", 0))
        http = await stack.enter_async_context(httpx.AsyncClient(base_url=url, timeout=WITHIN_S, headers=sent))
        yield Site(url, http, services.settings)


async def _finish(tasks: list[asyncio.Task[None]], stop: asyncio.Event) -> None:
    stop.set()
    with suppress(asyncio.CancelledError):
        await asyncio.gather(*tasks)
