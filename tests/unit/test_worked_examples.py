"""The worked examples of rules.md §3 that need no refund, by their numbers. 14 and 16 need the real engine."""

from __future__ import annotations

import json
from string import ascii_lowercase

from pure_engine import PureEngine


def plan(**three_for_one: object) -> str:
    return json.dumps({"name": "example", "three_for_one": three_for_one})


def earned(anchors: list[int], referrals: list[int], document: str | None = None) -> list[int]:
    """What A earns, reward by reward, whose orders are accepted first and then one order of each referee."""
    engine = PureEngine(document or plan())
    engine.refers("A", *ascii_lowercase[: len(referrals)])
    for amount in anchors:
        engine.buys("A", amount)
    for referee, amount in zip(ascii_lowercase, referrals, strict=False):
        engine.buys(referee, amount)
    assert all(reward.beneficiary_id == "A" for reward in engine.rewards)
    return [reward.amount_minor for reward in engine.rewards]


def test_example_1_three_referrals_return_the_whole_order() -> None:
    assert earned([29900], [19900, 100, 59900]) == [5980, 8970, 14950]


def test_example_2_threshold_pays_nothing_before_the_third() -> None:
    engine = PureEngine(plan(mode="threshold"), {"b": "A", "c": "A", "d": "A"})
    engine.buys("A", 29900)
    paid = [sum(reward.amount_minor for reward in engine.buys(referee, 100)) for referee in "bcd"]
    assert paid == [0, 0, 29900]


def test_example_3_two_referrals_leave_the_order_open() -> None:
    assert sum(earned([29900], [100, 100])) == 14950


def test_example_4_bases() -> None:
    referees = [19900, 29900, 59900]
    assert sum(earned([29900], referees, plan(base="own"))) == 29900
    assert earned([29900], referees, plan(base="referee", allow_over_100=True)) == [3980, 8970, 29950]
    assert earned([29900], referees, plan(base="min")) == [3980, 8970, 14950]
    assert earned([29900], referees, plan(base="referee")) == [3980, 8970, 16950]


def test_example_5_parts_of_9999_fen() -> None:
    assert earned([9999], [100] * 3) == [2000, 3000, 4999]


def test_example_6_parts_of_999_fen() -> None:
    assert earned([999], [100] * 3) == [200, 300, 499]


def test_example_7_thirds() -> None:
    assert earned([10000], [100] * 3, plan(slots_bp=[3333, 3333, 3334])) == [3333, 3333, 3334]


def test_example_8_one_anchor_takes_three_of_seven() -> None:
    assert earned([29900], [100] * 7) == [5980, 8970, 14950]


def test_example_9_three_anchors_take_seven() -> None:
    one_by_one = [5980, 8970, 14950, 5980, 8970, 14950, 5980]
    assert earned([29900] * 3, [100] * 7) == one_by_one
    assert sum(one_by_one) == 65780


def test_example_10_the_oldest_anchor_fills_first() -> None:
    assert earned([10000, 30000], [100] * 5) == [2000, 3000, 5000, 6000, 9000]


def test_example_15_a_running_anchor_goes_on_under_its_plan() -> None:
    engine = PureEngine(plan(), {"b": "A", "c": "A", "d": "A"})
    engine.buys("A", 29900)
    first = engine.buys("b", 100)
    engine.publish(plan(slots_bp=[1000, 1000, 8000]))
    later = engine.buys("c", 100) + engine.buys("d", 100)
    assert [reward.amount_minor for reward in first + later] == [5980, 8970, 14950]
    assert {reward.plan_version for reward in engine.rewards} == {1}
