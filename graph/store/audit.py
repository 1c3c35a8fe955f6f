"""The audit trail in Neo4j: one link a transaction, appended under the lock of its chain's head (decision 0010)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graph.audit import FIRST, Action, Link, action_key, action_leaf, entry_leaf, link_id, merkle_root
from graph.ledger import Account, Entry
from graph.members import MemberId
from graph.store.paging import pages
from graph.store.queries import load
from graph.times import parse_time, stored

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from datetime import datetime

    from graph.store.database import Database, Row, Transaction

BEGIN = load("audit/begin")
SEAL = load("audit/seal")
HEADS = load("audit/heads")
LOCK_HEADS = load("audit/lock_heads")
LINKS = load("audit/links")
ENTRIES = load("audit/entries")
ENTRIES_BY_ID = load("audit/entries_by_id")
RECORDS = load("audit/records")
NAMELESS = load("audit/nameless")
UNLINKED = load("audit/unlinked")
LINK_ENTRIES = load("audit/link_entries")
NOTE = load("audit/note")
NOTED = load("audit/noted")

LINKS_AT_ONCE, ROWS_AT_ONCE = 200, 5_000

Heads = dict[str, tuple[int, str]]
"""Where chains end: the number and the hash of the last link, by the chain's name."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A link that is to be written: its chain is locked until the transaction ends."""

    chain: str
    number: int
    previous: str

    @property
    def link_id(self) -> str:
        """What the transaction's entries carry as `link`."""
        return link_id(self.chain, self.number)

    async def seal(
        self, tx: Transaction, actor: str, at: datetime, entries: Sequence[Entry], actions: Sequence[Action] = ()
    ) -> None:
        """Writes the link over these records, and the actions themselves; nothing if there are none.

        The entries are written by the caller, with `link_id`. `at` is the time of the machine.
        """
        if not entries and not actions:
            return
        ids = sorted((entry.entry_id, entry) for entry in entries)
        places = range(len(actions))
        leaves = [entry_leaf(entry, entry_id) for entry_id, entry in ids] + [action_leaf(a) for a in actions]
        link = Link(
            chain=self.chain,
            number=self.number,
            previous=self.previous,
            root=merkle_root(leaves).hex(),
            keys=bytes.fromhex("".join(entry_id for entry_id, _ in ids)) + b"".join(map(action_key, places)),
            leaves=b"".join(leaves),
            at=stored(at),
            actor=actor,
        )
        records = [_record_properties(self.link_id, place, actions[place]) for place in places]
        await tx.run(SEAL, chain=self.chain, link=_link_properties(link), records=records)


async def begin(tx: Transaction, chain: str) -> Draft:
    """Locks a chain for the rest of the transaction: to be called after all other locks are taken."""
    (row,) = await tx.run(BEGIN, chain=chain, first=FIRST)
    return Draft(chain, row["number"] + 1, row["hash"])


@dataclass(frozen=True, slots=True)
class AuditStore:
    """Reads the trail as it stands, without judging it."""

    database: Database

    async def heads(self) -> Heads:
        """Where each chain ends. What these links recorded may not all be visible yet (decision 0008)."""
        return _heads(await self.database.rows(HEADS))

    async def settled_heads(self, *, again: bool = False) -> Heads:  # noqa: ARG002  a database is always asked anew
        """Where each chain ends; all that was recorded up to there is visible."""

        async def work(tx: Transaction) -> Heads:
            await tx.run(LOCK_HEADS)
            return _heads(await tx.run(HEADS))

        return await self.database.write(work)

    def links(self) -> AsyncIterator[list[Row]]:
        """Every link, in pages."""
        return pages(self.database, LINKS, "id", LINKS_AT_ONCE)

    def entries(self) -> AsyncIterator[list[Row]]:
        """Every entry with its `link`, in pages."""
        return pages(self.database, ENTRIES, "id", ROWS_AT_ONCE)

    def records(self) -> AsyncIterator[list[Row]]:
        """Every record that is no entry, in pages."""
        return pages(self.database, RECORDS, "id", ROWS_AT_ONCE)

    async def entries_by_ids(self, entry_ids: Sequence[str]) -> list[Row]:
        """The entries that exist among these ids, as they stand."""
        return await self.database.rows(ENTRIES_BY_ID, entry_ids=list(entry_ids))

    async def nameless(self) -> list[tuple[str, str]]:
        """The label and the element id of what has no id."""
        return [(row["label"], row["element"]) for row in await self.database.rows(NAMELESS)]

    async def note(self, number: int, checkpoint_hash: str) -> None:
        """Notes a checkpoint, unless a newer one has been noted."""
        await self.database.write(lambda tx: tx.run(NOTE, number=number, hash=checkpoint_hash))

    async def noted(self) -> tuple[int, str]:
        """The number and the hash of the newest checkpoint noted; 0 before the first."""
        rows = await self.database.rows(NOTED)
        return (rows[0]["number"], rows[0]["hash"]) if rows else (0, FIRST)

    async def seal_unlinked(self, chain: str, actor: str, at: datetime, after: str, count: int) -> tuple[str, int]:
        """Seals the next entries that belong to no link into one; the last id, and how many they were."""

        async def work(tx: Transaction) -> tuple[str, int]:
            draft = await begin(tx, chain)
            rows = await tx.run(UNLINKED, after=after, count=count)
            ids = [row["id"] for row in rows]
            await tx.run(LINK_ENTRIES, entry_ids=ids, link=draft.link_id)
            await draft.seal(tx, actor, at, [_entry(row) for row in rows])
            return (ids[-1], len(ids)) if ids else (after, 0)

        return await self.database.write(work)


def _heads(rows: Sequence[Row]) -> Heads:
    return {row["name"]: (row["number"], row["hash"]) for row in rows}


def _link_properties(link: Link) -> Row:
    return {
        "id": link.link_id,
        "chain": link.chain,
        "number": link.number,
        "previous": link.previous,
        "root": link.root,
        "keys": link.keys,
        "leaves": link.leaves,
        "count": link.count,
        "at": link.at,
        "actor": link.actor,
        "hash": link.hash,
    }


def _record_properties(of_link: str, place: int, action: Action) -> Row:
    return {
        "id": f"{of_link}/{place}",
        "link_id": of_link,
        "place": place,
        "kind": action.kind,
        "subject": action.subject,
        "actor": action.actor,
        "at": stored(action.at),
        "detail": action.detail_text,
    }


def _entry(row: Row) -> Entry:
    (reward_id,) = row["reward_ids"]
    return Entry(
        reward_id=reward_id,
        cause=row["cause"],
        beneficiary_id=MemberId(row["beneficiary_id"]),
        debit=Account(row["debit"]),
        credit=Account(row["credit"]),
        amount_minor=row["amount_minor"],
        currency=row["currency"],
        at=parse_time(row["at"], "at"),
    )
