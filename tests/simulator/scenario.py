"""What the shop does in one seed: a small network, plans, and up to thirty wishes, some told twice or wrongly."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from graph.members import MemberId
from graph.orders import OrderId, OrderStatus, Purchase
from graph.refunds import RefundId, RefundRequest

if TYPE_CHECKING:
    from random import Random

NOON = datetime(2026, 1, 20, 12, tzinfo=UTC)
SLOTS = [[2000, 3000, 5000], [5000, 3000, 2000], [9000, 1000], [10000], [3333, 3333, 3334], [1000, 500, 2500], [2500]]
COUNTRIES = ["CNY", "CNY", "CNY", "CNY", "USD"]


@dataclass(frozen=True, slots=True)
class Publication:
    document: str
    key: str


@dataclass(frozen=True, slots=True)
class Closing:
    month: str


Wish = Purchase | RefundRequest | Publication | Closing


@dataclass(frozen=True, slots=True)
class Scenario:
    referrers: dict[str, str | None]
    plan: str
    wishes: list[Wish]


def scenario(random: Random) -> Scenario:
    members = [f"m{number}" for number in range(random.randint(3, 7))]
    flat = random.random()
    referrers = {
        member: members[0 if random.random() < flat else place - 1] if place else None
        for place, member in enumerate(members)
    }
    across = random.random()
    wishes = _wishes(random, members)
    for number in range(random.choice([0, 1, 1, 2, 3])):
        publication = Publication(plan(random, across=across > 0.35), f"p{number}")
        wishes.insert(random.randrange(len(wishes) + 1), publication)
    if across > 0.2:
        for _ in range(random.choice([0, 1, 2])):
            place = random.randint(len(wishes) // 3, len(wishes))
            wishes.insert(place, Closing(random.choice(["2026-01", "2026-01", "2026-02"])))
    return Scenario(referrers, plan(random, across=across > 0.75), wishes)


def _wishes(random: Random, members: list[str]) -> list[Wish]:
    wishes: list[Wish] = []
    amounts: dict[str, int] = {}
    for number in range(random.randint(6, 15)):
        seller = number % 4 == 0 or random.random() < 0.2
        member = members[0] if seller else random.choice(members[1:])
        at = NOON + timedelta(days=random.randint(-5, 15))
        amounts[f"o{number}"] = amount = random.choice([100, 999, 1000, 29900, random.randint(1, 5000)])
        order, currency = OrderId(f"o{number}"), random.choice(COUNTRIES)
        placed = Purchase(order, MemberId(member), amount, currency, OrderStatus.PLACED, None)
        if random.random() < 0.1:
            wishes.append(placed)
        wishes.append(Purchase(order, MemberId(member), amount, currency, OrderStatus.COMPLETED, at))
    for number in range(random.randint(1, 9)):
        order_id = random.choice(list(amounts))
        whole = amounts[order_id]
        amount = random.choice([whole, whole, whole, max(1, whole // 2), random.randint(1, whole), whole + 1])
        refund = RefundRequest(RefundId(f"r{number}"), OrderId(order_id), amount, NOON + timedelta(days=20))
        bought = next(i for i, wish in enumerate(wishes) if isinstance(wish, Purchase) and wish.order_id == order_id)
        early = random.random() < 0.15
        at_once = random.random() < 0.5
        wishes.insert(bought + 1 if at_once else random.randint(0 if early else bought + 1, len(wishes)), refund)
    for wish in random.sample(wishes, min(3, len(wishes))):
        wishes.insert(random.randrange(len(wishes) + 1), wish)
    return wishes


def plan(random: Random, *, across: bool) -> str:
    document: dict[str, Any] = {"name": "of a seed", "acknowledge_multi_level": True}
    if random.random() < 0.92:
        document["three_for_one"] = _three_for_one(random)
    if random.random() < 0.3:
        document["levels"] = {
            "levels_bp": random.choice([[1000], [1000, 500], [333, 333, 333]]),
            "eligible": random.choice(["any", "has_order"]),
            "compression": random.random() < 0.5,
        }
    if random.random() < 0.2:
        document["nearest"] = {
            "count": random.randint(1, 3),
            "rate_bp": 250,
            "eligible": random.choice(["any", "has_order"]),
        }
    if random.random() < 0.1:
        document["currencies"] = ["CNY"]
    if across:
        document |= _across(random)
    return json.dumps(document)


def _three_for_one(random: Random) -> dict[str, Any]:
    rule: dict[str, Any] = {
        "slots_bp": random.choice(SLOTS),
        "base": random.choice(["own", "own", "referee", "min"]),
        "qualify": random.choice(["first_order", "every_order", "every_order"]),
        "bank": random.choice(["none", "keep"]),
        "mode": random.choice(["slot", "slot", "threshold"]),
        "anchor": random.choice(["oldest", "oldest", "newest"]),
        "refund_policy": random.choice(["burn", "shift", "refill"]),
        "hold_days": random.choice([0, 7]),
    }
    if random.random() < 0.15:
        rule["window_days"] = random.choice([3, 10])
    if random.random() < 0.15:
        rule["max_cycles"] = random.choice([1, 2])
    if random.random() < 0.15:
        rule["min_order_minor"] = 500
    if random.random() < 0.1:
        rule["allow_over_100"] = True
    return rule


def _across(random: Random) -> dict[str, Any]:
    rules: dict[str, Any] = {}
    names = random.choice([["team"], ["monthly"], ["max_payout_bp"], ["team", "monthly"], ["team", "max_payout_bp"]])
    if "team" in names:
        rules["team"] = {
            "ranks": [
                {"name": "V1", "min_direct": random.randint(0, 1), "min_team_volume_minor": 0, "rate_bp": 500},
                {"name": "V2", "min_direct": 1, "min_team_volume_minor": random.choice([500, 3000]), "rate_bp": 1000},
                {"name": "V3", "min_direct": 2, "min_team_volume_minor": 9000, "rate_bp": 1500},
            ][: random.randint(1, 3)],
            "peer_bp": random.choice([0, 1000, 1000]),
        }
    if "monthly" in names:
        rules["monthly"] = {
            "tiers": [{"min_volume_minor": 100, "rate_bp": 100}, {"min_volume_minor": 5000, "rate_bp": 300}]
        }
    if "max_payout_bp" in names:
        rules["max_payout_bp"] = random.choice([500, 2000, 3500])
    return rules
