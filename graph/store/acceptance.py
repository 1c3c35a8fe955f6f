"""Stamps: what orders accepted facts until the relay numbers them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Generic, TypeVar

from graph.store.queries import load

if TYPE_CHECKING:
    from graph.store.database import Database

STAMP = load("event/stamp")
PLACES_A_ROW = 1_000_000
"""A row's events stand in places of their own: its fact first, then what the fact brings about."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Accepted(Generic[T]):
    """What is so now, and whether it became so by this wish or was known before."""

    subject: T
    new: bool


@dataclass(frozen=True, slots=True)
class Stamp:
    """One batch's place among unnumbered facts, in microseconds of Unix time; rows follow within it."""

    accepted_us: int

    @property
    def moment(self) -> datetime:
        """The stamp as a moment: when a fact that names no time was accepted."""
        return datetime.fromtimestamp(self.accepted_us / 1_000_000, UTC)


def place(row_number: int, after: int = 0) -> int:
    """Where an event stands within its batch: that of the row itself, or the one so many `after` it."""
    return row_number * PLACES_A_ROW + after


def later(accepted_us: int, last_us: int) -> int:
    """A stamp that is above the last one of the same order, known under the order's lock.

    A stamp is drawn before the lock, and may be below that of a fact which took the lock first.
    """
    return max(accepted_us, last_us + 1)


@dataclass(slots=True)
class StampClock:
    """Gives growing stamps by the database's own clock, so that hosts may disagree about the time.

    None is below one that still waits in the store, even after that clock was set back. One StampClock serves one
    sequence of facts, such as an import: its batches are numbered in the order of its stamps.
    """

    database: Database
    _last: int = 0
    _one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def stamp(self) -> Stamp:
        """The next stamp."""
        async with self._one_at_a_time:
            (row,) = await self.database.rows(STAMP)
            self._last = max(self._last, row["now_us"], row["waiting_us"] or 0) + 1
            return Stamp(self._last)
