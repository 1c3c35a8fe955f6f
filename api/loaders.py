"""Dataloaders, made anew for each request: however many objects ask, each kind of question is one read.

Each is bound to the sight of who asks: what is not seen loads None, as what is not there does, and by the same reads.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

from strawberry.dataloader import DataLoader

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Hashable, Mapping

    from graph.access.sight import Sight
    from graph.ledger import PostedReward
    from graph.members import Member
    from graph.refunds import Refund
    from graph.store.teams import Team
    from graph.wiring import Services

K = TypeVar("K", bound="Hashable")
V = TypeVar("V")
A = TypeVar("A", bound="Hashable")

NOBODY = ""
"""An id that nothing has: asked for where there is nothing to ask, so that a miss costs what a hit does."""


class Loaders:
    """One loader for each kind of question. A key without an answer loads None."""

    def __init__(self, services: Services, sight: Sight) -> None:
        self._services, self._sight = services, sight
        members, ledger, teams = services.members, services.ledger, services.teams
        self.level_by_member_id = DataLoader(self._levels)
        """How far below the viewer; None for who is not seen. Not for staff."""
        self.anybody_by_id = _by_key(members.by_ids)
        """Unfiltered: whoever asks it masks what it shows."""
        self.member_by_id = DataLoader(self._members)
        self.person_by_member_id = _by_key(services.people.of_members)
        """Unfiltered, as `anybody_by_id`."""
        self.upline_by_member_id = _by_key_with(members.uplines)
        self.any_order_by_id = _by_key(services.orders.by_ids)
        """Unfiltered, as `anybody_by_id`."""
        self.order_by_id = _through(self.any_order_by_id, lambda order: sight.owns(order.member_id))
        self.refund_by_id = DataLoader(self._refunds)
        self.refunds_by_order_id = _by_key(services.refunds.of_orders)
        self.reward_by_id = _by_key(ledger.rewards_by_ids, lambda reward: sight.owns(reward.beneficiary_id))
        self.explanation_by_reward_id = _by_key(services.explanations.of_rewards)
        self.rewards_by_order = DataLoader(self._rewards)
        """By the order's id and seq."""
        self.entry_by_id = _by_key(ledger.entries_by_ids, lambda entry: sight.owns(entry.beneficiary_id))
        self.balance_by_member_id = _by_key(ledger.balances)
        self.team_by_member_id = DataLoader(self._teams)
        self.team_rewards_by_member_id = _by_key(teams.rewards)
        self.team_active_by_member_id = _by_key_with(teams.active)
        """By member, and by since when and how many levels down; so for the trend."""
        self.team_trend_by_member_id = _by_key_with(teams.trends)

    async def _levels(self, member_ids: list[str]) -> list[int | None]:
        viewer = self._sight.viewer
        if viewer is None:
            return [None] * len(member_ids)
        found = await self._services.sight.levels(viewer, member_ids, self._sight.depth)
        return [found.get(member_id) for member_id in member_ids]

    async def _members(self, member_ids: list[str]) -> list[Member | None]:
        sight = self._sight
        if sight.sees_all:
            found = await self._services.members.by_ids(member_ids)
            return [sight.shown(found[key], None) if key in found else None for key in member_ids]
        levels = dict(zip(member_ids, await self.level_by_member_id.load_many(member_ids), strict=True))
        near = [member_id for member_id, level in levels.items() if level is not None]
        seen = {member.member_id: member for member in await self.anybody_by_id.load_many(near) if member}
        shown = {str(key): sight.shown(member, levels[key]) for key, member in seen.items()}
        return [shown.get(member_id) for member_id in member_ids]

    async def _refunds(self, refund_ids: list[str]) -> list[Refund | None]:
        found = await self._services.refunds.by_ids(refund_ids)
        if self._sight.sees_all:
            return [found.get(refund_id) for refund_id in refund_ids]
        of_orders = [found[key].order_id if key in found else NOBODY for key in refund_ids]
        orders = await self.order_by_id.load_many(of_orders)
        return [found.get(key) if order else None for key, order in zip(refund_ids, orders, strict=True)]

    async def _rewards(self, orders: list[tuple[str, int | None]]) -> list[list[PostedReward]]:
        viewer = self._sight.viewer
        if self._sight.sees_all:
            by_seq = await self._services.ledger.rewards_of_orders([seq for _, seq in orders if seq is not None])
            rewards = [by_seq.get(seq, []) if seq is not None else [] for _, seq in orders]
            return [[each for each in of if each.order_id == key] for (key, _), of in zip(orders, rewards, strict=True)]
        if viewer is None:
            return [[] for _ in orders]
        found = await self._services.sight.rewards(viewer, [order_id for order_id, _ in orders])
        return [found[order_id] for order_id, _ in orders]

    async def _teams(self, member_ids: list[str]) -> list[Team | None]:
        if self._sight.sees_all:
            whole = await self._services.teams.by_members(member_ids)
            return [whole.get(member_id) for member_id in member_ids]
        levels = await self.level_by_member_id.load_many(member_ids)
        reach = {key: self._sight.reach(level) for key, level in zip(member_ids, levels, strict=True)}
        found = await self._services.teams.by_members([key for key, deep in reach.items() if deep])
        return [found[key].down_to(reach[key]) if key in found else None for key in member_ids]


def _by_key(
    read: Callable[[list[K]], Awaitable[Mapping[K, V]]], seen: Callable[[V], bool] | None = None
) -> DataLoader[K, V | None]:
    """A loader over one batched read, of what is seen."""

    async def load(keys: list[K]) -> list[V | None]:
        found = await read(keys)
        return [_if_seen(found.get(key), seen) for key in keys]

    return DataLoader(load)


def _through(inner: DataLoader[K, V | None], seen: Callable[[V], bool]) -> DataLoader[K, V | None]:
    """A loader of what another loads and is seen."""

    async def load(keys: list[K]) -> list[V | None]:
        return [_if_seen(found, seen) for found in await inner.load_many(keys)]

    return DataLoader(load)


def _if_seen(found: V | None, seen: Callable[[V], bool] | None) -> V | None:
    return found if found is None or seen is None or seen(found) else None


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
