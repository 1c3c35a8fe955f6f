"""Who may keep a connection open, how many of them there may be, and when a connection has to end.

`authenticate` is the seam to access control: headers in, a principal out, Unauthenticated for anybody else.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeAlias

from starlette.datastructures import Headers

from graph.errors import ThreefoldError, Unauthenticated, Unavailable
from graph.principals import Principal

if TYPE_CHECKING:
    from collections.abc import Iterator


Authenticate: TypeAlias = Callable[[Headers], Awaitable[Principal]]
"""From headers to whom they vouch for; raises Unauthenticated."""


class TransportRefused(ThreefoldError):
    """The request is well, but not this way, or not now."""

    def __init__(self, message: str, *, code: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(slots=True)
class Proof:
    """What a connection was opened with, and who that proves its opener to be."""

    headers: Headers
    principal: Principal
    authenticate: Authenticate
    recheck_s: float

    async def ended(self) -> ThreefoldError:
        """Waits until the proof no longer holds, and says why: expired, revoked, or not to be checked just now."""
        while True:
            await asyncio.sleep(self._pause())
            if self._left() <= 0:
                return Unauthenticated("expired")
            try:
                principal = await self.authenticate(self.headers)
            except (Unauthenticated, Unavailable) as fault:
                return fault
            if (principal.roles, principal.member_id) != (self.principal.roles, self.principal.member_id):
                return Unauthenticated("other roles than before")
            self.principal = principal

    def _pause(self) -> float:
        return min(self.recheck_s, max(self._left(), 0) + 0.01)

    def _left(self) -> float:
        """Seconds until it expires."""
        expires_at = self.principal.expires_at
        return float("inf") if expires_at is None else (expires_at - datetime.now(UTC)).total_seconds()


@dataclass(slots=True)
class Gate:
    """Counts the sockets and event streams of one process."""

    authenticate: Authenticate
    most: int
    most_each: int
    recheck_s: float
    """A revoked key keeps its connections for no longer than this and what `authenticate` caches."""
    open: int = 0
    _of: Counter[str] = field(default_factory=Counter)

    async def admit(self, headers: Headers) -> Proof:
        """Who asks; raises Unauthenticated."""
        return Proof(headers, await self.authenticate(headers), self.authenticate, self.recheck_s)

    @property
    def full(self) -> bool:
        """Whether no further connection may be opened."""
        return self.open >= self.most

    @contextmanager
    def seat(self) -> Iterator[None]:
        """One connection, as long as the block lasts; raises TransportRefused if there are too many."""
        if self.full:
            raise too_many_connections()
        self.open += 1
        try:
            yield
        finally:
            self.open -= 1

    @contextmanager
    def seat_of(self, principal: Principal) -> Iterator[None]:
        """The same connection once it is known whose it is; raises TransportRefused if these have too many."""
        if self._of[principal.name] >= self.most_each:
            raise too_many_connections()
        self._of[principal.name] += 1
        try:
            yield
        finally:
            self._of[principal.name] -= 1
            if not self._of[principal.name]:
                del self._of[principal.name]


def too_many_connections() -> TransportRefused:
    """The refusal of one connection more."""
    return TransportRefused("Too many connections are open.", code="TOO_MANY_CONNECTIONS")
