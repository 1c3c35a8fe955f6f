"""A small table of the database, kept in memory: what can be taken back must be read again soon."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

T = TypeVar("T")


@dataclass(slots=True)
class Snapshot(Generic[T]):
    """Reads at most once at a time, whoever wants to know."""

    read: Callable[[], Awaitable[T]]
    _found: T | None = None
    _begun_at: float = float("-inf")
    _reading: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def within(self, age_s: float) -> T:
        """The table as it stood at most so many seconds ago. Raises what reading raises: there is no older answer."""
        oldest = time.monotonic() - age_s
        if self._found is None or self._begun_at < oldest:
            async with self._reading:
                if self._found is None or self._begun_at < oldest:
                    begun = time.monotonic()
                    self._found = await self.read()
                    self._begun_at = begun
        return self._found
