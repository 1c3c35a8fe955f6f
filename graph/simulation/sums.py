"""Where the rewards of a replay go: sums instead of entries."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graph.postings import Postings
from graph.rewards import OF_THE_ORDER, Rule

if TYPE_CHECKING:
    from collections.abc import Container, Iterable
    from datetime import datetime

    from graph.rewards import Reward, Share


@dataclass(slots=True)
class Sums(Postings):
    """Postings that make no entries. `paid` adds up what is due now, `by_order` the same by the order's seq.

    Forgets at once what no later fact can change, unless `keep_all`: what the upline earns of an order that is not
    among the `refunded`.
    """

    refunded: Container[str] = ()
    keep_all: bool = False
    paid: defaultdict[Share, int] = field(default_factory=lambda: defaultdict(int))
    by_order: defaultdict[int, int] = field(default_factory=lambda: defaultdict(int))

    def claim(self, rewards: Iterable[Reward], cause: str, at: datetime) -> None:
        """See Postings."""
        for reward in rewards:
            if reward.rule in OF_THE_ORDER and not self._kept(reward):
                self._add(reward, reward.worth_minor)
            else:
                self._post(reward, reward.reward_id, reward.worth_minor, cause, at)

    def _post(self, reward: Reward, reward_id: str, amount: int, cause: str, at: datetime) -> None:  # noqa: ARG002
        had = self.amounts.get(reward_id)
        if self._kept(reward):
            if reward_id not in self.rewards:
                self._of_order[reward.order_id].append(reward_id)
            self.rewards[reward_id] = reward
        self.amounts[reward_id] = amount
        self._add(reward, amount - (had or 0))

    def _kept(self, reward: Reward) -> bool:
        return self.keep_all or reward.rule is Rule.TIER or reward.order_id in self.refunded

    def _add(self, reward: Reward, minor: int) -> None:
        if minor:
            self.paid[reward.beneficiary_id, reward.rule, reward.currency] += minor
            if reward.rule is not Rule.TIER:
                self.by_order[reward.order_seq] += minor
