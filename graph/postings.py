"""From what rewards are worth to entries: each reward is brought to what it is due now, by the difference.

One path for all mishaps: a first accrual is the difference to nothing, a clawback a difference below zero, and a
fact that is told twice makes no difference.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graph.ledger import Account, Entry, RewardState, account_of, transfer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from graph.ledger import PostedReward
    from graph.rewards import Reward


@dataclass(slots=True)
class Postings:
    """The rewards that a batch of facts may touch, and what becomes of them.

    Load every reward that exists and may change before claiming it: one that was not loaded is taken for new.
    `new` and `changed` hold the ids of rewards to write, `entries` the movements.
    """

    rewards: dict[str, Reward] = field(default_factory=dict)
    amounts: dict[str, int] = field(default_factory=dict)
    states: dict[str, RewardState] = field(default_factory=dict)
    new: list[str] = field(default_factory=list)
    changed: set[str] = field(default_factory=set)
    entries: list[Entry] = field(default_factory=list)
    _of_order: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def load(self, posted: Iterable[PostedReward]) -> None:
        """Makes rewards known that the ledger holds."""
        for reward in posted:
            reward_id = reward.reward_id
            if reward_id not in self.rewards:
                self._of_order[reward.order_id].append(reward_id)
                self.rewards[reward_id] = reward
                self.amounts[reward_id] = reward.amount_minor
                self.states[reward_id] = reward.state

    def of_order(self, order_id: str) -> list[Reward]:
        """The known rewards for one order."""
        return [self.rewards[reward_id] for reward_id in self._of_order[order_id]]

    def claim(self, rewards: Iterable[Reward], cause: str, at: datetime) -> None:
        """Brings rewards to what they are worth."""
        for reward in rewards:
            self._post(reward, reward.reward_id, reward.worth_minor, cause, at)

    def claim_capped(self, rewards: Mapping[str, Reward], amounts: Mapping[str, int], cause: str, at: datetime) -> None:
        """Brings rewards to given amounts, by id; `rewards` say what they are worth before the cap."""
        for reward_id, reward in rewards.items():
            self._post(reward, reward_id, amounts[reward_id], cause, at)

    def _post(self, reward: Reward, reward_id: str, amount: int, cause: str, at: datetime) -> None:
        had = self.amounts.get(reward_id)
        if had is None:
            self.new.append(reward_id)
            self._of_order[reward.order_id].append(reward_id)
        elif had == amount and self.rewards[reward_id] == reward:
            return
        else:
            self.changed.add(reward_id)
        self.rewards[reward_id], self.amounts[reward_id] = reward, amount
        if amount != (had or 0):
            account = account_of(self.states.get(reward_id, RewardState.PENDING))
            difference = amount - (had or 0)
            way = (Account.COMPANY_REWARDS, account)
            self.entries.append(transfer(reward, reward_id, cause, at, way, difference))
