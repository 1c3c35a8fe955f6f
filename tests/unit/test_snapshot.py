"""A table kept in memory: read once for all who wait, and never older than was asked for."""

from __future__ import annotations

import asyncio

import pytest

from graph.access.snapshot import Snapshot
from graph.errors import DatabaseUnavailable


class Table:
    """Counts how often it is read."""

    def __init__(self, *, broken: bool = False) -> None:
        self.broken, self.reads = broken, 0

    async def read(self) -> int:
        self.reads += 1
        await asyncio.sleep(0.02)
        if self.broken:
            raise DatabaseUnavailable("away")
        return self.reads


async def test_all_who_ask_at_once_share_one_reading() -> None:
    table = Table()
    snapshot = Snapshot(table.read)
    assert await asyncio.gather(*(snapshot.within(1) for _ in range(10))) == [1] * 10


async def test_what_is_too_old_is_read_again() -> None:
    snapshot = Snapshot(Table().read)
    assert await snapshot.within(10) == 1
    await asyncio.sleep(0.05)
    assert await snapshot.within(10) == 1
    assert await snapshot.within(0.01) == 2


async def test_all_who_wait_share_one_failure_and_later_ones_try_again() -> None:
    table = Table(broken=True)
    snapshot = Snapshot(table.read)
    found = await asyncio.gather(*(snapshot.within(1) for _ in range(10)), return_exceptions=True)
    assert [type(fault) for fault in found] == [DatabaseUnavailable] * 10
    assert table.reads == 1
    table.broken = False
    assert await snapshot.within(1) == 2


async def test_a_failure_is_not_covered_up_by_an_old_answer() -> None:
    table = Table()
    snapshot = Snapshot(table.read)
    await snapshot.within(1)
    table.broken = True
    await asyncio.sleep(0.05)
    with pytest.raises(DatabaseUnavailable):
        await snapshot.within(0.01)


async def test_who_gives_up_leaves_the_reading_to_the_next() -> None:
    table = Table()
    snapshot = Snapshot(table.read)
    first, second = (asyncio.create_task(snapshot.within(1)) for _ in range(2))
    await asyncio.sleep(0.005)
    first.cancel()
    assert await second == 2
