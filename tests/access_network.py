"""A network for questions of access: a viewer with somebody above and below, and a tree of strangers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from network import accept, applied, buys, chain, engine, plan, publish, refund, rewards
from people import id_number_of

from api.types.node import global_id
from graph.members import MemberId
from graph.payouts import Withdrawal
from graph.rewards import Rule
from graph.store.adjustments import Wish

if TYPE_CHECKING:
    from graph.wiring import Services

VIEWER, DOWNLINE, UPLINE, STRANGER, MISSING = "vera", "dora", "ulla", "stig", "mimi"
MEMBERS = {"self": VIEWER, "downline": DOWNLINE, "upline": UPLINE, "stranger": STRANGER, "missing": MISSING}
TREES = (("root", UPLINE, VIEWER, DOWNLINE, "dina", "dill"), ("sven", STRANGER, "sol", "siv"))
YESTERDAY = datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)
NOTHING = "0" * 32


@dataclass(frozen=True, slots=True)
class Targets:
    """What is asked about whom: the variables of each target."""

    by_name: dict[str, dict[str, str]]


async def a_forest(services: Services) -> Targets:
    """Everybody bought, earned a rebate and a commission, gave something back, and took money out."""
    rules = plan(three_for_one={"hold_days": 0}, levels={"levels_bp": [1000, 500], "hold_days": 0})
    await publish(services, rules, "access")
    for tree in TREES:
        named = [
            replace(wish, name=f"{wish.member_id.title()} Long", phone=f"+861380000{n:04}", id_number=id_number_of(n))
            for n, wish in enumerate(chain(*tree), 1)
        ]
        await accept(services, *named, *(buys(name, 10_000, at=YESTERDAY) for name in tree))
        await accept(services, *(refund(f"o-{name}", 100, at=YESTERDAY) for name in tree))
    async with engine(services):
        await applied(services, stall_s=120)
    await services.ledger.settle(datetime.now(UTC))
    for name in MEMBERS.values():
        if name != MISSING:
            await services.desk.withdrawals.withdraw(Withdrawal(MemberId(name), "CNY", 5, f"w-{name}"), "fin")
    await services.desk.adjustments.adjust(Wish("adj-1", VIEWER, "CNY", 7, "goodwill"), "fin")
    await services.dead_letters.write(STRANGER, "planted", 5)
    later = datetime.now(UTC) + timedelta(days=30)
    await services.plans.schedule(plan(levels={"levels_bp": [100]}), "later", later, await services.clock().stamp())
    return Targets({target: await _asked(services, name) for target, name in MEMBERS.items()})


async def _asked(services: Services, name: str) -> dict[str, str]:
    """The variables that ask about one member."""
    reward = entry = NOTHING
    for found in await rewards(services):
        if (found.beneficiary_id, found.rule) == (name, Rule.REBATE):
            reward = found.reward_id
            entry = (await services.ledger.entries_of_member(name, (2**62, ""), 1))[0].entry_id
    batch = NOTHING if name == MISSING else Withdrawal(MemberId(name), "CNY", 5, f"w-{name}").payout_id
    return {
        "key": name,
        "order": f"o-{name}",
        "reward": reward,
        "batch": batch,
        "document": plan(levels={"levels_bp": [1000]}),
        "memberNode": global_id("Member", name),
        "orderNode": global_id("Order", f"o-{name}"),
        "rewardNode": global_id("Reward", reward),
        "entryNode": global_id("LedgerEntry", entry),
        "refundNode": global_id("Refund", f"r-o-{name}"),
        "planNode": global_id("Plan", "1"),
    }
