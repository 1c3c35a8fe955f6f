"""The sequencer: one worker under a lease, for plans whose facts must be applied one after the other."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from graph.engine.counting import count
from graph.engine.sequence import apply_next
from graph.errors import Unavailable
from graph.store.leases import LeaseLost

if TYPE_CHECKING:
    from graph.engine.books import SequencePlace
    from graph.standings import Standings
    from graph.store.leases import Lease
    from graph.store.log import EventLog
    from graph.store.members import MemberStore
    from graph.store.sequence import Neo4jSequence, SequenceStore

logger = logging.getLogger(__name__)

POLL_S = 0.05
VOLUMES_AT_ONCE = 50_000
IDLE_S = 1.0
"""How often to look whether a plan needs the sequence at all, and how long to wait while Neo4j is away."""


@dataclass(frozen=True, slots=True)
class Sequencer:
    """One of any number: the lease lets one of them work."""

    store: SequenceStore
    log: EventLog
    members: MemberStore
    holder: str
    lease_ms: int

    async def run(self, stop: asyncio.Event) -> None:
        """Applies what comes whenever it is needed and the lease is to be had, until stopped."""
        while not stop.is_set():
            try:
                lease = await self.store.take(self.holder, self.lease_ms) if await self.store.wanted() else None
                if lease is None:
                    await _pause(stop, IDLE_S)
                    continue
                logger.info("Applying facts in sequence under token %d.", lease.token)
                while not stop.is_set():
                    if not await self.step(lease):
                        await _pause(stop, POLL_S)
                await lease.release()
            except LeaseLost:
                logger.warning("Another sequencer has taken over.")
            except Unavailable as fault:
                logger.warning("%s Waiting.", fault.message)
                await _pause(stop, IDLE_S)

    async def step(self, lease: Lease) -> bool:
        """One transaction's worth; whether there may be more."""
        uncounted = await self.store.write(lease, _uncounted)
        if uncounted is not None:
            await self._count(lease, uncounted.seq)
        return await self.store.write(lease, apply_next)

    async def _count(self, lease: Lease, upto: int) -> None:
        logger.info("Counting what teams have bought up to fact %d.", upto)
        standings = await count(self.log.facts(0, upto), await self.members.all())
        for part in standings.parts(VOLUMES_AT_ONCE):
            await self.store.write(lease, partial(_save, part))
        await self.store.write(lease, lambda books: books.counted(upto))


async def _uncounted(books: Neo4jSequence) -> SequencePlace | None:
    """Where the sequence stands, if standings are wanted and nobody has counted them yet.

    A plan may be seen before the facts that are numbered with it: there the mark says when they can be counted.
    """
    mark = await books.mark()
    plans = await books.plans()
    place = await books.place(plans)
    wanted = place is not None and place.seq <= mark and plans.counts_teams and not place.counted
    return place if wanted else None


async def _save(part: Standings, books: Neo4jSequence) -> None:
    await books.save_standings(part)


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
