"""The relay: numbers accepted facts in the order of acceptance and announces which scopes have news.

One relay works at a time, under a lease in Neo4j whose fencing token every write checks. Three loops share it:
numbering needs Neo4j only; announcing waits for Redis when it is away; sweeping announces again what got lost.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from graph.engine.pauses import pause
from graph.engine.sweeper import Sweeper
from graph.errors import Unavailable
from graph.store import leases
from graph.store.leases import LeaseLost

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from graph.store.database import Database
    from graph.store.leases import Lease
    from graph.store.log import EventLog
    from graph.stream.news import NewsStream

    Step = Callable[[Lease], Awaitable[bool]]

logger = logging.getLogger(__name__)

NUMBER_AT_ONCE = 1_000
ANNOUNCE_AT_ONCE = 2_000
MAX_OUTSTANDING = 50_000
"""Messages. Beyond it the relay waits for the workers: a full Redis would refuse everything."""
POLL_S = 0.05
PAUSE_S = 1.0


@dataclass(frozen=True, slots=True)
class Relay:
    """One relay process. Others may stand by: the lease lets one of them work."""

    database: Database
    log: EventLog
    news: NewsStream
    holder: str
    lease_ms: int
    sweep_s: float
    """How long the oldest unapplied event may stay the same before it is announced again."""

    async def run(self, stop: asyncio.Event) -> None:
        """Relays whenever the lease is to be had, until stopped; then gives it back."""
        while not stop.is_set():
            try:
                lease = await leases.take(self.database, "relay", self.holder, self.lease_ms)
                if lease is None:
                    await pause(stop, self.lease_ms / 5000)
                    continue
                logger.info("Relaying under token %d.", lease.token)
                await self.log.mark(lease)
                await self._relay(lease, stop)
                await lease.release()
            except LeaseLost:
                logger.warning("Another relay has taken over.")
            except Unavailable as fault:
                logger.warning("%s Waiting.", fault.message)
                await pause(stop, PAUSE_S)

    async def _relay(self, lease: Lease, stop: asyncio.Event) -> None:
        """The three loops side by side, until stopped or until another relay has the lease."""
        lost = asyncio.Event()
        steps: list[tuple[Step, float]] = [
            (self.number, POLL_S),
            (self.announce, POLL_S),
            (Sweeper(self.log, self.news, self.sweep_s).sweep, self.sweep_s / 2),
            (self._renew, self.lease_ms / 3000),
        ]
        try:
            async with asyncio.TaskGroup() as loops:
                for step, pause_s in steps:
                    loops.create_task(_repeat(partial(step, lease), pause_s, stop, lost))
        except BaseExceptionGroup as faults:
            raise faults.exceptions[0] from None

    async def _renew(self, lease: Lease) -> bool:
        await self.database.write(lease.hold)
        return False

    async def number(self, lease: Lease) -> bool:
        """Numbers one batch; whether there may be more."""
        if not await self.log.waiting():
            return False
        return await self.log.number(lease, NUMBER_AT_ONCE) == NUMBER_AT_ONCE

    async def announce(self, lease: Lease) -> bool:
        """Announces the scopes of one stretch of the log; whether there may be more."""
        position = await self.log.position()
        if position.published_seq >= position.mark:
            return False
        if await self.news.outstanding() > MAX_OUTSTANDING:
            return False
        upto = min(position.mark, position.published_seq + ANNOUNCE_AT_ONCE)
        await self.news.publish(await self.log.news(position.published_seq, upto))
        await self.log.mark_published(lease, upto)
        return upto < position.mark


async def _repeat(
    step: Callable[[], Awaitable[bool]], pause_s: float, stop: asyncio.Event, lost: asyncio.Event
) -> None:
    """Steps at once while a step says that there is more, else after a pause; ends all loops on a lost lease."""
    while not stop.is_set() and not lost.is_set():
        try:
            if await step():
                continue
        except LeaseLost:
            logger.warning("Another relay has taken over.")
            lost.set()
        except Unavailable as fault:
            logger.warning("%s Waiting.", fault.message)
            await pause(stop, PAUSE_S)
        await pause(stop, pause_s)
