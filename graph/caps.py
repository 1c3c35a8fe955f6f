"""The most that one order may pay in all, and how what is over it is cut (rules.md §6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graph.money import BASIS_POINTS
from graph.rewards import Reward, Rule

if TYPE_CHECKING:
    from collections.abc import Mapping

FIRST_TO_KEEP = (Rule.REBATE, Rule.COMMISSION, Rule.DIFFERENTIAL, Rule.PEER, Rule.NEAREST)
"""Who is given the units that flooring leaves, where remainders are equal."""


def cap_of(net_minor: int, max_payout_bp: int) -> int:
    """What an order of this net amount may pay in all, in minor units, rounded down."""
    return net_minor * max_payout_bp // BASIS_POINTS


def capped(rewards: Mapping[str, Reward], cap_minor: int) -> dict[str, int]:
    """The amounts of one order's rewards, by id, within a cap: floors first, then one unit each by largest remainder.

    The amounts add up to the smaller of the cap and what the rewards are worth together.
    """
    total = sum(reward.worth_minor for reward in rewards.values())
    if total <= cap_minor:
        return {reward_id: reward.worth_minor for reward_id, reward in rewards.items()}
    parts = {reward_id: divmod(reward.worth_minor * cap_minor, total) for reward_id, reward in rewards.items()}
    amounts = {reward_id: floor for reward_id, (floor, _) in parts.items()}

    def turn(reward_id: str) -> tuple[int, int, int, str]:
        reward = rewards[reward_id]
        return -parts[reward_id][1], FIRST_TO_KEEP.index(reward.rule), reward.level or 0, reward.beneficiary_id

    for reward_id in sorted(rewards, key=turn)[: cap_minor - sum(amounts.values())]:
        amounts[reward_id] += 1
    return amounts
