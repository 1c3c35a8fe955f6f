"""Any small network under any plan: the engine's rewards are those of the plain recount."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import recount
from pure_engine import NOON, PureEngine

rates = st.lists(st.integers(0, 5000), min_size=1, max_size=4).filter(lambda bps: sum(bps) <= 10_000)
three_for_one = st.fixed_dictionaries(
    {"slots_bp": rates},
    optional={
        "base": st.sampled_from(["own", "referee", "min"]),
        "qualify": st.sampled_from(["first_order", "every_order"]),
        "min_order_minor": st.integers(1, 300),
        "anchor": st.sampled_from(["oldest", "newest"]),
        "window_days": st.integers(0, 4),
        "max_cycles": st.integers(0, 2),
        "bank": st.sampled_from(["none", "keep"]),
        "mode": st.sampled_from(["slot", "threshold"]),
        "allow_over_100": st.booleans(),
    },
)
levels = st.fixed_dictionaries(
    {"levels_bp": st.lists(st.integers(0, 3000), max_size=3)},
    optional={"eligible": st.sampled_from(["any", "has_order"]), "compression": st.booleans()},
)
plans = st.fixed_dictionaries(
    {"name": st.just("any"), "acknowledge_multi_level": st.just(value=True)},
    optional={
        "three_for_one": three_for_one,
        "levels": levels,
        "currencies": st.sampled_from([["CNY"], ["USD"], ["CNY", "USD"]]),
    },
)
orders = st.lists(
    st.tuples(
        st.integers(0, 5), st.integers(1, 700), st.sampled_from(["CNY", "CNY", "CNY", "USD"]), st.integers(-3, 3)
    ),
    max_size=25,
)
parents = st.lists(st.integers(0, 4), min_size=5, max_size=5)


@settings(max_examples=examples(600), deadline=None)
@given(parents=parents, orders=orders, plans=st.lists(plans, min_size=1, max_size=3), data=st.data())
def test_rewards_are_those_of_the_plain_recount(
    parents: list[int], orders: list[tuple[int, int, str, int]], plans: list[Any], data: st.DataObject
) -> None:
    referrer = {"m0": None} | {f"m{i + 1}": f"m{min(parent, i)}" for i, parent in enumerate(parents)}
    changes = sorted(data.draw(st.lists(st.integers(0, 25), min_size=len(plans) - 1, max_size=len(plans) - 1)))
    members = [{"member_id": member, "referrer_id": above} for member, above in referrer.items()]
    rows = [
        {
            "order_id": f"o{number}",
            "member_id": f"m{buyer}",
            "amount_minor": amount,
            "currency": currency,
            "completed_at": (NOON + timedelta(days=day)).isoformat(),
        }
        for number, (buyer, amount, currency, day) in enumerate(orders)
    ]

    def in_force(number: int) -> Any:
        return plans[sum(1 for change in changes if change <= number)]

    engine = PureEngine(json.dumps(plans[0]), dict(referrer))
    for number, (buyer, amount, currency, day) in enumerate(orders):
        for version, change in enumerate(changes, start=1):
            if change == number:
                engine.publish(json.dumps(plans[version]))
        at = NOON + timedelta(days=day)
        engine.buys(f"m{buyer}", amount, currency=currency, at=at, order_id=f"o{number}")
    ours = [
        (r.order_id, str(r.rule), r.beneficiary_id, r.level, r.slot, r.anchor_order_id, r.worth_minor)
        for r in engine.rewards
    ]
    assert sorted(ours, key=str) == recount(members, rows, in_force)
    assert len({r.reward_id for r in engine.rewards}) == len(engine.rewards)
