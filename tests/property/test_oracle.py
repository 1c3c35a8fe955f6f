"""Whatever the plan: what the recount pays stays within its limits, and goes back with the last refund."""

from __future__ import annotations

from typing import Any

from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from story import Story

bps = st.integers(0, 5000)
members = ["m0", "m1", "m2", "m3", "m4", "m5"]
slots = st.fixed_dictionaries(
    {"slots_bp": st.lists(st.integers(0, 3000), min_size=1, max_size=3)},
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
    },
)
eligible = st.sampled_from(["any", "has_order"])
ranks = st.lists(
    st.fixed_dictionaries({"min_direct": st.integers(0, 2), "min_team_volume_minor": bps, "rate_bp": bps}), max_size=3
).map(lambda found: [rank | {"name": f"V{number}"} for number, rank in enumerate(found)])
tiers = st.lists(st.fixed_dictionaries({"min_volume_minor": bps, "rate_bp": bps}), max_size=3)
plans = st.fixed_dictionaries(
    {"three_for_one": slots},
    optional={
        "levels": st.fixed_dictionaries(
            {"levels_bp": st.lists(bps, max_size=3), "eligible": eligible, "compression": st.booleans()}
        ),
        "team": st.fixed_dictionaries({"ranks": ranks, "peer_bp": bps}),
        "nearest": st.fixed_dictionaries({"count": st.integers(1, 3), "eligible": eligible}, optional={"rate_bp": bps}),
        "monthly": st.fixed_dictionaries({"tiers": tiers}),
        "max_payout_bp": bps,
        "currencies": st.sampled_from([["CNY"], ["CNY", "USD"]]),
    },
)
happenings = st.lists(
    st.one_of(
        st.tuples(
            st.just("buys"),
            st.sampled_from(members),
            st.integers(1, 3000),
            st.sampled_from(["CNY", "CNY", "USD"]),
            st.integers(-20, 30),
        ),
        st.tuples(st.just("refunds"), st.integers(0, 30), st.integers(1, 3000)),
        st.tuples(st.just("publishes"), plans),
        st.tuples(st.just("closes"), st.sampled_from(["2025-12", "2026-01", "2026-02"])),
    ),
    max_size=40,
)


def told(plan: dict[str, Any], parents: list[int], happened: list[Any]) -> tuple[Story, list[str]]:
    referrers = {members[i + 1]: members[min(parent, i)] for i, parent in enumerate(parents)}
    story, orders = Story(referrers, plan), []
    for kind, *what in happened:
        if kind == "buys":
            member, amount, currency, day = what
            orders.append(story.buys_on_day(member, amount, day, currency))
        elif kind == "publishes":
            story.publishes(what[0])
        elif kind == "closes":
            story.closes(what[0])
        elif orders:
            order = orders[what[0] % len(orders)]
            if story.left(order):
                story.refunds(order, min(what[1], story.left(order)))
    return story, orders


stories = st.builds(told, plans, st.lists(st.integers(0, 4), min_size=5, max_size=5), happenings)


@settings(max_examples=examples(400), deadline=None)
@given(told=stories, data=st.data())
def test_refunding_everything_leaves_nobody_anything(told: tuple[Story, list[str]], data: st.DataObject) -> None:
    story, orders = told
    for order in data.draw(st.permutations(orders)):
        if story.left(order):
            story.refunds(order)
    story.closes("2026-01")
    assert all(line.amount_minor == 0 for line in story.recount().rewards.values())


@settings(max_examples=examples(400), deadline=None)
@given(told=stories)
def test_no_order_returns_more_than_was_paid_for_it(told: tuple[Story, list[str]]) -> None:
    story, orders = told
    counted = story.recount()
    assert all(line.amount_minor >= 0 for line in counted.rewards.values())
    returned = dict.fromkeys(orders, 0)
    for (_, _, _, _, anchor), line in counted.rewards.items():
        if anchor is not None:
            returned[anchor] += line.amount_minor
    assert all(returned[order] <= story.left(order) for order in orders)
