"""Any small network under any plan: every amount is explained exactly, and nobody is left without an answer."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from examples import examples
from formulas import assert_exact
from hypothesis import given, settings
from hypothesis import strategies as st
from pure_engine import NOON
from whole_engine import WholeEngine

from graph.errors import PlanInvalid
from graph.explaining import explained
from graph.explanation_texts import reason_text, step_text
from graph.languages import Language
from graph.members import MemberId
from graph.plan_document import parse_plan
from graph.why_not import RULES, answers

bps = st.integers(0, 3000)
members = [f"m{number}" for number in range(6)]
three_for_one = st.fixed_dictionaries(
    {"slots_bp": st.lists(st.one_of(bps, st.integers(1000, 3000)), min_size=1, max_size=3)},
    optional={
        "base": st.sampled_from(["own", "referee", "min"]),
        "qualify": st.sampled_from(["first_order", "every_order"]),
        "min_order_minor": st.integers(1, 100),
        "anchor": st.sampled_from(["oldest", "newest"]),
        "window_days": st.integers(0, 20),
        "max_cycles": st.integers(0, 2),
        "bank": st.sampled_from(["none", "keep"]),
        "mode": st.sampled_from(["slot", "threshold"]),
        "refund_policy": st.sampled_from(["burn", "shift", "refill"]),
        "allow_over_100": st.booleans(),
    },
)
eligible = st.sampled_from(["any", "has_order"])
ranks = st.lists(st.tuples(st.integers(0, 2), bps, bps), min_size=1, max_size=3).map(
    lambda rows: [
        {"name": f"V{at}", "min_direct": direct, "min_team_volume_minor": volume, "rate_bp": rate}
        for at, (direct, volume, rate) in enumerate(sorted(rows, key=lambda row: row[2]))
    ]
)
tiers = st.lists(st.tuples(bps, bps), min_size=1, max_size=3, unique_by=lambda tier: tier[0]).map(
    lambda rows: [
        {"min_volume_minor": volume, "rate_bp": rate}
        for volume, rate in zip(sorted(v for v, _ in rows), sorted(r for _, r in rows), strict=True)
    ]
)
nearest = st.one_of(
    st.fixed_dictionaries({"count": st.integers(1, 3), "eligible": eligible, "rate_bp": st.integers(1, 3000)}),
    st.fixed_dictionaries({"count": st.integers(1, 3), "eligible": eligible, "fixed_minor": st.integers(1, 90)}),
)
rules = st.fixed_dictionaries(
    {
        "name": st.just("any"),
        "acknowledge_multi_level": st.just(value=True),
        "three_for_one": st.one_of(three_for_one, three_for_one, three_for_one, st.none()),
    },
    optional={
        "levels": st.fixed_dictionaries(
            {"levels_bp": st.lists(bps, max_size=3), "eligible": eligible, "compression": st.booleans()}
        ),
        "team": st.fixed_dictionaries({"ranks": ranks, "peer_bp": bps}),
        "nearest": nearest,
        "monthly": st.fixed_dictionaries({"tiers": tiers}),
        "max_payout_bp": st.integers(0, 4000),
        "currencies": st.sampled_from([["CNY"], ["USD"]]),
    },
)


def is_valid(document: dict[str, Any]) -> bool:
    try:
        parse_plan(json.dumps(document))
    except PlanInvalid:
        return False
    return True


def tidy(document: dict[str, Any]) -> dict[str, Any]:
    """Without a rule that is None, and with the one currency that a fixed amount needs."""
    kept = {name: rule for name, rule in document.items() if rule is not None}
    return kept | {"currencies": ["CNY"]} if "nearest" in kept else kept


plans = rules.map(tidy).filter(is_valid)
purchase = st.tuples(
    st.just("buys"),
    st.sampled_from([*members, "m0", "m0", "m1"]),
    st.one_of(st.integers(1, 3000), st.just(2000)),
    st.sampled_from(["CNY"] * 9 + ["USD"]),
    st.sampled_from([0, 0, 0, -20, 3, 30]),
)
refund = st.tuples(st.just("refunds"), st.integers(0, 30), st.sampled_from([1, 500, 3000]))
other = st.one_of(
    st.tuples(st.just("publishes"), plans),
    st.tuples(st.just("closes"), st.sampled_from(["2025-12", "2026-01"])),
)
happenings = st.lists(st.one_of(purchase, purchase, purchase, refund, refund, other), min_size=8, max_size=30)


def told(plan: dict[str, Any], parents: list[int], happened: list[Any]) -> WholeEngine:
    referrers: dict[str, str | None] = {members[0]: None}
    referrers |= {members[at + 1]: members[min(parent, at)] for at, parent in enumerate(parents)}
    engine, orders = WholeEngine(json.dumps(plan), referrers), list[str]()
    for kind, *what in happened:
        if kind == "buys":
            member, amount, currency, day = what
            orders.append(f"o{len(orders)}")
            engine.buys(member, amount, currency=currency, at=NOON + timedelta(days=day), order_id=orders[-1])
        elif kind == "publishes":
            engine.publish(json.dumps(what[0]))
        elif kind == "closes":
            engine.closes(what[0])
        elif orders:
            order = orders[what[0] % len(orders)]
            left = engine.order(order).net_minor
            if left:
                engine.refunds(order, min(what[1], left))
    return engine


stories = st.builds(told, plans, st.lists(st.sampled_from([0, 0, 0, 1, 2, 3]), min_size=5, max_size=5), happenings)


@settings(max_examples=examples(300), deadline=None)
@given(engine=stories)
def test_the_steps_of_every_reward_work_out_to_its_amount(engine: WholeEngine) -> None:
    for reward_id in engine.postings.rewards:
        explanation = explained(engine.evidence(reward_id))
        assert_exact(explanation)
        for language in Language:
            for step in (*explanation.steps, *(moved.cause for moved in explanation.movements)):
                assert "?" not in step_text(step, "CNY", language), step


@settings(max_examples=examples(300), deadline=None)
@given(engine=stories)
def test_nobody_is_left_without_an_answer(engine: WholeEngine) -> None:
    for order_id in engine.sequence.orders:
        occasion = engine.occasion(order_id)
        above = [ancestor.member_id for ancestor in occasion.upline]
        for answer in answers(occasion, [*above, MemberId("nobody")]):
            for rule in RULES:
                earned = sum(reward.amount_minor for reward in answer.got if reward.rule is rule)
                reasons = [reason for reason in answer.reasons if reason.rule is rule]
                assert bool(earned) is not bool(reasons), (order_id, answer.member_id, rule)
                for reason in reasons:
                    for language in Language:
                        assert "?" not in reason_text(reason, "CNY", language), reason
