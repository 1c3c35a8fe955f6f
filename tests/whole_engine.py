"""The engine in memory with every rule: the sequence over the scopes of `pure_engine`, and what explains it."""

from __future__ import annotations

import asyncio
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from pure_engine import NOON, PureEngine

from graph.engine.books import OrderNet
from graph.engine.counting import count
from graph.engine.months import Months
from graph.engine.sequence import Stretch
from graph.events import MonthClosed, OrderCompleted, OrderRefunded
from graph.explanation import Evidence
from graph.ledger import PostedReward, RewardState
from graph.members import Member, MemberId
from graph.orders import Order, OrderStatus
from graph.plan import PlanHistory
from graph.reasons_rebate import replay
from graph.refunds import Refund, RefundStatus
from graph.rewards import Reward, Rule
from graph.standings import Standings
from graph.times import month_of
from graph.why_not import Occasion

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from graph.events import OrderFact


class WholeEngine(PureEngine):
    """A network in memory under any plan. Everything is applied at once, so that all that is told is applied."""

    def __init__(self, document: str, members: dict[str, str | None] | None = None) -> None:
        super().__init__(document, members)
        self.told: list[OrderFact] = []
        self.closings: dict[str, MonthClosed] = {}
        self.sequence = Stretch(self.plans, self.postings, Standings(), Months([], self.plans), -1, {})

    @property
    def plans(self) -> PlanHistory:
        return PlanHistory(self._versions)

    def publish(self, document: str) -> None:
        counted = self.plans.counts_teams
        super().publish(document)
        if not counted and self.plans.counts_teams:
            self.sequence.standings = asyncio.run(count(self._facts(), self._members()))

    def closes(self, month: str) -> None:
        self._seq += 1
        if month not in self.closings:
            self.closings[month] = closing = MonthClosed(self._seq, month)
            volumes = list(self.sequence.standings.volumes)
            for currency in {currency for _, currency, period in volumes if period == month}:
                members = sorted({m for m, c, period in volumes if (c, period) == (currency, month)})
                tiers = self._months().late(month, currency, members, self.sequence.standings)
                self.postings.claim([tier for tier in tiers if tier.worth_minor], closing.cause, closing.at)

    def posted(self) -> list[PostedReward]:
        return [self.posted_reward(reward_id) for reward_id in self.postings.rewards]

    def posted_reward(self, reward_id: str) -> PostedReward:
        reward = self.postings.rewards[reward_id]
        values: dict[str, Any] = {field.name: getattr(reward, field.name) for field in fields(Reward)}
        return PostedReward(**values, amount_minor=self.postings.amounts[reward_id], state=RewardState.PENDING)

    def order(self, order_id: str) -> Order:
        fact = self._completed(order_id)
        net = self._orders[order_id].net_minor
        return Order(
            fact.order_id,
            fact.buyer_id,
            fact.net_minor,
            fact.net_minor - net,
            fact.currency,
            OrderStatus.COMPLETED,
            fact.completed_at,
            fact.seq,
        )

    def evidence(self, reward_id: str) -> Evidence:
        reward = self.posted_reward(reward_id)
        order = None if reward.rule is Rule.TIER else self.order(reward.order_id)
        book = self._scope(reward.beneficiary_id).book if reward.rule is Rule.REBATE else None
        return Evidence(
            reward=reward,
            plans=self.plans,
            order=order,
            net_minor=order.net_minor if order else 0,
            group=[other for other in self.posted() if other.order_id == reward.order_id],
            upline=self._upline(order.member_id) if order else (),
            ranks=self._ranks(self._completed(reward.order_id)) if order else {},
            book=book,
            entries=[entry for entry in self.postings.entries if entry.reward_id == reward_id],
            refunds={fact.refund_id: _refund(fact) for fact in self.told if isinstance(fact, OrderRefunded)},
            orders={order_id: self.order(order_id) for order_id in self._orders},
        )

    def occasion(self, order_id: str) -> Occasion:
        completion = self._completed(order_id)
        upline = self._upline(completion.buyer_id)
        month, referrer = month_of(completion.completed_at), completion.referrer_id
        own = [fact for fact in self.told if referrer in (fact.buyer_id, fact.referrer_id)]
        volumes = self.sequence.standings.volumes
        return Occasion(
            order=self.order(order_id),
            plans=self.plans,
            completion=completion,
            upline=upline,
            rewards=[reward for reward in self.posted() if reward.order_id == order_id],
            upline_paid=True,
            slots_filled=True,
            referrer=replay(MemberId(referrer), self.plans, own, order_id) if referrer else None,
            ranks=self._ranks(completion),
            closing=self.closings.get(month),
            volumes={a.member_id: volumes[a.member_id, completion.currency, month] for a in upline},
            tiers={
                reward.beneficiary_id: reward
                for reward in self.posted()
                if reward.order_id == f"month:{month}:{completion.currency}"
            },
        )

    def _tell(self, fact: OrderFact) -> list[Reward]:
        self.told.append(fact)
        if isinstance(fact, OrderCompleted):
            self.sequence.orders[fact.order_id] = OrderNet(fact.seq, fact.net_minor, fact.completed_at)
        self.sequence.plans, self.sequence.months = self.plans, self._months()
        before = set(self.postings.rewards)
        self.sequence.apply(fact, [self._scope(s) for s in (fact.buyer_id, fact.referrer_id) if s])
        return [reward for reward_id, reward in self.postings.rewards.items() if reward_id not in before]

    def _months(self) -> Months:
        return Months(list(self.closings.values()), self.plans)

    def _completed(self, order_id: str) -> OrderCompleted:
        return next(f for f in self.told if isinstance(f, OrderCompleted) and f.order_id == order_id)

    def _ranks(self, order: OrderCompleted) -> dict[str, int]:
        team = self.plans.in_force(order.seq).plan.team
        above = [a.member_id for a in self._upline(order.buyer_id)]
        standings = self.sequence.standings
        held = {m: standings.rank_before(m, order.currency, team, order.seq) for m in above} if team else {}
        return {member: rank for member, rank in held.items() if rank is not None}

    async def _facts(self) -> AsyncIterator[OrderFact | MonthClosed]:
        for fact in self.told:
            yield fact

    def _members(self) -> list[Member]:
        return [
            Member(MemberId(m), MemberId(above) if above else None, len(self._upline(m)), NOON)
            for m, above in self.referrer.items()
        ]


def _refund(fact: OrderRefunded) -> Refund:
    return Refund(fact.refund_id, fact.order_id, fact.amount_minor, fact.refunded_at, RefundStatus.APPLIED, fact.seq)
