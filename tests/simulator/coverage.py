"""What occurred in a seed, so that a quiet simulator is noticed."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from graph.events import OrderCompleted, OrderRefunded
from graph.ledger import Account, RewardState
from graph.plan import Bank, Mode, PlanHistory
from graph.rewards import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from memory.transactions import Store

    from graph.ledger import Entry, PostedReward

EVENTS = (
    "refund before completion",
    "refund of an anchor",
    "refund in full, burn",
    "refund in full, shift",
    "refund in full, refill",
    "refund after settlement",
    "refund after payout",
    "shift with bank",
    "threshold reopened",
    "plan change mid-cycle",
    "cap reached",
    "differential with peer",
    "tier after late refund",
    "ambiguous commit",
    "flush with pending",
    "paused worker overtaken",
    "duplicate delivery",
    "over-refund",
    "dead letter",
)


def seen_in(store: Store) -> Counter[str]:
    """What the store tells of what occurred, each counted once a seed."""
    return Counter(dict.fromkeys(_seen(store), 1))


def _seen(store: Store) -> Iterator[str]:
    refunds = {fact.refund_id: fact for fact in store.tables.log if isinstance(fact, OrderRefunded)}
    refunded = {fact.order_id for fact in refunds.values()}
    gone = {order_id for order_id, order in store["orders"].items() if order["refunded_minor"] == order["paid_minor"]}
    entries: dict[str, list[Entry]] = defaultdict(list)
    for entry in store["entries"].values():
        entries[entry.reward_id].append(entry)
    if any(row["refund"].reason for row in store["refunds"].values()):
        yield "over-refund"
    if _parked(store, refunds):
        yield "refund before completion"
    for reward_id, reward in store["rewards"].items():
        causes = [entry.cause for entry in entries[reward_id]]
        yield from _of_reward(reward, causes)
        if reward.rule is Rule.REBATE:
            yield from _of_rebate(store, reward, entries[reward_id], refunded, gone)
        for entry in entries[reward_id]:
            if entry.cause.startswith("refund:") and entry.debit is Account.AVAILABLE:
                yield "refund after payout" if reward.state is RewardState.PAID else "refund after settlement"


def _of_reward(reward: PostedReward, causes: list[str]) -> Iterator[str]:
    if reward.amount_minor < reward.worth_minor:
        yield "cap reached"
    if reward.rule is Rule.PEER and reward.worth_minor:
        yield "differential with peer"
    if reward.rule is Rule.TIER and any(cause.startswith("refund:") for cause in causes):
        yield "tier after late refund"


def _of_rebate(
    store: Store, reward: PostedReward, entries: list[Entry], refunded: set[str], gone: set[str]
) -> Iterator[str]:
    plans = PlanHistory(list(store["plans"].values()))
    rule = store["plans"][reward.plan_version].plan.three_for_one
    if reward.anchor_order_id in refunded:
        yield "refund of an anchor"
    if reward.order_id in gone:
        yield f"refund in full, {rule.refund_policy}"
    if plans.in_force(reward.order_seq).version != reward.plan_version:
        yield "plan change mid-cycle"
    by_refund = [entry for entry in entries if entry.cause.startswith("refund:")]
    accrued = min((entry.cause for entry in entries), default="").startswith("refund:")
    if accrued and rule.bank is Bank.KEEP and rule.refund_policy == "shift" and len(by_refund) == len(entries):
        yield "shift with bank"
    own = {f"refund:{i}" for i, row in store["refunds"].items() if row["refund"].order_id == reward.order_id}
    own |= {f"refund:{i}" for i, row in store["refunds"].items() if row["refund"].order_id == reward.anchor_order_id}
    if rule.mode is Mode.THRESHOLD and any(
        e.credit is Account.COMPANY_REWARDS and e.cause not in own for e in by_refund
    ):
        yield "threshold reopened"


def _parked(store: Store, refunds: dict[str, OrderRefunded]) -> bool:
    """A parked refund is stamped before its completion."""
    completed = {fact.order_id: fact.seq for fact in store.tables.log if isinstance(fact, OrderCompleted)}
    stamps = {
        event.fact.order_id: event.stamp[0]
        for event in store["events"].values()
        if isinstance(event.fact, OrderCompleted)
    }
    return any(
        store["refunds"][i]["stamp"] < stamps[fact.order_id] and completed[fact.order_id] < fact.seq
        for i, fact in refunds.items()
    )
