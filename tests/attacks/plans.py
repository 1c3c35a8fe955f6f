"""13: plans that pay nothing, or more than there is, and an order of one minor unit."""

from __future__ import annotations

import json
from typing import Any

from attacks.target import Attack, Target
from graph.principals import Role
from graph.verification.verifying import verify

CHECK = """query ($d: String!) { checkPlan(document: $d) { __typename
  ... on PlanInvalidError { code reasons } ... on PlanReview { findings { code severity numbers } } } }"""
PUBLISH = """mutation ($input: PublishPlanInput!) { publishPlan(input: $input) { __typename
  ... on UserError { code } ... on PublishPlanSuccess { plan { version document } } } }"""
REWARDS = (
    "query ($o: String!) { rewards(orderId: $o) { nodes { level amount { amountMinor } beneficiary { memberId } } } }"
)
PENDING = (
    "query ($m: String!) { member(memberId: $m) { balance { pending { amountMinor } available { amountMinor } } } }"
)
PLANS = "{ plans { version document } }"
OVER: tuple[dict[str, Any], ...] = (
    {"levels": {"levels_bp": [-1]}},
    {"levels": {"levels_bp": [10_001]}},
    {"three_for_one": {"slots_bp": [5000, 5001]}},
    {"three_for_one": {"slots_bp": [5000, 5001, 1]}},
    {"levels": {"levels_bp": [6000, 5000, 1000]}},
    {"levels": {"levels_bp": [0.5]}},
    {"levels": {"levels_bp": ["100"]}},
)
"""Not valid. [6000, 5000, 1000] is refused for its third level, which nobody acknowledged: see `plans`."""
LEVELS = {"levels_bp": [4000, 4000, 4000], "hold_days": 0}
THREE = {"levels": LEVELS, "acknowledge_multi_level": True}
MOST = 2**53 - 1
UNIT_OF_CAP = (
    ({"levels": LEVELS | {"levels_bp": [6000, 6000, 6000]}, "max_payout_bp": 10_000}, 1, [1]),
    ({"levels": LEVELS, "max_payout_bp": 5000}, 2, [1]),
    ({"levels": LEVELS | {"levels_bp": [3334, 3333, 3333]}}, 1, []),
    ({"levels": LEVELS | {"levels_bp": [5000, 3000, 2000]}}, 1, [1]),
    ({"levels": LEVELS | {"levels_bp": [10_000, 0, 0]}}, 1, [1]),
    ({"levels": LEVELS | {"levels_bp": [0, 0, 0]}}, MOST, []),
    (
        {"levels": LEVELS | {"levels_bp": [3334, 3333, 3333]}, "max_payout_bp": 10_000},
        MOST,
        [3003000231530646, 3002099511605172, 3002099511605172],
    ),
)
"""Rules, what an order pays for, and what the three above the buyer get of it, nearest first."""


async def plans(target: Target) -> None:
    for rules in OVER:
        answer = await target.ask(CHECK, d=json.dumps({"name": "x", **rules}))
        assert answer.one["__typename"] == "PlanInvalidError", (rules, answer.text[:300])
    dear = json.dumps({"name": "x", "levels": {"levels_bp": [6000, 5000]}})
    found = {row["code"]: row["severity"] for row in (await target.ask(CHECK, d=dear)).one["findings"]}
    assert found["COST_ALL"] == "ALARM", "levels may add up to more than all: valid, and said"
    member = target.name("m")
    await target.enroll(member)
    assert (await target.complete(member, 1)).one["__typename"] == "CompleteOrderSuccess"
    if not target.without(target.inside, "orders under such plans: they are published, then the one before again"):
        await _orders(target)


async def _orders(target: Target) -> None:
    assert target.inside
    admin = target.inside.token("attacks-admin", Role.ADMIN)
    before = (await target.by(admin, PLANS)).one[-1]["document"]
    try:
        for rules in OVER:
            assert (await _publish(target, admin, rules))["__typename"] == "PlanInvalidError"
        for rules, amount, paid in UNIT_OF_CAP:
            assert (await _publish(target, admin, rules | {"acknowledge_multi_level": True}))["plan"]
            await _order(target, amount, paid, rules)
    finally:
        await _publish(target, admin, json.loads(before))
    verdict = await verify(target.inside.services, lambda *_: None, 10)
    assert verdict.mismatches == 0, verdict


async def _publish(target: Target, admin: str, rules: dict[str, Any]) -> Any:
    wish = {"document": json.dumps({"name": "attack"} | rules), "idempotencyKey": target.name("p")}
    return (await target.by(admin, PUBLISH, input=wish)).one


async def _order(target: Target, amount: int, paid: list[int], rules: object) -> None:
    """An order of the last of four; `paid` is what the others must get, nearest first."""
    assert target.inside
    upline = [target.name(f"l{level}") for level in (3, 2, 1, 0)]
    for referrer, member in zip((None, *upline), upline, strict=False):
        await target.enroll(member, referrer)
    order = target.name("o")
    assert not (await target.complete(upline[-1], str(amount), order)).codes
    await target.inside.applied()
    rows = (await target.ask(REWARDS, o=order)).one["nodes"]
    got = [int(row["amount"]["amountMinor"]) for row in sorted(rows, key=lambda row: row["level"])]
    assert sum(got) <= amount, (rules, got)
    assert [amount for amount in got if amount] == paid, (rules, got)
    for row in (row for row in rows if row["amount"]["amountMinor"] != "0"):
        (balance,) = (await target.ask(PENDING, m=row["beneficiary"]["memberId"])).one["balance"]
        assert sum(int(part["amountMinor"]) for part in balance.values()) == int(row["amount"]["amountMinor"])


ATTACKS = [
    Attack(13, "three levels and a pool of one unit, rates of nothing, rates over 100 %", "exact; refused", plans),
]
