"""Dataloaders, made anew for each request: however many objects ask, each kind of question is one read."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

from strawberry.dataloader import DataLoader

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Hashable, Mapping

    from graph.wiring import Services

K = TypeVar("K", bound="Hashable")
V = TypeVar("V")
A = TypeVar("A", bound="Hashable")


class Loaders:
    """One loader for each kind of question. A key without an answer loads None."""

    def __init__(self, services: Services) -> None:
        members, ledger, teams = services.members, services.ledger, services.teams
        self.member_by_id = _by_key(members.by_ids)
        self.person_by_member_id = _by_key(services.people.of_members)
        self.upline_by_member_id = _by_key_with(members.uplines)
        self.order_by_id = _by_key(services.orders.by_ids)
        self.refund_by_id = _by_key(services.refunds.by_ids)
        self.refunds_by_order_id = _by_key(services.refunds.of_orders)
        self.reward_by_id = _by_key(ledger.rewards_by_ids)
        self.explanation_by_reward_id = _by_key(services.explanations.of_rewards)
        self.rewards_by_order_seq = _by_key(ledger.rewards_of_orders)
        self.entry_by_id = _by_key(ledger.entries_by_ids)
        self.balance_by_member_id = _by_key(ledger.balances)
        self.team_by_member_id = _by_key(teams.by_members)
        self.team_rewards_by_member_id = _by_key(teams.rewards)
        self.team_active_by_member_id = _by_key_with(teams.active)
        self.team_trend_by_member_id = _by_key_with(teams.trends)


def _by_key(read: Callable[[list[K]], Awaitable[Mapping[K, V]]]) -> DataLoader[K, V | None]:
    """A loader over one batched read."""

    async def load(keys: list[K]) -> list[V | None]:
        found = await read(keys)
        return [found.get(key) for key in keys]

    return DataLoader(load)


def _by_key_with(read: Callable[[list[K], A], Awaitable[Mapping[K, V]]]) -> DataLoader[tuple[K, A], V | None]:
    """A loader whose keys carry an argument: one read for each argument asked with."""

    async def load(pairs: list[tuple[K, A]]) -> list[V | None]:
        groups: dict[A, list[K]] = {}
        for key, argument in pairs:
            groups.setdefault(argument, []).append(key)
        answers = await asyncio.gather(*(read(keys, argument) for argument, keys in groups.items()))
        found = dict(zip(groups, answers, strict=True))
        return [found[argument].get(key) for key, argument in pairs]

    return DataLoader(load)
