"""The one way to Neo4j: managed transactions over declared queries, and errors by their own names."""

from __future__ import annotations

import asyncio
import re
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from neo4j import READ_ACCESS, WRITE_ACCESS, AsyncGraphDatabase, NotificationMinimumSeverity, unit_of_work
from neo4j import Query as Text
from neo4j.exceptions import AuthError, ConstraintError, DriverError, IncompleteCommit, Neo4jError

from graph import deadline
from graph.errors import DatabaseUnavailable, DeadlineExceeded, InvalidInput, WrongCredentials

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from neo4j import AsyncDriver, AsyncManagedTransaction, AsyncSession
    from neo4j.api import AsyncBookmarkManager

    from graph.store.queries import Query

T = TypeVar("T")
Row = dict[str, Any]

PING_WITHIN_S = 5
TIMED_OUT = {
    "Neo.ClientError.Transaction.TransactionTimedOut",
    "Neo.ClientError.Transaction.TransactionTimedOutClientConfiguration",
}
ATTEMPTS = 5
"""How often work is done again after a lost race for a key, or a commit whose outcome is unknown."""


@dataclass(frozen=True, slots=True)
class Transaction:
    """A running transaction. Work given to `Database` may run more than once: it must not change anything else."""

    _inner: AsyncManagedTransaction

    async def run(self, query: Query, **params: object) -> list[Row]:
        """All rows of a declared query, in its order."""
        result = await self._inner.run(query.gathered, params)
        if not query.columns:
            await result.consume()
            return []
        record = await result.single(strict=True)
        return [dict(zip(query.columns, values, strict=True)) for values in record["rows"]]


@dataclass(frozen=True, slots=True)
class Database:
    """A database reached over Bolt. Raises DatabaseUnavailable and WrongCredentials, never the driver's own."""

    driver: AsyncDriver
    name: str = "neo4j"
    bookmarks: AsyncBookmarkManager = field(default_factory=AsyncGraphDatabase.bookmark_manager)
    """What this process has written or seen, its later transactions see too, on whichever server of a cluster."""

    async def read(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Does work in a read transaction, again after passing faults."""
        async with _named_errors(), self._session(READ_ACCESS) as session:
            return await session.execute_read(_timed(work))

    async def rows(self, query: Query, **params: object) -> list[Row]:
        """All rows of one reading query in a transaction of its own."""
        return await self.read(lambda tx: tx.run(query, **params))

    async def write(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Does work in one write transaction: all of it, or nothing.

        It is done again when another transaction took a key first, after a deadlock, and when the outcome of
        a commit is unknown; deterministic keys make the second time find what the first one wrote.
        """
        for attempt in range(1, ATTEMPTS + 1):
            try:
                async with self._session(WRITE_ACCESS) as session:
                    return await session.execute_write(_timed(work))
            except (ConstraintError, IncompleteCommit) as fault:
                if attempt == ATTEMPTS:
                    raise _named(fault) from fault
            except (DriverError, Neo4jError) as fault:
                raise _named(fault) from fault
        raise AssertionError("unreachable")

    async def ping(self) -> None:
        """Returns when the database answers."""
        async with _named_errors(), asyncio.timeout(PING_WITHIN_S):
            await self.driver.verify_connectivity()

    async def schema(self, statement: str) -> None:
        """One statement of a migration, in a transaction of its own."""
        async with _named_errors(), self._session(WRITE_ACCESS) as session:
            result = await session.run(Text(statement))
            await result.consume()

    async def shown(self, query: Query) -> list[Row]:
        """The rows of a statement about the schema, which no other may envelop."""
        async with _named_errors(), self._session(READ_ACCESS) as session:
            return await (await session.run(Text(query.text))).data()

    def _session(self, access: str) -> AsyncSession:
        return self.driver.session(database=self.name, default_access_mode=access, bookmark_manager=self.bookmarks)


def connect(uri: str, user: str, password: str) -> AsyncDriver:
    """A driver for one address; it connects at first use. Raises InvalidInput for what is no address."""
    if not re.match(r"(bolt|neo4j)(\+s|\+ssc)?://", uri):
        raise InvalidInput(
            "neo4j_uri", f"THREEFOLD_NEO4J_URI must begin with bolt:// or neo4j://, not {uri!r}.", code="BAD_SETTING"
        )
    try:
        return AsyncGraphDatabase.driver(
            uri,
            auth=(user, password),
            connection_timeout=3,
            connection_acquisition_timeout=30,
            max_transaction_retry_time=5,
            notifications_min_severity=NotificationMinimumSeverity.OFF,
            user_agent="threefold",
        )
    except (DriverError, ValueError) as fault:
        raise InvalidInput("neo4j_uri", f"THREEFOLD_NEO4J_URI cannot be used: {fault}.", code="BAD_SETTING") from fault


def _timed(work: Callable[[Transaction], Awaitable[T]]) -> Callable[[AsyncManagedTransaction], Awaitable[T]]:
    """The work as the driver wants it; the server itself ends it when the request's deadline is over."""

    def begun(inner: AsyncManagedTransaction) -> Awaitable[T]:
        return work(Transaction(inner))

    seconds = deadline.left()
    return begun if seconds is None else unit_of_work(timeout=seconds)(begun)


@asynccontextmanager
async def _named_errors() -> AsyncIterator[None]:
    try:
        yield
    except TimeoutError as fault:
        raise DatabaseUnavailable("Neo4j did not answer in time.") from fault
    except (DriverError, Neo4jError) as fault:
        raise _named(fault) from fault


def _named(fault: Exception) -> Exception:
    """Ours for what is wrong outside; a fault of our own queries keeps its name."""
    code = (fault.code or "") if isinstance(fault, Neo4jError) else ""
    if code in TIMED_OUT:
        return DeadlineExceeded()
    if isinstance(fault, AuthError) or code.startswith("Neo.ClientError.Security."):
        return WrongCredentials("Neo4j refused the user name or the password.")
    if code.startswith(("Neo.ClientError.Statement.", "Neo.ClientError.Schema.")):
        return fault
    if code:
        return DatabaseUnavailable(f"Neo4j cannot do its work: {str(getattr(fault, 'message', fault)).rstrip('.')}.")
    return DatabaseUnavailable("Neo4j does not answer.")
