"""Stamps: what orders accepted facts until the relay numbers them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from graph.store.queries import load

if TYPE_CHECKING:
    from graph.store.database import Database

NEWEST_STAMP = load("event/newest_stamp")


@dataclass(frozen=True, slots=True)
class Stamp:
    """One batch's place among unnumbered facts, in microseconds of Unix time; rows follow within it."""

    accepted_us: int

    @property
    def moment(self) -> datetime:
        """The stamp as a moment: when a fact that names no time was accepted."""
        return datetime.fromtimestamp(self.accepted_us / 1_000_000, UTC)


@dataclass(slots=True)
class StampClock:
    """Gives growing stamps, also past a clock that was set back: never below one that still waits in the store.

    One clock serves one sequence of facts, such as an import: its batches are numbered in the order of its stamps.
    """

    database: Database
    _last: int = -1
    _first: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def stamp(self) -> Stamp:
        """The next stamp."""
        async with self._first:
            if self._last < 0:
                rows = await self.database.rows(NEWEST_STAMP)
                self._last = rows[0]["accepted_us"] if rows else 0
            self._last = max(self._last + 1, int(datetime.now(UTC).timestamp() * 1_000_000))
            return Stamp(self._last)
