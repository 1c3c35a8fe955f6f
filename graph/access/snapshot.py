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
    _last: tuple[float, T] | None = None
    """When the reading began (monotonic seconds), and what it found."""
    _fault: tuple[float, Exception] | None = None
    _reading: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def within(self, age_s: float) -> T:
        """The table as it stood at most so many seconds ago. Raises what reading raises: there is no older answer."""
        asked = time.monotonic()
        last = self._last
        if last is None or last[0] < asked - age_s:
            async with self._reading:
                last = self._last
                if last is None or last[0] < asked - age_s:
                    last = await self._read(asked)
        return last[1]

    async def _read(self, asked: float) -> tuple[float, T]:
        if self._fault is not None and self._fault[0] >= asked:
            raise self._fault[1]  # whoever waited for a reading that failed does not begin another
        begun = time.monotonic()
        try:
            last = self._last = begun, await self.read()
        except Exception as fault:
            self._fault = time.monotonic(), fault
            raise
        return last
