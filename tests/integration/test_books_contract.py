"""Neo4j keeps the contract that its double in memory keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import network
import pytest
from contract import KEEP, Bench, BooksContract, SequenceContract
from neo4j.exceptions import ConstraintError

from graph.store.sequence import SequenceStore

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from graph.wiring import Services


class Neo4jBench(Bench):
    refused = ConstraintError

    def __init__(self, store: Services) -> None:
        self.store = store

    async def accept(self, *facts: Any) -> None:
        await network.accept(self.store, *facts)

    async def publish(self, document: str) -> None:
        await network.publish(self.store, document, document)

    async def number(self) -> None:
        await network.number_all(self.store)

    async def write(self, work: Callable[[Any], Awaitable[Any]]) -> Any:
        return await self.store.books.write(work)

    async def in_sequence(self, work: Callable[[Any], Awaitable[Any]]) -> Any:
        sequence = SequenceStore(self.store.database, self.store.plans)
        lease = await sequence.take("a test", 60_000)
        assert lease
        try:
            return await sequence.write(lease, work)
        finally:
            await lease.release()


@pytest.fixture
async def bench(store: Services) -> Bench:
    made = Neo4jBench(store)
    await made.publish(KEEP)
    await made.number()
    return made


class TestNeo4jBooks(BooksContract):
    pass


class TestNeo4jSequence(SequenceContract):
    pass
