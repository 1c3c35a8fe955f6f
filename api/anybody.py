"""Stands in for access control until there is one: whoever asks is staff, and the token `nobody` is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graph.errors import Unauthenticated
from graph.principals import Principal, Role

if TYPE_CHECKING:
    from starlette.datastructures import Headers


async def anybody(headers: Headers) -> Principal:
    """The same principal for all."""
    if headers.get("authorization") == "Bearer nobody":
        raise Unauthenticated("a stand-in for a bad token")
    return Principal("anybody", frozenset({Role.ANALYST, Role.FINANCE, Role.INGEST}))
