"""The rewards of the ledger against the recount, each by its id."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graph.rewards import Rule, digest
from graph.verification.mismatches import Mismatch
from graph.verification.oracle import Line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from graph.store.database import Row
    from graph.verification.facts import PlanFacts
    from graph.verification.oracle_cap import Key


@dataclass(slots=True)
class Due:
    """What the recount says is due, by reward id. What is left when all rewards have been seen is missing."""

    lines: dict[str, tuple[Key, Line]]
    plans: PlanFacts
    order_of: Mapping[int, str]

    @classmethod
    def of(cls, rewards: dict[Key, Line], plans: PlanFacts, order_of: Mapping[int, str]) -> Due:
        """Takes the recount's rewards over, and leaves nothing of them there."""
        lines: dict[str, tuple[Key, Line]] = {}
        while rewards:
            key, line = rewards.popitem()
            order, rule, member, level, anchor = key
            lines[digest(order, rule, member, anchor if level is None else level)] = (key, line)
        return cls(lines, plans, order_of)

    def adjust(self, adjustments: Iterable[Row]) -> None:
        """Adds what was given or taken by hand: no plan says so, but two people did."""
        for row in adjustments:
            key: Key = (row["id"], Rule.ADJUSTMENT.value, row["member_id"], None, None)
            line = Line(row["amount_minor"], row["currency"], slot=None, plan_version=0)
            self.lines[digest(row["id"], Rule.ADJUSTMENT, row["member_id"], None)] = (key, line)

    def check(self, reward: Row, entries: int) -> Iterator[Mismatch]:
        """One reward of the ledger; `entries` is how many it has.

        A referral that has lost its slot has a reward of 0, which goes on naming the slot it was for.
        """
        known = self.lines.pop(reward["id"], None)
        if known is None:
            if reward["amount_minor"] or entries:
                yield Mismatch("REWARD_SURPLUS", reward["id"], None, reward["amount_minor"], described(reward))
            return
        (order, rule, member, level, anchor), line = known
        told = order if rule == Rule.ADJUSTMENT else self.order_of.get(reward["order_seq"], "no order of the log")
        if rule == Rule.TIER:
            told += ":" + line.currency
        pairs = (
            ("REWARD_ORDER", order, reward["order_id"]),
            ("REWARD_ORDER", order, told),
            ("REWARD_RULE", rule, reward["rule"]),
            ("REWARD_BENEFICIARY", member, reward["beneficiary_id"]),
            ("REWARD_LEVEL", level, reward.get("level")),
            ("REWARD_ANCHOR", anchor, reward.get("anchor_order_id")),
            ("REWARD_SLOT", line.slot, reward.get("slot") if line.slot else None),
            ("REWARD_CURRENCY", line.currency, reward["currency"]),
            ("REWARD_PLAN_VERSION", self.plans.number(line.plan_version), reward["plan_version"]),
        )
        for code, expected, found in pairs:
            if expected != found:
                yield Mismatch(code, reward["id"], expected, found)
        if line.amount_minor != reward["amount_minor"]:
            about = described(reward)
            yield Mismatch("REWARD_AMOUNT", reward["id"], line.amount_minor, reward["amount_minor"], about)

    def missing(self) -> Iterator[Mismatch]:
        """What nobody was given."""
        for reward_id, ((order, rule, member, _, _), line) in self.lines.items():
            about = f"{rule} of order {order} for {member}"
            yield Mismatch("REWARD_MISSING", reward_id, line.amount_minor, None, about)


def described(reward: Row) -> str:
    """What a reward is for, as it says itself."""
    return f"{reward['rule']} of order {reward['order_id']} for {reward['beneficiary_id']}"
