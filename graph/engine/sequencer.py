"""The sequencer: one worker under a lease, for plans whose facts must be applied one after the other."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from graph.engine.counting import count
from graph.engine.pauses import pause
from graph.engine.sequence import apply_next
from graph.errors import Unavailable
from graph.store.leases import LeaseLost

if TYPE_CHECKING:
    import asyncio

    from graph.engine.books import SequencePlace
    from graph.standings import Standings
    from graph.store.dead_letters import DeadLetterStore
    from graph.store.leases import Lease
    from graph.store.log import EventLog
    from graph.store.members import MemberStore
    from graph.store.sequence import Neo4jSequence, SequenceStore

logger = logging.getLogger(__name__)

POLL_S = 0.1
STUCK_S = 10.0
VOLUMES_AT_ONCE = 50_000
IDLE_S = 1.0
"""How often to look whether a plan needs the sequence at all, and how long to wait while Neo4j is away."""


@dataclass(frozen=True, slots=True)
class Sequencer:
    """One of any number: the lease lets one of them work."""

    store: SequenceStore
    log: EventLog
    members: MemberStore
    dead_letters: DeadLetterStore
    holder: str
    lease_ms: int

    async def run(self, stop: asyncio.Event) -> None:
        """Applies what comes whenever it is needed and the lease is to be had, until stopped."""
        while not stop.is_set():
            try:
                lease = await self.store.take(self.holder, self.lease_ms) if await self.store.wanted() else None
                if lease is None:
                    await pause(stop, IDLE_S)
                    continue
                logger.info("Applying facts in sequence under token %d.", lease.token)
                await self._work(lease, stop)
                await lease.release()
            except LeaseLost:
                logger.warning("Another sequencer has taken over.")
            except Unavailable as fault:
                logger.warning("%s Waiting.", fault.message)
                await pause(stop, IDLE_S)

    async def _work(self, lease: Lease, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                if not await self.step(lease):
                    await pause(stop, POLL_S)
            except (LeaseLost, Unavailable):
                raise
            except Exception as fault:
                logger.exception("The sequence cannot go on.")
                await self._single_out(lease, fault)
                await pause(stop, STUCK_S)

    async def step(self, lease: Lease) -> bool:
        """One transaction's worth; whether there may be more."""
        uncounted = await self.store.write(lease, _uncounted)
        if uncounted is not None:
            await self._count(lease, uncounted.seq)
        return await self.store.write(lease, apply_next)

    async def _single_out(self, lease: Lease, fault: Exception) -> None:
        """Goes on fact by fact up to the one that fails, and puts its scopes among the dead letters.

        The facts behind it wait: what they are worth may depend on it. It is tried again every so often.
        """
        try:
            while await self.store.write(lease, partial(apply_next, at_once=1)):
                pass
        except (LeaseLost, Unavailable):
            raise
        except Exception as found:
            fault = found
        place = await self.store.write(lease, _place)
        stuck = await self.log.unapplied(place.seq, (await self.log.position()).mark, 2) if place else []
        for seq, scope_id in stuck:
            if scope_id and seq == stuck[0][0]:
                await self.dead_letters.write(scope_id, f"{type(fault).__name__}: {fault}", 1)

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


async def _place(books: Neo4jSequence) -> SequencePlace | None:
    return await books.place(await books.plans())


async def _save(part: Standings, books: Neo4jSequence) -> None:
    await books.save_standings(part)
