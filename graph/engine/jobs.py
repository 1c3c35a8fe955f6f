"""Periodic jobs: settlement, month-end and what else is given; one process at a time works, under a lease.

A job is due when its interval has passed since its last run was begun, by the database's clock, which is kept in
Neo4j: a restart neither skips nor repeats. A job that is killed is begun again: each must bear that.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graph.engine.pauses import pause
from graph.errors import Unavailable
from graph.store import leases
from graph.store.leases import LeaseLost

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from graph.store.jobs import JobStore
    from graph.store.leases import Lease

logger = logging.getLogger(__name__)

POLL_S = 1.0
PAUSE_S = 1.0
RETRY_S = 60.0
"""How long after a failure a job is tried again, or its interval if that is shorter."""


@dataclass(frozen=True, slots=True)
class Job:
    """Work to be done every so often. It may be done twice: it must change nothing the second time."""

    name: str
    every_s: float
    work: Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Jobs:
    """One process's jobs. Others may stand by: the lease lets one of them work."""

    store: JobStore
    jobs: Sequence[Job]
    holder: str
    lease_ms: int

    async def run(self, stop: asyncio.Event) -> None:
        """Does what is due whenever the lease is to be had, until stopped; then gives it back."""
        while not stop.is_set():
            try:
                lease = await leases.take(self.store.database, "jobs", self.holder, self.lease_ms)
                if lease is not None:
                    await self._work(lease, stop)
                    await lease.release()
                await pause(stop, self.lease_ms / 5000)
            except LeaseLost:
                logger.warning("Another process does the jobs now.")
            except Unavailable as fault:
                logger.warning("%s Waiting.", fault.message)
                await pause(stop, PAUSE_S)

    async def _work(self, lease: Lease, stop: asyncio.Event) -> None:
        """Does jobs under the lease, which is renewed beside them: a job may take longer than a lease lives."""
        renewing = asyncio.create_task(self._renew(lease))
        try:
            while not (stop.is_set() or renewing.done()):
                await self.turn(lease, stop)
                await pause(stop, POLL_S)
        finally:
            renewing.cancel()
            await asyncio.gather(renewing, return_exceptions=True)

    async def turn(self, lease: Lease, stop: asyncio.Event | None = None) -> None:
        """Does each job once that is due now. One that fails is logged and does not stop the others."""
        jobs = {job.name: job for job in self.jobs}
        intervals = [(job.name, _ms(job.every_s), _ms(min(job.every_s, RETRY_S))) for job in self.jobs]
        for name, now_ms in await self.store.due(lease, intervals):
            if stop is not None and stop.is_set():
                return
            try:
                outcome = await jobs[name].work()
            except Exception as fault:
                logger.exception("The job %s failed.", name)
                await self.store.failed(lease, name, f"{type(fault).__name__}: {fault}"[:500])
                continue
            level = logging.INFO if outcome else logging.DEBUG  # nothing to do is no news
            logger.log(level, "The job %s is done: %s.", name, outcome)
            await self.store.done(lease, name, now_ms)

    async def _renew(self, lease: Lease) -> None:
        while True:
            await asyncio.sleep(self.lease_ms / 3000)
            await self.store.database.write(lease.hold)


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
