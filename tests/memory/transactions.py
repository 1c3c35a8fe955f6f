"""Transactions as Neo4j has them: read committed, write locks until the end, unique keys, work that is done again.

Every call of a transaction may pause, so that a scheduler can let another one go first. Under asyncio a pause is a
turn of the event loop; the simulator (`tests/simulator`) steps the coroutines itself and picks who goes next.
"""

from __future__ import annotations

from bisect import insort
from collections import defaultdict
from typing import TYPE_CHECKING, Any, TypeVar

from graph.errors import DatabaseUnavailable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator, Hashable, Mapping
    from random import Random

T = TypeVar("T")
Key = Any
Row = Any
ATTEMPTS = 5
"""As `graph/store/database.py` has it."""
TABLES = (
    "members orders refunds events seqs plans plan_keys scopes slots slot_referrals rewards entries dead_letters "
    "leases log volumes ranks directs"
).split()


class KeyTaken(Exception):
    """Another transaction wrote this unique key first."""


class Deadlock(Exception):
    """Two transactions wait for each other; one is rolled back and done again."""


class OutcomeUnknown(Exception):
    """The connection broke while a commit was under way: it may have happened."""


class _Turn:
    """Awaited, it lets the others have a turn."""

    def __await__(self) -> Generator[None, None, None]:
        yield


TURN = _Turn()


class Tables:
    """What has been committed. Rows are replaced, never changed."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[Key, Row]] = {name: {} for name in TABLES}
        self.facts_of: dict[str, list[Any]] = defaultdict(list)
        self.log: list[Any] = []
        self.unnumbered: set[Key] = set()
        self.orders_of: dict[str, list[str]] = defaultdict(list)
        self.rewards_of: dict[int, list[str]] = defaultdict(list)
        self.slots_of: dict[str, set[Key]] = defaultdict(set)

    def apply(self, table: str, key: Key, row: Row | None) -> None:
        """Writes one row, or removes it, with the indexes that find it."""
        rows = self.rows[table]
        if row is None:
            rows.pop(key, None)
            if table == "slots":
                self.slots_of[key[0]].discard(key)
            return
        new = key not in rows
        rows[key] = row
        if table == "slots":
            self.slots_of[key[0]].add(key)
        elif table == "events":
            self._index(key, row)
        elif new and table == "orders":
            self.orders_of[row["buyer_id"]].append(key)
        elif new and table == "rewards":
            self.rewards_of[row.order_seq].append(key)

    def _index(self, key: Key, event: Row) -> None:
        if not event.seq:
            self.unnumbered.add(key)
            return
        self.unnumbered.discard(key)
        if event.fact is not None:
            insort(self.log, event.fact, key=lambda fact: fact.seq)
            for scope_id in event.scopes:
                insort(self.facts_of[scope_id], event.fact, key=lambda fact: fact.seq)


class Store:
    """The database. `stepped`: whether calls pause at all. `fractured`: whether a commit shows piece by piece."""

    def __init__(self, *, stepped: bool = True, fractured: Random | None = None) -> None:
        self.tables = Tables()
        self.stepped = stepped
        self.fractured = fractured
        self.locks: dict[Hashable, Transaction] = {}
        self.gate: Callable[[], bool] | None = None
        """What whoever has just paused waits for; None: nothing but its turn."""
        self.now = 0
        self.committing = 0
        self.poisoned: set[str] = set()
        """Scopes whose facts cannot be read."""
        self.break_commit: Callable[[Transaction], str] = lambda tx: ""
        """Asked at each commit: "before" or "after" breaks the connection before it happens, or after."""
        self.watch: Callable[[Mapping[tuple[str, Key], Row]], None] | None = None
        """Told of each commit, with the rows that it changed as they were."""

    def __getitem__(self, table: str) -> dict[Key, Row]:
        return self.tables.rows[table]

    async def pause(self) -> None:
        if self.stepped:
            await TURN

    async def until(self, ready: Callable[[], bool]) -> None:
        """Pauses until something has happened; a scheduler that knows no gates may come back earlier."""
        self.gate = ready
        await TURN

    async def write(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Does work in one transaction: all of it, or nothing. Done again as `Database.write` does it."""
        attempt = 1
        while True:
            tx = Transaction(self)
            try:
                result = await work(tx)
                await tx.commit()
            except Deadlock:
                continue
            except (KeyTaken, OutcomeUnknown) as fault:
                if attempt == ATTEMPTS:
                    raise DatabaseUnavailable(f"Neo4j cannot do its work: {fault!r}.") from fault
                attempt += 1
            else:
                return result
            finally:
                tx.end()


class Transaction:
    """One transaction. What it has written it sees by key; by index it sees what is committed."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.changes: dict[tuple[str, Key], Row | None] = {}
        self.properties: dict[tuple[str, Key], dict[str, object]] = {}
        self.created: list[tuple[str, Key]] = []
        self.held: list[Hashable] = []
        self.waits_for: Transaction | None = None

    def get(self, table: str, key: Key) -> Row | None:
        place = (table, key)
        row = self.changes[place] if place in self.changes else self.store[table].get(key)
        return row | self.properties[place] if place in self.properties else row

    def set(self, table: str, key: Key, **properties: object) -> None:
        """Writes some properties of a row, whatever others do to the rest of it meanwhile."""
        self.properties.setdefault((table, key), {}).update(properties)

    def put(self, table: str, key: Key, row: Row) -> None:
        self.changes[table, key] = row

    def create(self, table: str, key: Key, row: Row) -> None:
        """Writes a row whose key nobody else may have written."""
        place = (table, key)
        if place not in self.changes:
            self.created.append(place)
        elif self.changes[place] is not None:
            raise KeyTaken(place)
        self.changes[place] = row

    def delete(self, table: str, key: Key) -> None:
        self.changes[table, key] = None

    async def lock(self, key: Hashable) -> None:
        """Waits until nobody else has it, and keeps it to the end."""
        await self.store.pause()
        while (owner := self.store.locks.get(key)) not in {None, self}:
            self.waits_for, step = owner, owner
            while step is not None:
                step = step.waits_for
                if step is self:
                    raise Deadlock(key)
            await self.store.until(lambda: self.store.locks.get(key) is None)
        self.waits_for = None
        if owner is None:
            self.store.locks[key] = self
            self.held.append(key)

    async def commit(self) -> None:
        store = self.store
        await store.pause()
        broken = store.break_commit(self)
        if broken == "before":
            raise OutcomeUnknown
        self._check_keys()
        places = {*self.changes, *self.properties}
        before = {place: store[place[0]].get(place[1]) for place in places}
        fresh = [place for place in self.created if self.changes[place] is not None]
        for place in fresh:
            if store.locks.setdefault(place, self) is self:
                self.held.append(place)
            store.tables.apply(*place, self.changes.pop(place))
        try:
            await self._show_the_rest()
        finally:  # also when the process that asked for it dies meanwhile
            if store.watch:
                store.watch(before)
        if broken:
            raise OutcomeUnknown

    def _check_keys(self) -> None:
        for table, key in self.created:
            if key in self.store[table]:
                raise KeyTaken(table, key)

    async def _show_the_rest(self) -> None:
        """In one go, or piece by piece in any order; the locks are kept meanwhile (decision 0008)."""
        store = self.store
        for place in [place for place in self.properties if place in self.changes]:
            self.changes[place] = self.changes[place] | self.properties.pop(place)
        rest = [*self.changes, *self.properties]
        if not (store.fractured and store.stepped and len(rest) > 1):
            for place in rest:
                self._show(place)
            return
        rest.sort(key=repr)  # sets of texts come in another order in every process
        store.fractured.shuffle(rest)
        store.committing += 1
        try:
            while len(rest) > 1:
                self._show(rest.pop())
                await TURN
        finally:
            for place in rest:
                self._show(place)
            store.committing -= 1

    def _show(self, place: tuple[str, Key]) -> None:
        table, key = place
        row = self.changes[place] if place in self.changes else self.store[table][key] | self.properties[place]
        self.store.tables.apply(table, key, row)

    def end(self) -> None:
        self.waits_for = None
        for key in self.held:
            if self.store.locks.get(key) is self:
                del self.store.locks[key]
        self.held = []
