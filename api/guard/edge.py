"""The outermost layer: the request's id, headers that may come in, headers that every answer carries. Plain ASGI."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass
from secrets import token_hex
from typing import TYPE_CHECKING, NamedTuple

import orjson
from starlette.requests import ClientDisconnect, Request

from api import messages

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_HEADERS, HEADER_BYTES = 100, 16_384
DROP_BYTES, DROP_S = 2**20, 1.0
ONCE = (b"host", b"authorization", b"content-type", b"content-length", b"content-encoding", b"x-api-key")
"""Headers of which two would mean two things."""
SANE_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")
_REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")

ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
)
CSP = b"content-security-policy"
NOTHING = b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
"""The policy of what is no page."""


class Unfit(NamedTuple):
    """Headers that are refused."""

    status: int
    code: str


def request_id() -> str:
    """The id of the request at hand; a fresh one outside of any."""
    return _REQUEST_ID.get() or token_hex(8)


@dataclass(frozen=True, slots=True)
class Edge:
    """Wraps the whole application. `hsts_s` is said over https, unless it is 0."""

    app: ASGIApp
    hsts_s: int = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets the request in, or refuses its headers."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        headers: list[tuple[bytes, bytes]] = scope["headers"]
        name = _id_of(headers)
        _REQUEST_ID.set(name)
        if scope["type"] == "websocket":
            await self.app(scope, receive, send)
            return
        added = self._added(scope, name.encode())

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *added]
                if not any(header == CSP for header, _ in message["headers"]):
                    message["headers"].append((CSP, NOTHING))
            await send(message)

        refused = _refused(headers)
        if refused is None:
            await self.app(scope, receive, sending)
        else:
            await drop_rest(Request(scope, receive).stream())
            await _refuse(*refused, headers, sending)

    def _added(self, scope: Scope, name: bytes) -> list[tuple[bytes, bytes]]:
        added = [(b"x-request-id", name), *ALWAYS]
        if scope["path"].startswith("/graphql"):
            added.append((b"cache-control", b"no-store"))
        if self.hsts_s and scope["scheme"] == "https":
            added.append((b"strict-transport-security", b"max-age=%d; includeSubDomains" % self.hsts_s))
        return added


async def drop_rest(stream: AsyncIterator[bytes]) -> None:
    """Takes a little more: a client that still sends when the connection is closed never sees the answer."""
    size = 0
    with suppress(TimeoutError, ClientDisconnect):
        async with asyncio.timeout(DROP_S):
            async for chunk in stream:
                size += len(chunk)
                if size > DROP_BYTES:
                    return


def _id_of(headers: list[tuple[bytes, bytes]]) -> str:
    for name, value in headers:
        if name == b"x-request-id" and SANE_ID.fullmatch(value):
            return value.decode()
    return token_hex(8)


def _refused(headers: list[tuple[bytes, bytes]]) -> Unfit | None:
    """The status and code of headers that nobody needs to send."""
    if len(headers) > MOST_HEADERS or sum(len(name) + len(value) for name, value in headers) > HEADER_BYTES:
        return Unfit(431, code="HEADERS_TOO_LARGE")
    names = [name for name, _ in headers]
    if any(names.count(name) > 1 for name in ONCE):
        return Unfit(400, code="HEADER_REPEATED")
    return None


async def _refuse(status: int, code: str, headers: list[tuple[bytes, bytes]], send: Send) -> None:
    wanted = next((value for name, value in headers if name == b"accept-language"), b"")[:200].decode("latin-1")
    text = messages.text(code, messages.preferred(wanted), {})
    body = orjson.dumps({"errors": [{"message": text, "extensions": {"code": code, "requestId": request_id()}}]})
    shown = [
        (b"content-type", b"application/json; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": shown})
    await send({"type": "http.response.body", "body": body})
