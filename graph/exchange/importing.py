"""`threefold import`: accepts files of facts in batches. Importing the same file again changes nothing."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from graph.errors import Refused
from graph.exchange.forest_order import referrers_first
from graph.exchange.lines import Line
from graph.exchange.rows import (
    IDENTIFIER_COLUMNS,
    MEMBER_COLUMNS,
    ORDER_COLUMNS,
    REFUND_COLUMNS,
    enrolment,
    purchase,
    refund_request,
    sighting,
)
from graph.exchange.tables import count_rows, read_rows
from graph.refunds import RefundStatus
from graph.store.acceptance import Accepted

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence
    from pathlib import Path

    from graph.exchange.rejects import Rejects
    from graph.exchange.tables import RawRow
    from graph.refunds import RefundRequest
    from graph.store.acceptance import Stamp, StampClock
    from graph.wiring import Services

    Report = Callable[[str, int, int], None]
    Taken = Accepted[Any] | Refused
    Accept = Callable[[Sequence[tuple[int, "Wish"]], Stamp], Awaitable[Sequence[Taken]]]

Wish = TypeVar("Wish")
BATCH = 2_000


@dataclass(slots=True)
class Imported:
    """How many rows of a file are so now: for the first time, or known before; of both, the refunds that are parked."""

    new: int = 0
    known: int = 0
    parked: int = 0
    seconds: float = field(default=0.0, compare=False)

    @property
    def accepted(self) -> int:
        """All that are so now."""
        return self.new + self.known


@dataclass(slots=True)
class Import:
    """One import: members, identifiers, orders, refunds, each in row order; bad rows go to `rejects` and stop nothing.

    `report(what, done, total)` is called after every batch.
    """

    services: Services
    rejects: Rejects
    report: Report
    clock: StampClock = field(init=False)

    def __post_init__(self) -> None:
        self.clock = self.services.clock()

    async def import_members(self, file: Path) -> Imported:
        """Accepts a members file."""
        parse = partial(enrolment, phone_region=self.services.settings.phone_region)
        ordered = referrers_first(read_wishes(file, MEMBER_COLUMNS, parse))
        return await self._accept(file, ordered, self.services.members.enrol)

    async def import_identifiers(self, file: Path) -> Imported:
        """Accepts an identifiers file: what members were seen with, and when first."""
        lines = read_wishes(file, IDENTIFIER_COLUMNS, sighting)
        return await self._accept(file, lines, self.services.identifiers.record)

    async def import_orders(self, file: Path) -> Imported:
        """Accepts an orders file."""
        return await self._accept(file, read_wishes(file, ORDER_COLUMNS, purchase), self.services.orders.accept)

    async def import_refunds(self, file: Path) -> Imported:
        """Accepts a refunds file. A refund that waits for its order's completion is accepted, and counted as parked."""
        parked = 0

        async def accept(wishes: Sequence[tuple[int, RefundRequest]], stamp: Stamp) -> Sequence[Taken]:
            nonlocal parked
            outcomes = await self.services.refunds.accept(wishes, stamp)
            taken = [outcome.subject.status for outcome in outcomes if isinstance(outcome, Accepted)]
            parked += taken.count(RefundStatus.PARKED)
            return outcomes

        imported = await self._accept(file, read_wishes(file, REFUND_COLUMNS, refund_request), accept)
        imported.parked = parked
        return imported

    async def _accept(self, file: Path, lines: Iterator[Line[Wish]], accept: Accept[Wish]) -> Imported:
        """Accepts wishes batch after batch, never two at once: their order is the order of acceptance.

        The next batch is read in a thread while the database works on this one.
        """
        began, total, done, imported = time.monotonic(), count_rows(file), 0, Imported()
        batch = await asyncio.to_thread(_take, lines)
        while batch:
            wishes = [(line.number, line.wish) for line in batch if not isinstance(line.wish, Refused)]
            upcoming = asyncio.create_task(asyncio.to_thread(_take, lines))
            outcomes = iter(await accept(wishes, await self.clock.stamp()) if wishes else ())
            for line in batch:
                outcome = line.wish if isinstance(line.wish, Refused) else next(outcomes)
                if isinstance(outcome, Refused):
                    self.rejects.add(file, line.number, outcome, line.row)
                elif outcome.new:
                    imported.new += 1
                else:
                    imported.known += 1
            done += len(batch)
            self.report(file.name, done, total)
            batch = await upcoming
        imported.seconds = time.monotonic() - began
        return imported


def refuse_unreadable(
    members: Path | None, identifiers: Path | None, orders: Path | None, refunds: Path | None
) -> None:
    """Raises InvalidInput for a file without its columns, before anything of any file is accepted."""
    for file, columns in (
        (members, MEMBER_COLUMNS),
        (identifiers, IDENTIFIER_COLUMNS),
        (orders, ORDER_COLUMNS),
        (refunds, REFUND_COLUMNS),
    ):
        if file is not None:
            next(read_rows(file, columns), None)


def read_wishes(file: Path, columns: Sequence[str], parse: Callable[[RawRow], Wish]) -> Iterator[Line[Wish]]:
    """The rows of a file, each as what it wishes or why it is refused; raises InvalidInput as `read_rows` does."""
    for number, row in read_rows(file, columns):
        try:
            yield Line(number, row, parse(row))
        except Refused as refusal:
            yield Line(number, row, refusal)


def _take(lines: Iterator[Line[Wish]]) -> list[Line[Wish]]:
    return list(islice(lines, BATCH))
