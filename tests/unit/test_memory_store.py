"""The double of the store keeps the contract of the store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from contract import KEEP, Bench, BooksContract, SequenceContract
from memory.books import MemoryBookStore
from memory.intake import Intake, begin
from memory.log import MemoryLog, MemorySequenceStore, take
from memory.transactions import KeyTaken, Store

from graph.members import Enrolment
from graph.refunds import RefundRequest

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


class MemoryBench(Bench):
    refused = KeyTaken

    def __init__(self) -> None:
        self.store = Store()
        begin(self.store, KEEP)
        self.intake = Intake(self.store)

    async def accept(self, *facts: Any) -> None:
        for fact in facts:
            if isinstance(fact, Enrolment):
                await self.intake.join(fact)
            elif isinstance(fact, RefundRequest):
                await self.intake.refund(fact)
            else:
                await self.intake.order(fact)

    async def publish(self, document: str) -> None:
        await self.intake.publish(document, document)

    async def number(self) -> None:
        lease = await take(self.store, "relay", "a test", 10**9)
        assert lease
        await MemoryLog(self.store).number(lease, 1000)

    async def write(self, work: Callable[[Any], Awaitable[Any]]) -> Any:
        return await MemoryBookStore(self.store).write(work)

    async def in_sequence(self, work: Callable[[Any], Awaitable[Any]]) -> Any:
        sequences = MemorySequenceStore(self.store)
        lease = await sequences.take("a test", 10**9)
        assert lease
        return await sequences.write(lease, work)


@pytest.fixture
def bench() -> Bench:
    return MemoryBench()


class TestMemoryBooks(BooksContract):
    pass


class TestMemorySequence(SequenceContract):
    pass
