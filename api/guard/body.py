"""Bytes to a request: few of them, soon, and JSON that means one thing only."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import orjson
from starlette.requests import ClientDisconnect

from api.guard.edge import drop_rest
from api.guard.limits import JSON_DEPTH
from api.guard.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

JSON = "application/json"
CLOSE = {"connection": "close"}
"""The rest of such a body is not read, so that the connection ends with the answer."""


class _Repeated(ValueError):
    pass


async def read(headers: Mapping[str, str], stream: AsyncIterator[bytes], most: int, within_s: float) -> bytes:
    """The whole body; refuses other media types, encodings, and what is too long or too slow."""
    try:
        refuse_headers(headers, most)
        async with asyncio.timeout(within_s):
            return await _read(stream, most)
    except (TimeoutError, ClientDisconnect):
        raise Refusal(408, code="BODY_TOO_SLOW", headers=CLOSE) from None
    except Refusal:
        await drop_rest(stream)
        raise


async def _read(stream: AsyncIterator[bytes], most: int) -> bytes:
    body = bytearray()
    async for chunk in stream:
        body += chunk
        if len(body) > most:
            raise Refusal(413, code="BODY_TOO_LARGE", headers=CLOSE, limit=most)
    return bytes(body)


def refuse_headers(headers: Mapping[str, str], most: int) -> None:
    """What can be refused before a byte of the body is read. No HTML form can send what passes."""
    kind, _, parameter = headers.get("content-type", "").lower().partition(";")
    charset = parameter.replace('"', "").strip()
    if kind.strip() != JSON or charset not in {"", "charset=utf-8"}:
        raise Refusal(415, code="UNSUPPORTED_MEDIA_TYPE", headers=CLOSE)
    if headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise Refusal(415, code="UNSUPPORTED_ENCODING", headers=CLOSE)
    length = headers.get("content-length", "")
    if length.isdecimal() and (len(length) > 18 or int(length) > most):
        raise Refusal(413, code="BODY_TOO_LARGE", headers=CLOSE, limit=most)


def decode(body: str | bytes) -> dict[str, Any]:
    """The object that a body is; refuses what is not strict JSON, nests too deeply, or names a key twice."""
    try:
        found = orjson.loads(body)
        json.loads(body, object_pairs_hook=_once)
    except _Repeated:
        raise Refusal(400, code="JSON_KEY_REPEATED") from None
    except (ValueError, RecursionError):
        raise Refusal(400, code="BAD_JSON") from None
    if isinstance(found, list):
        raise Refusal(400, code="BATCH_REFUSED")
    if not isinstance(found, dict):
        raise Refusal(400, code="BAD_REQUEST")
    if _opened(body) > JSON_DEPTH and _deeper(found, JSON_DEPTH):
        raise Refusal(400, code="JSON_TOO_DEEP", limit=JSON_DEPTH)
    return found


def _once(pairs: list[tuple[str, Any]]) -> None:
    if len(pairs) > 1 and len({key for key, _ in pairs}) < len(pairs):
        raise _Repeated


def _opened(body: str | bytes) -> int:
    """No document nests deeper than it opens brackets."""
    return body.count(b"[") + body.count(b"{") if isinstance(body, bytes) else body.count("[") + body.count("{")


def _deeper(found: object, depth: int) -> bool:
    """Whether objects and lists are inside each other more often than that."""
    level = [found]
    for _ in range(depth):
        level = [
            part
            for whole in level
            for part in (whole.values() if isinstance(whole, dict) else whole)  # type: ignore[attr-defined]
            if isinstance(part, dict | list)
        ]
        if not level:
            return False
    return True
