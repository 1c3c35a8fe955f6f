"""Stories of valid plans and facts, and how they are told to the engine over a store in memory."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from memory.driving import Engine, run
from story import Story

from graph.members import MemberId
from graph.orders import OrderId, OrderStatus, Purchase
from graph.refunds import RefundId, RefundRequest

if TYPE_CHECKING:
    from random import Random

bps = st.integers(0, 5000)
members = ["m0", "m1", "m2", "m3", "m4", "m5"]
eligible = st.sampled_from(["any", "has_order"])
slots = st.fixed_dictionaries(
    {"slots_bp": st.lists(st.integers(0, 3000), min_size=1, max_size=3)},
    optional={
        "base": st.sampled_from(["own", "referee", "min"]),
        "qualify": st.sampled_from(["first_order", "every_order"]),
        "min_order_minor": st.integers(1, 100),
        "anchor": st.sampled_from(["oldest", "newest"]),
        "window_days": st.sampled_from([0, 10, 40]),
        "max_cycles": st.sampled_from([0, 1, 2, 3]),
        "bank": st.sampled_from(["none", "keep"]),
        "mode": st.sampled_from(["slot", "threshold"]),
        "refund_policy": st.sampled_from(["burn", "shift", "refill"]),
        "allow_over_100": st.booleans(),
    },
)


def rising(rows: list[dict[str, int]], *names: str) -> list[dict[str, int]]:
    """The same rows, with these columns sorted each for itself."""
    columns = {name: sorted(row[name] for row in rows) for name in names}
    return [row | {name: columns[name][place] for name in names} for place, row in enumerate(rows)]


ranks = st.lists(
    st.fixed_dictionaries({"min_direct": st.integers(0, 2), "min_team_volume_minor": bps, "rate_bp": bps}),
    min_size=1,
    max_size=3,
).map(lambda rows: [row | {"name": f"V{place}"} for place, row in enumerate(rising(rows, "rate_bp"))])
tiers = st.lists(
    st.fixed_dictionaries({"min_volume_minor": bps, "rate_bp": bps}),
    min_size=1,
    max_size=3,
    unique_by=lambda row: row["min_volume_minor"],
).map(lambda rows: rising(rows, "min_volume_minor", "rate_bp"))
rules = {
    "three_for_one": slots,
    "levels": st.fixed_dictionaries(
        {"levels_bp": st.lists(bps, max_size=3)}, optional={"eligible": eligible, "compression": st.booleans()}
    ),
    "team": st.fixed_dictionaries({"ranks": ranks}, optional={"peer_bp": bps}),
    "nearest": st.fixed_dictionaries(
        {"count": st.integers(1, 3), "rate_bp": st.integers(1, 5000)}, optional={"eligible": eligible}
    ),
    "monthly": st.fixed_dictionaries({"tiers": tiers}),
    "max_payout_bp": bps,
    "currencies": st.sampled_from([["CNY"], ["CNY", "USD"]]),
}
named = {"name": st.just("any"), "acknowledge_multi_level": st.just(value=True)}
SIMPLE, ACROSS = {"levels", "nearest", "currencies"}, {"levels", "nearest", "team", "monthly", "max_payout_bp"}
fixed = {
    "currencies": st.just(["CNY"]),
    "nearest": st.fixed_dictionaries({"count": st.integers(1, 3), "fixed_minor": st.integers(1, 999)}),
}
main = named | {"three_for_one": slots}
plans = st.one_of(
    st.fixed_dictionaries(main, optional={name: rules[name] for name in sorted(SIMPLE)}),
    st.fixed_dictionaries(main, optional={name: rules[name] for name in sorted(ACROSS)}),
    st.fixed_dictionaries(
        main | {"team": rules["team"]}, optional={name: rules[name] for name in sorted(ACROSS - {"team"})}
    ),
    st.fixed_dictionaries(named, optional=rules),
    st.fixed_dictionaries(named | fixed, optional={"three_for_one": slots, "max_payout_bp": bps}),
)
buying = st.tuples(
    st.just("buys"),
    st.sampled_from(members),
    st.integers(1, 3000),
    st.sampled_from(["CNY", "CNY", "CNY", "USD"]),
    st.integers(-20, 30),
)
refunding = st.tuples(st.just("refunds"), st.integers(0, 30), st.one_of(st.integers(1, 3000), st.just(10**6)))
publishing = st.tuples(st.just("publishes"), plans)
closing = st.tuples(st.just("closes"), st.sampled_from(["2025-12", "2026-01", "2026-02"]))
happenings = st.lists(st.one_of(*[buying] * 8, *[refunding] * 4, publishing, closing), min_size=12, max_size=40)


def told(plan: dict[str, Any], parents: list[int], happened: list[Any]) -> Story:
    referrers = {members[i + 1]: members[min(parent, i)] for i, parent in enumerate(parents)}
    story = Story(referrers, plan)
    orders: list[str] = []
    for kind, *what in happened:
        if kind == "buys":
            member, amount, currency, day = what
            orders.append(story.buys_on_day(member, amount, day, currency))
        elif kind == "publishes":
            story.publishes(what[0])
        elif kind == "closes":
            story.closes(what[0])
        elif orders and story.left(order := orders[what[0] % len(orders)]):
            story.refunds(order, min(what[1], story.left(order)))
    return story


stories = st.builds(told, plans, st.lists(st.integers(0, 4), min_size=5, max_size=5), happenings)


def accept(engine: Engine, fact: dict[str, Any]) -> None:
    if fact["kind"] == "plan":
        run(engine.intake.publish(json.dumps(fact["document"]), str(fact["seq"])))
    elif fact["kind"] == "month_closed":
        run(engine.intake.close_month(fact["month"]))
    elif fact["kind"] == "refunded":
        refund_id, order_id = RefundId(fact["refund_id"]), OrderId(fact["order_id"])
        run(engine.intake.refund(RefundRequest(refund_id, order_id, fact["amount_minor"], fact["refunded_at"])))
    else:
        order_id, member_id = OrderId(fact["order_id"]), MemberId(fact["member_id"])
        status, at = OrderStatus.COMPLETED, fact["completed_at"]
        run(engine.intake.order(Purchase(order_id, member_id, fact["amount_minor"], fact["currency"], status, at)))


def tell(story: Story, random: Random) -> Engine:
    """Numbers now and then, and applies to whichever scopes chance names."""
    referrers = {member: story.referrers.get(member) for member in members}
    engine = Engine(referrers, json.dumps(story.facts[0]["document"]))
    restless = random.random()
    for fact in story.facts[1:]:
        accept(engine, fact)
        if random.random() < restless:
            engine.number()
            if random.random() < 0.6:
                engine.apply(random.sample(members, random.randint(1, 6)))
            if random.random() < 0.6:
                engine.step(random.randint(1, 6))
    engine.finish()
    return engine
