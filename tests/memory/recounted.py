"""The ledger in memory held against the plain recount, and against its own laws."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from graph.events import MonthClosed, OrderCompleted
from graph.ledger import Account
from graph.verification.oracle import recount

if TYPE_CHECKING:
    from collections.abc import Iterator

    from memory.transactions import Store


def facts_of(store: Store) -> Iterator[dict[str, Any]]:
    """All that was numbered, in seq order, as the recount reads it."""
    plans = {plan.seq: plan for plan in store["plans"].values() if plan.seq is not None}
    facts = {fact.seq: fact for fact in store.tables.log}
    for seq in sorted(plans | facts):
        if seq in plans:
            yield {"kind": "plan", "seq": seq, "document": json.loads(plans[seq].document)}
            continue
        fact = facts[seq]
        if isinstance(fact, MonthClosed):
            yield {"kind": "month_closed", "seq": seq, "month": fact.month}
        elif isinstance(fact, OrderCompleted):
            yield {
                "kind": "completed",
                "seq": seq,
                "order_id": fact.order_id,
                "member_id": fact.buyer_id,
                "amount_minor": fact.net_minor,
                "currency": fact.currency,
                "completed_at": fact.completed_at,
            }
        else:
            yield {
                "kind": "refunded",
                "seq": seq,
                "refund_id": fact.refund_id,
                "order_id": fact.order_id,
                "amount_minor": fact.amount_minor,
                "refunded_at": fact.refunded_at,
            }


def differences(store: Store) -> list[str]:
    """Where the ledger is not what the recount of all numbered facts says."""
    referrers = {member_id: row["referrer_id"] for member_id, row in store["members"].items()}
    expected = recount(referrers, facts_of(store))
    numbered = sorted((plan.seq, plan.version) for plan in store["plans"].values() if plan.seq is not None)
    versions = [version for _, version in numbered]
    due = {
        key: (line.amount_minor, line.currency, line.slot, versions[line.plan_version - 1])
        for key, line in expected.rewards.items()
        if line.amount_minor
    }
    posted = {
        (r.order_id, str(r.rule), r.beneficiary_id, r.level if r.slot is None else None, r.anchor_order_id): (
            r.amount_minor,
            r.currency,
            r.slot,
            r.plan_version,
        )
        for r in store["rewards"].values()
        if r.amount_minor
    }
    found = [f"{key}: due {due.get(key)}, posted {posted.get(key)}" for key in due.keys() | posted.keys()]
    found = [
        text for text, key in zip(found, due.keys() | posted.keys(), strict=True) if due.get(key) != posted.get(key)
    ]
    slots = {key: slot.referral.order_id for key, slot in store["slots"].items()}
    found += [
        f"slot {key}: {expected.slots.get(key)} expected, {slots.get(key)} found"
        for key in expected.slots.keys() | slots.keys()
        if expected.slots.get(key) != slots.get(key)
    ]
    for place, (name, seq) in expected.ranks.items():
        reached = store["ranks"].get(place, {})
        at = reached.get(name)  # one lower for a rank that was reached before the order: see Standings.rank_before
        if at != seq or at != max(reached.values()):
            found.append(f"rank of {place}: {name} at {seq} expected, {reached} found")
    found += [f"rank of {place} was never reached" for place in store["ranks"].keys() - expected.ranks.keys()]
    return sorted(found)


def broken_laws(store: Store) -> list[str]:
    """What no ledger may show at any time, as far as one look at the store can tell."""
    found = []
    sums: Counter[str] = Counter()
    accounts: Counter[tuple[str, Account, str]] = Counter()
    for entry in store["entries"].values():
        accrual = (entry.debit is Account.COMPANY_REWARDS) - (entry.credit is Account.COMPANY_REWARDS)
        sums[entry.reward_id] += accrual * entry.amount_minor
        accounts[entry.beneficiary_id, entry.debit, entry.currency] -= entry.amount_minor
        accounts[entry.beneficiary_id, entry.credit, entry.currency] += entry.amount_minor
        if entry.amount_minor <= 0:
            found.append(f"entry of {entry.amount_minor}: {entry}")
        if entry.reward_id not in store["rewards"]:
            found.append(f"entry without a reward: {entry}")
    for reward_id, reward in store["rewards"].items():
        if reward.amount_minor != sums[reward_id]:
            found.append(f"reward {reward_id} says {reward.amount_minor}, its entries {sums[reward_id]}")
    for (member_id, account, currency), minor in accounts.items():
        if minor < 0 and account not in {Account.COMPANY_REWARDS, Account.AVAILABLE}:
            found.append(f"{account} of {member_id} is {minor} {currency}")
    return found
