"""Rewards, entries and balances in Neo4j: the only place where money is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from graph.errors import InvalidInput
from graph.ledger import Account, Balance, Due, Entry, RewardState, Settled, accrual, settlement
from graph.rewards import Reward, Rule
from graph.store.queries import load
from graph.times import stored

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from graph.store.database import Database, Row, Transaction

POST = load("reward/post")
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
class PostedReward:
    """A reward as the ledger holds it: what was computed, and where its money is now."""

    reward_id: str
    order_id: str
    order_seq: int
    rule: Rule
    beneficiary_id: str
    plan_version: int
    amount_minor: int
    currency: str
    base_minor: int
    rate_bp: int
    path: list[str]
    state: RewardState
    created_at: datetime
    due_at: datetime | None
    level: int | None
    slot: int | None
    anchor_order_id: str | None


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
        return {row["reward_id"]: _reward(row) for row in rows}

    async def rewards_of_member(self, member_id: str, before: tuple[int, str], count: int) -> list[PostedReward]:
        """A member's next rewards before a place (order seq, reward id), newest order first."""
        rows = await self.database.rows(
            REWARDS_OF_MEMBER, beneficiary_id=member_id, before=before[0], before_id=before[1], count=count
        )
        return [_reward(row) for row in rows]

    async def rewards_of_orders(self, order_seqs: Sequence[int]) -> dict[int, list[PostedReward]]:
        """The rewards for each order, by the order's seq."""
        rewards: dict[int, list[PostedReward]] = {seq: [] for seq in order_seqs}
        for row in await self.database.rows(REWARDS_OF_ORDERS, order_seqs=list(rewards)):
            rewards[row["order_seq"]].append(_reward(row))
        return rewards

    async def rewards_between(self, after: int, upto: int) -> list[PostedReward]:
        """The rewards of orders after one seq up to another, in the order of exports."""
        return [_reward(row) for row in await self.database.rows(REWARDS_PAGE, after=after, upto=upto)]

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

    async def _settle(self, as_of: str) -> tuple[int, list[Due]]:
        """One batch: how many were looked at, and those that nobody else had settled meanwhile."""

        async def work(tx: Transaction) -> tuple[int, list[Due]]:
            rows = await tx.run(DUE, as_of=as_of, count=SETTLE_AT_ONCE)
            due = [_due(row) for row in rows if row["due_at"]]
            entries = [{"reward_id": d.reward_id, "entry": _entry_properties(settlement(d))} for d in due]
            await tx.run(SETTLE, rows=entries)
            return len(rows), due

        return await self.database.write(work)


async def post(tx: Transaction, rewards: Iterable[Reward]) -> None:
    """Writes new rewards with their accruals. Their keys refuse a second writing."""
    rows = [{"reward": _reward_properties(reward), "entry": _entry_properties(accrual(reward))} for reward in rewards]
    if rows:
        await tx.run(POST, rows=rows)


def _reward_properties(reward: Reward) -> Row:
    return {
        "id": reward.reward_id,
        "order_id": reward.order_id,
        "order_seq": reward.order_seq,
        "rule": reward.rule,
        "beneficiary_id": reward.beneficiary_id,
        "plan_version": reward.plan_version,
        "amount_minor": reward.amount_minor,
        "currency": reward.currency,
        "base_minor": reward.base_minor,
        "rate_bp": reward.rate_bp,
        "path": list(reward.path),
        "state": RewardState.PENDING,
        "created_at": stored(reward.created_at),
        "due_at": stored(reward.due_at),
        "level": reward.level,
        "slot": reward.slot,
        "anchor_order_id": reward.anchor_order_id,
    }


def _entry_properties(entry: Entry) -> Row:
    return {
        "id": entry.entry_id,
        "cause": entry.cause,
        "beneficiary_id": entry.beneficiary_id,
        "debit": entry.debit,
        "credit": entry.credit,
        "amount_minor": entry.amount_minor,
        "currency": entry.currency,
        "at": stored(entry.at),
    }


def _reward(row: Row) -> PostedReward:
    return PostedReward(
        **row
        | {
            "rule": Rule(row["rule"]),
            "state": RewardState(row["state"]),
            "created_at": datetime.fromisoformat(row["created_at"]),
            "due_at": datetime.fromisoformat(row["due_at"]) if row["due_at"] else None,
        }
    )


def _entry(row: Row) -> PostedEntry:
    return PostedEntry(
        **row
        | {
            "debit": Account(row["debit"]),
            "credit": Account(row["credit"]),
            "at": datetime.fromisoformat(row["at"]),
        }
    )


def _due(row: Row) -> Due:
    return Due(**row | {"due_at": datetime.fromisoformat(row["due_at"])})
