"""Rewards, entries and balances in Neo4j: the only place where money is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from graph.errors import InvalidInput
from graph.ledger import Account, Balance, Entry, PostedReward, Settled, settlement
from graph.store import audit
from graph.store.queries import load
from graph.store.rewards import entry_accounts, entry_properties, posted_reward, reward_changes, reward_properties
from graph.times import stored

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graph.postings import Postings
    from graph.store.database import Database, Row, Transaction

POST = load("reward/post")
POST_ACCRUED = load("reward/post_accrued")
POST_ENTRIES = load("entry/post")
CHANGE = load("reward/change")
LOCK_OF_ORDERS = load("reward/lock_of_order")
DUE = load("reward/due")
SETTLE = load("reward/settle")
REWARDS_BY_ID = load("reward/by_id")
REWARDS_OF_MEMBER = load("reward/of_member")
REWARDS_OF_ORDERS = load("reward/of_order")
REWARDS_PAGE = load("reward/page")
ENTRIES_BY_ID = load("entry/by_id")
ENTRIES_OF_MEMBER = load("entry/of_member")
ENTRIES_PAGE = load("entry/page")
BALANCES = load("balance/of_members")

SETTLE_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class PostedEntry:
    """An entry as the ledger holds it."""

    entry_id: str
    reward_id: str
    order_seq: int
    cause: str
    beneficiary_id: str
    debit: Account
    credit: Account
    amount_minor: int
    currency: str
    at: datetime

    @property
    def place(self) -> tuple[int, str]:
        """Where it stands in its member's ledger: by order, then by moment, then by id."""
        return self.order_seq, stored(self.at) + self.entry_id


@dataclass(frozen=True, slots=True)
class LedgerStore:
    """Reads the ledger, and settles what is due."""

    database: Database

    async def rewards_by_ids(self, reward_ids: Sequence[str]) -> dict[str, PostedReward]:
        """The rewards that exist among these ids."""
        rows = await self.database.rows(REWARDS_BY_ID, reward_ids=list(reward_ids))
        return {row["reward"]["id"]: posted_reward(row["reward"]) for row in rows}

    async def rewards_of_member(self, member_id: str, before: tuple[int, str], count: int) -> list[PostedReward]:
        """A member's next rewards before a place (order seq, reward id), newest order first."""
        rows = await self.database.rows(
            REWARDS_OF_MEMBER, beneficiary_id=member_id, before=before[0], before_id=before[1], count=count
        )
        return [posted_reward(row["reward"]) for row in rows]

    async def rewards_of_orders(self, order_seqs: Sequence[int]) -> dict[int, list[PostedReward]]:
        """The rewards for each order, by the order's seq."""
        rewards: dict[int, list[PostedReward]] = {seq: [] for seq in order_seqs}
        for row in await self.database.rows(REWARDS_OF_ORDERS, order_seqs=list(rewards)):
            rewards[row["reward"]["order_seq"]].append(posted_reward(row["reward"]))
        return rewards

    async def rewards_between(self, after: int, upto: int) -> list[PostedReward]:
        """The rewards of orders after one seq up to another, in the order of exports."""
        return [posted_reward(row["reward"]) for row in await self.database.rows(REWARDS_PAGE, after=after, upto=upto)]

    async def entries_by_ids(self, entry_ids: Sequence[str]) -> dict[str, PostedEntry]:
        """The entries that exist among these ids."""
        rows = await self.database.rows(ENTRIES_BY_ID, entry_ids=list(entry_ids))
        return {row["entry_id"]: _entry(row) for row in rows}

    async def entries_of_member(self, member_id: str, before: tuple[int, str], count: int) -> list[PostedEntry]:
        """A member's next entries before a place, newest order first, and the newest entry of an order first."""
        rows = await self.database.rows(
            ENTRIES_OF_MEMBER, beneficiary_id=member_id, before=before[0], before_id=before[1], count=count
        )
        return [_entry(row) for row in rows]

    async def entries_between(self, after: int, upto: int) -> list[PostedEntry]:
        """The entries of orders after one seq up to another, in the order of exports."""
        return [_entry(row) for row in await self.database.rows(ENTRIES_PAGE, after=after, upto=upto)]

    async def balances(self, member_ids: Sequence[str]) -> dict[str, list[Balance]]:
        """The balances of each member, one a currency in which they ever earned."""
        balances: dict[str, list[Balance]] = {member_id: [] for member_id in member_ids}
        for row in await self.database.rows(BALANCES, member_ids=list(balances)):
            balances[row["member_id"]].append(Balance(**row))
        return balances

    async def settle(self, as_of: datetime) -> Settled:
        """Makes every reward available whose hold has passed at a moment, batch by batch.

        Raises InvalidInput for a moment to come: money is not released ahead of its hold.
        """
        if as_of > datetime.now(UTC):
            raise InvalidInput("as_of", "Nothing can be settled as of a moment to come.", code="FUTURE_MOMENT")
        settled, looked_at = Settled(), SETTLE_AT_ONCE
        while looked_at == SETTLE_AT_ONCE:
            looked_at, due = await self._settle(stored(as_of))
            settled.add(due)
        return settled

    async def _settle(self, as_of: str) -> tuple[int, list[Entry]]:
        """One batch: how many were looked at, and the entries of those that nobody else had settled meanwhile."""

        async def work(tx: Transaction) -> tuple[int, list[Entry]]:
            rows = await tx.run(DUE, as_of=as_of, count=SETTLE_AT_ONCE)
            due = [posted_reward(row["reward"]) for row in rows if row["reward"].get("due_at")]
            settled = [settlement(reward, reward.reward_id) for reward in due]
            moved = [entry for entry in settled if entry.amount_minor]
            draft = await audit.begin(tx, "settlement")
            await tx.run(SETTLE, rows=[_settled(entry, draft.link_id) for entry in settled])
            await draft.seal(tx, "settlement", datetime.now(UTC), moved)
            return len(rows), moved

        return await self.database.write(work)


async def post(tx: Transaction, postings: Postings, link: str | None = None) -> None:
    """Writes what a batch has made of the rewards, its entries under an audit link. Keys refuse a second writing.

    The ordinary new reward travels with the entry that accrues it; only what is left needs a look-up.
    """
    entries: dict[str, list[Entry]] = {}
    for entry in postings.entries:
        entries.setdefault(entry.reward_id, []).append(entry)
    accrued: list[Row] = []
    idle: list[Row] = []
    for reward_id in postings.new:
        properties = reward_properties(postings.rewards[reward_id], reward_id, postings.amounts[reward_id])
        of_reward = entries.get(reward_id)
        if of_reward:
            accrued.append({"reward": properties, "entry": entry_properties(of_reward.pop(0), link)})
        else:
            idle.append(properties)
    changed = [
        {"id": reward_id, "changes": reward_changes(postings.rewards[reward_id], postings.amounts[reward_id])}
        for reward_id in sorted(postings.changed.difference(postings.new))
    ]
    later = [
        {"reward_id": reward_id, "entry": entry_properties(entry, link)}
        for reward_id, of_reward in entries.items()
        for entry in of_reward
    ]
    for query, rows in ((POST_ACCRUED, accrued), (POST, idle), (CHANGE, changed), (POST_ENTRIES, later)):
        if rows:
            await tx.run(query, rows=rows)


async def rewards_of(tx: Transaction, order_seqs: Sequence[int]) -> list[PostedReward]:
    """Every reward for these orders, locked."""
    return [posted_reward(row["reward"]) for row in await tx.run(LOCK_OF_ORDERS, order_seqs=list(order_seqs))]


def _settled(entry: Entry, link: str) -> Row:
    """What was wholly clawed back becomes available too, with nothing to move."""
    return {"reward_id": entry.reward_id, "entries": [entry_properties(entry, link)] if entry.amount_minor else []}


def _entry(row: Row) -> PostedEntry:
    return PostedEntry(**entry_accounts(row))
