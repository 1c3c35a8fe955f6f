"""What explains a reward, or what an order did not pay, read from Neo4j as far as the engine has applied it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from graph.commissions import WHOLE_UPLINE
from graph.engine.months import Months
from graph.errors import UnknownMember, UnknownOrder
from graph.events import OrderCompleted
from graph.explaining import explained
from graph.explanation import Evidence
from graph.ledger import Entry
from graph.members import MemberId
from graph.reasons_rebate import replay
from graph.rewards import Rule
from graph.store import ledger, log, members, orders, refunds
from graph.store.adjustments import adjustment_from
from graph.store.books import REWARDS
from graph.store.parking import refund_from
from graph.store.queries import load
from graph.store.rewards import entry_accounts, posted_reward
from graph.store.sequence import Neo4jSequence
from graph.times import month_of
from graph.why_not import AT_MOST, Occasion, answers

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence

    from graph.adjustments import Adjustment
    from graph.explanation import Explanation
    from graph.ledger import PostedReward
    from graph.members import Ancestor
    from graph.orders import Order
    from graph.plan import PlanHistory
    from graph.reasons import Answer
    from graph.refunds import Refund
    from graph.standings import Standings
    from graph.store.database import Database, Transaction
    from graph.store.plans import PlanStore

APPLIED = load("scope/applied")
ENTRIES = load("entry/of_rewards")
HOLDS = load("hold/reasons")
ADJUSTMENTS = load("adjustment/by_id")

WITHOUT_ORDER = {Rule.TIER, Rule.ADJUSTMENT}
AT_REST_WITHIN = 5
"""How often to read again when the engine has moved on meanwhile."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ExplanationStore:
    """Explains what is stored. Reads only."""

    database: Database
    plans: PlanStore

    async def of_rewards(self, reward_ids: Sequence[str]) -> dict[str, Explanation]:
        """An explanation of each reward that exists among these ids."""

        async def work(tx: Transaction) -> dict[str, Explanation]:
            reading = _Reading(tx, Neo4jSequence(tx, self.plans, REWARDS), await self.plans.history(tx))
            rows = await tx.run(ledger.REWARDS_BY_ID, reward_ids=list(reward_ids))
            found = {}
            for row in rows:
                reward_id = row["reward"]["id"]
                found[reward_id] = explained(await reading.at_rest(reading.evidence, reward_id))
            return found

        return await self.database.read(work)

    async def why_not(self, order_id: str, member_id: str | None = None) -> tuple[Order, list[Answer]]:
        """What the upline of an order's buyer got of it, nearest first and `AT_MOST` of them, or one member alone.

        Raises UnknownOrder and UnknownMember.
        """

        async def work(tx: Transaction) -> tuple[Order, list[Answer]]:
            reading = _Reading(tx, Neo4jSequence(tx, self.plans, REWARDS), await self.plans.history(tx))
            if member_id is not None and not await tx.run(members.BY_ID, member_ids=[member_id]):
                raise UnknownMember(member_id)
            reach = AT_MOST if member_id is None else WHOLE_UPLINE
            occasion = await reading.at_rest(lambda key: reading.occasion(key, reach), order_id)
            above = [ancestor.member_id for ancestor in occasion.upline]
            return occasion.order, answers(occasion, above if member_id is None else [MemberId(member_id)])

        return await self.database.read(work)


@dataclass(frozen=True, slots=True)
class _Reading:
    """One transaction's reads. Neo4j shows what is committed between them: `at_rest` reads again if money moved."""

    tx: Transaction
    books: Neo4jSequence
    plans: PlanHistory

    async def at_rest(self, read: Callable[[str], Awaitable[tuple[T, dict[str, int]]]], key: str) -> T:
        """What is read while none of the scopes that it names moves on."""
        for _ in range(AT_REST_WITHIN):
            found, before = await read(key)
            if await self._applied(before) == before:
                break
        return found

    async def evidence(self, reward_id: str) -> tuple[Evidence, dict[str, int]]:
        """Everything that a reward's amount came from."""
        (row,) = await self.tx.run(ledger.REWARDS_BY_ID, reward_ids=[reward_id])
        owner, buyer = row["reward"]["beneficiary_id"], row["reward"]["path"][0]
        applied = await self._applied([owner, buyer])
        (row,) = await self.tx.run(ledger.REWARDS_BY_ID, reward_ids=[reward_id])
        reward = posted_reward(row["reward"])
        entries = [Entry(**entry_accounts(row)) for row in await self.tx.run(ENTRIES, reward_ids=[reward_id])]
        caused = {"completion": {str(reward.order_id)}, "refund": set[str](), "hold": set[str]()}
        for entry in entries:
            kind, _, key = entry.cause.partition(":")
            caused.setdefault(kind, set()).add(key)
        named = await self._orders(caused["completion"])
        order = None if reward.rule in WITHOUT_ORDER else named.get(reward.order_id)
        nets = await self.books.order_nets([order.order_id]) if order else {}
        upline = await self._upline(buyer, len(reward.path) - 1) if order else []
        book = None
        if reward.rule is Rule.REBATE:
            facts = await log.of_scopes(self.tx, {owner: 0}, applied[owner])
            book = replay(owner, self.plans, facts[owner], reward.order_id).book
        evidence = Evidence(
            reward=reward,
            plans=self.plans,
            order=order,
            net_minor=nets[order.order_id].net_minor if order else 0,
            group=await self._rewards(order) if order else (),
            upline=upline,
            ranks=self._ranks(await self._standings(upline), upline, reward.currency, reward.order_seq),
            book=book,
            entries=entries,
            refunds=await self._refunds(caused["refund"]),
            orders=named,
            holds=await self._holds(caused["hold"]),
            adjustment=await self._adjustment(reward),
        )
        return evidence, applied

    async def occasion(self, order_id: str, reach: int) -> tuple[Occasion, dict[str, int]]:
        """Everything that decided who earned of an order, for so many levels of its buyer's upline."""
        order = (await self._orders([order_id])).get(order_id)
        if order is None:
            raise UnknownOrder(order_id)
        upline = await self._upline(order.member_id, reach)
        completion = await self._completion(order)
        if completion is None:
            return Occasion(order=order, plans=self.plans, upline=upline), {}
        referrer = completion.referrer_id
        applied = await self._applied([scope for scope in (order.member_id, referrer) if scope])
        facts = await log.of_scopes(self.tx, {referrer: 0}, applied[referrer]) if referrer else {}
        month = month_of(completion.completed_at)
        standings = await self._standings(upline, month)
        closing = next((c for c in await self.books.closed_months(await self.books.mark()) if c.month == month), None)
        late = Months([closing] if closing else [], self.plans)
        tiers = late.late(month, order.currency, [a.member_id for a in upline], standings)
        rows = await self.tx.run(ledger.REWARDS_BY_ID, reward_ids=[tier.reward_id for tier in tiers])
        occasion = Occasion(
            order=order,
            plans=self.plans,
            completion=completion,
            upline=upline,
            rewards=await self._rewards(order),
            upline_paid=applied[order.member_id] >= completion.seq,
            slots_filled=referrer is not None and applied[referrer] >= completion.seq,
            referrer=replay(referrer, self.plans, facts[referrer], order_id) if referrer else None,
            ranks=self._ranks(standings, upline, order.currency, completion.seq),
            closing=closing,
            volumes={a.member_id: standings.volumes[a.member_id, order.currency, month] for a in upline},
            tiers={row["reward"]["beneficiary_id"]: posted_reward(row["reward"]) for row in rows},
        )
        return occasion, applied

    async def _completion(self, order: Order) -> OrderCompleted | None:
        if order.completed_at is None or order.seq is None or order.seq > await self.books.mark():
            return None
        (fact,) = await log.stretch(self.tx, order.seq - 1, order.seq)
        return fact if isinstance(fact, OrderCompleted) else None

    async def _applied(self, scope_ids: Iterable[str]) -> dict[str, int]:
        """How far each of these scopes has been applied; 0: not at all."""
        applied = dict.fromkeys(scope_ids, 0)
        rows = await self.tx.run(APPLIED, scope_ids=list(applied))
        return applied | {row["scope_id"]: row["applied_seq"] for row in rows}

    async def _orders(self, order_ids: Iterable[str]) -> dict[str, Order]:
        rows = await self.tx.run(orders.BY_ID, order_ids=sorted(order_ids))
        return {row["order_id"]: orders.order_from(row) for row in rows}

    async def _refunds(self, refund_ids: Iterable[str]) -> dict[str, Refund]:
        rows = await self.tx.run(refunds.BY_ID, refund_ids=sorted(refund_ids))
        return {row["refund_id"]: refund_from(row) for row in rows}

    async def _holds(self, hold_ids: Iterable[str]) -> dict[str, str]:
        rows = await self.tx.run(HOLDS, hold_ids=sorted(hold_ids))
        return {row["hold_id"]: row["reason"] for row in rows}

    async def _adjustment(self, reward: PostedReward) -> Adjustment | None:
        ids = [reward.order_id] if reward.rule is Rule.ADJUSTMENT else []
        rows = await self.tx.run(ADJUSTMENTS, adjustment_ids=ids) if ids else []
        return adjustment_from(rows[0]["adjustment"]) if rows else None

    async def _rewards(self, order: Order) -> list[PostedReward]:
        """The rewards for an order; an adjustment may stand at the same seq."""
        rows = await self.tx.run(ledger.REWARDS_OF_ORDERS, order_seqs=[order.seq])
        return [reward for row in rows if (reward := posted_reward(row["reward"])).order_id == order.order_id]

    async def _upline(self, member_id: str, reach: int) -> list[Ancestor]:
        return (await self.books.uplines([member_id], reach))[member_id]

    async def _standings(self, upline: Sequence[Ancestor], *months: str) -> Standings:
        return await self.books.standings([ancestor.member_id for ancestor in upline], months)

    def _ranks(self, standings: Standings, upline: Sequence[Ancestor], currency: str, seq: int) -> dict[str, int]:
        team = self.plans.in_force(seq).plan.team
        above = [ancestor.member_id for ancestor in upline] if team else []
        held = {member: standings.rank_before(member, currency, team, seq) for member in above if team}
        return {member: rank for member, rank in held.items() if rank is not None}
