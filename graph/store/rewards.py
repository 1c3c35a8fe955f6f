"""How a reward and an entry stand in the store: the one place that knows the names of their properties."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from graph.ledger import Account, Entry, PostedReward, RewardState
from graph.rewards import Rule
from graph.times import stored

if TYPE_CHECKING:
    from graph.rewards import Reward
    from graph.store.database import Row


def reward_properties(reward: Reward, reward_id: str, amount_minor: int) -> Row:
    """The node of a new reward. What is null is left out by the store."""
    properties: Row = {
        "id": reward_id,
        "order_id": reward.order_id,
        "order_seq": reward.order_seq,
        "rule": reward.rule,
        "beneficiary_id": reward.beneficiary_id,
        "plan_version": reward.plan_version,
        "worth_minor": reward.worth_minor,
        "amount_minor": amount_minor,
        "paid_minor": 0,
        "currency": reward.currency,
        "base_minor": reward.base_minor,
        "rate_bp": reward.rate_bp,
        "path": list(reward.path),
        "state": RewardState.PENDING,
        "created_at": stored(reward.created_at),
        "due_at": stored(reward.due_at) if reward.due_at else None,
    }
    if reward.level is None:
        properties |= {"slot": reward.slot, "anchor_order_id": reward.anchor_order_id}
    else:
        properties["level"] = reward.level
    if reward.below_bp or reward.peer_bp is not None or reward.fixed_minor is not None:
        properties |= {
            "below_bp": reward.below_bp,
            "peer_bp": reward.peer_bp,
            "fixed_minor": reward.fixed_minor,
            "order_minor": reward.order_minor,
        }
    return properties


def reward_changes(reward: Reward, amount_minor: int) -> Row:
    """What a fact may change of a reward: its amounts, and the slot it stands in. The rest is as it was computed."""
    return {
        "worth_minor": reward.worth_minor,
        "amount_minor": amount_minor,
        "base_minor": reward.base_minor,
        "rate_bp": reward.rate_bp,
        "slot": reward.slot,
    }


def posted_reward(properties: Row) -> PostedReward:
    """The reward that a node describes."""
    get = properties.get
    return PostedReward(
        order_id=properties["order_id"],
        order_seq=properties["order_seq"],
        rule=Rule(properties["rule"]),
        beneficiary_id=properties["beneficiary_id"],
        plan_version=properties["plan_version"],
        worth_minor=properties["worth_minor"],
        amount_minor=properties["amount_minor"],
        paid_minor=properties["paid_minor"],
        currency=properties["currency"],
        base_minor=properties["base_minor"],
        rate_bp=properties["rate_bp"],
        path=tuple(properties["path"]),
        state=RewardState(properties["state"]),
        created_at=datetime.fromisoformat(properties["created_at"]),
        due_at=datetime.fromisoformat(due_at) if (due_at := get("due_at")) else None,
        level=get("level"),
        slot=get("slot"),
        anchor_order_id=get("anchor_order_id"),
        below_bp=get("below_bp", 0),
        peer_bp=get("peer_bp"),
        fixed_minor=get("fixed_minor"),
        order_minor=get("order_minor"),
    )


def entry_properties(entry: Entry, link: str | None) -> Row:
    """The node of a new entry; `link` is the audit link that records it."""
    return {
        "id": entry.entry_id,
        "cause": entry.cause,
        "beneficiary_id": entry.beneficiary_id,
        "debit": entry.debit,
        "credit": entry.credit,
        "amount_minor": entry.amount_minor,
        "currency": entry.currency,
        "at": stored(entry.at),
        "link": link,
    }


def entry_accounts(row: Row) -> Row:
    """A row of an entry, with its accounts and its moment as the domain has them."""
    return row | {
        "debit": Account(row["debit"]),
        "credit": Account(row["credit"]),
        "at": datetime.fromisoformat(row["at"]),
    }
