"""Periodic jobs run when their interval has passed, in one process at a time, and bear failures."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graph.engine.jobs import Job, Jobs
from graph.store import leases

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from graph.store.leases import Lease
    from graph.wiring import Services


@dataclass
class Work:
    """Something to do that counts, and fails as often as it is told to."""

    failures: int = 0
    runs: int = 0
    begun: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self) -> int:
        self.begun.set()
        if self.failures:
            self.failures -= 1
            raise RuntimeError("told to fail")
        self.runs += 1
        return self.runs


async def lease_of(services: Services, name: str = "jobs") -> Lease:
    lease = await leases.take(services.database, name, "a test", 60_000)
    assert lease
    return lease


def jobs(services: Services, *jobs: Job) -> Jobs:
    return Jobs(services.desk.jobs, jobs, "a test", services.settings.lease_ms)


async def hours_pass(services: Services, hours: int) -> None:
    """Sets every job's clock back."""
    back = hours * 3_600_000
    await services.database.schema(f"MATCH (j:Job) SET j.last_run_ms = j.last_run_ms - {back}")
    await services.database.schema(f"MATCH (j:Job) WHERE j.failed_ms > 0 SET j.failed_ms = j.failed_ms - {back}")


async def test_a_job_waits_one_interval_from_the_beginning_and_between_runs(store: Services) -> None:
    work, lease = Work(), await lease_of(store)
    hourly = jobs(store, Job("hourly", 3600, work))
    await hourly.turn(lease)
    assert work.runs == 0
    await hours_pass(store, 1)
    await hourly.turn(lease)
    await hourly.turn(lease)
    assert work.runs == 1


async def test_a_restart_neither_skips_nor_repeats(store: Services) -> None:
    work, lease = Work(), await lease_of(store)
    await jobs(store, Job("hourly", 3600, work)).turn(lease)
    await hours_pass(store, 1)
    for _ in range(3):
        await jobs(store, Job("hourly", 3600, work)).turn(lease)
    assert work.runs == 1
    (known,) = await store.desk.jobs.all()
    assert (known.name, known.every_ms, known.runs, known.fault) == ("hourly", 3_600_000, 1, "")


async def test_a_job_that_fails_is_tried_again_and_stops_no_other(store: Services) -> None:
    bad, good, lease = Work(failures=1), Work(), await lease_of(store)
    both = jobs(store, Job("bad", 3600, bad), Job("good", 3600, good))
    await both.turn(lease)
    await hours_pass(store, 1)
    await both.turn(lease)
    assert (bad.runs, good.runs) == (0, 1)
    assert {job.name: job.fault for job in await store.desk.jobs.all()} == {
        "bad": "RuntimeError: told to fail",
        "good": "",
    }
    await both.turn(lease)
    assert bad.runs == 0
    await hours_pass(store, 1)
    await both.turn(lease)
    assert bad.runs == 1


@asynccontextmanager
async def running(*all_jobs: Jobs) -> AsyncIterator[None]:
    stop = asyncio.Event()
    tasks = [asyncio.create_task(some.run(stop)) for some in all_jobs]
    try:
        yield
    finally:
        stop.set()
        await asyncio.gather(*tasks)


async def test_two_processes_do_a_job_once(store: Services) -> None:
    work = Work()
    hourly = Job("hourly", 3600, work)
    first = Jobs(store.desk.jobs, [hourly], "first", 2000)
    second = Jobs(store.desk.jobs, [hourly], "second", 2000)
    await first.turn(lease := await lease_of(store))
    await hours_pass(store, 1)
    await lease.release()
    async with running(first, second):
        await asyncio.wait_for(work.begun.wait(), 20)
        await asyncio.sleep(1.5)
    assert work.runs == 1
    assert await leases.holder(store.database, "jobs") in {None, ""}


async def test_a_job_longer_than_the_lease_keeps_it(store: Services) -> None:
    done = asyncio.Event()

    async def slow() -> str:
        await asyncio.sleep(2.5)
        done.set()
        return "slept"

    slept = Jobs(store.desk.jobs, [Job("slow", 3600, slow)], "first", 1000)
    await slept.turn(lease := await lease_of(store))
    await hours_pass(store, 1)
    await lease.release()
    async with running(slept):
        await asyncio.wait_for(done.wait(), 20)
        await asyncio.sleep(0.5)
    assert [job.runs for job in await store.desk.jobs.all()] == [1]


async def test_the_services_jobs_settle_and_close_months(store: Services) -> None:
    work = Work()
    own = store.jobs(Job("more", 60, work))
    lease = await lease_of(store)
    await own.turn(lease)
    await hours_pass(store, 2)
    await own.turn(lease)
    assert {job.name: (job.runs, job.fault) for job in await store.desk.jobs.all()} == {
        "checkpoint": (1, ""),
        "month-end": (1, ""),
        "more": (1, ""),
        "plans": (1, ""),
        "settle": (1, ""),
    }
