"""The worked examples of rules.md §3, by their numbers. 14 and 16 need the real engine: `test_engine.py`."""

from __future__ import annotations

import json
from string import ascii_lowercase

import pytest
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
    return [reward.worth_minor for reward in engine.rewards]


def test_example_1_three_referrals_return_the_whole_order() -> None:
    assert earned([29900], [19900, 100, 59900]) == [5980, 8970, 14950]


def test_example_2_threshold_pays_nothing_before_the_third() -> None:
    engine = PureEngine(plan(mode="threshold"), {"b": "A", "c": "A", "d": "A"})
    engine.buys("A", 29900)
    paid = [sum(reward.worth_minor for reward in engine.buys(referee, 100)) for referee in "bcd"]
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
    assert [reward.worth_minor for reward in first + later] == [5980, 8970, 14950]
    assert {reward.plan_version for reward in engine.rewards} == {1}


def three(document: str) -> PureEngine:
    """A's order of 299.00 is o1; b, c and d have bought o2, o3 and o4."""
    engine = PureEngine(document, dict.fromkeys("bcdefg", "A"))
    engine.buys("A", 29900)
    for referee in "bcd":
        engine.buys(referee, 100)
    return engine


@pytest.mark.parametrize(
    ("policy", "after_refund", "then"), [("burn", 20930, 20930), ("shift", 14950, 29900), ("refill", 20930, 29900)]
)
def test_example_11_a_refund_of_the_second_under_each_policy(policy: str, after_refund: int, then: int) -> None:
    engine = three(plan(refund_policy=policy))
    engine.refunds("o3")
    assert engine.earned("A") == after_refund
    engine.buys("e", 100)
    assert engine.earned("A") == then


def test_example_11_shift_moves_the_third_into_the_second_slot() -> None:
    engine = three(plan(refund_policy="shift"))
    engine.refunds("o3")
    assert {r.order_id: (r.slot, r.worth_minor) for r in engine.rewards if r.worth_minor} == {
        "o2": (1, 5980),
        "o4": (2, 8970),
    }
    (late,) = engine.buys("e", 100)
    assert (late.slot, late.worth_minor) == (3, 14950)


def test_example_11_refill_gives_the_next_the_opened_slot() -> None:
    engine = three(plan(refund_policy="refill"))
    engine.refunds("o3")
    (late,) = engine.buys("e", 100)
    assert (late.slot, late.worth_minor) == (2, 8970)


def test_example_12_half_a_referral_refunded_takes_back_half_its_slot() -> None:
    engine = PureEngine(plan(base="referee"), {"b": "A", "c": "A"})
    engine.buys("A", 29900)
    engine.buys("b", 29900)
    engine.buys("c", 29900)
    engine.refunds("o3", 14950)
    back = engine.postings.entries[-1]
    assert (back.debit, back.credit, back.amount_minor) == ("pending", "company:rewards", 4485)
    assert engine.earned("A") == 5980 + 4485


def test_example_13_the_anchor_refunded_takes_everything_back() -> None:
    engine = PureEngine(plan(), {"b": "A", "c": "A", "d": "A"})
    engine.buys("A", 29900)
    engine.buys("b", 100)
    engine.buys("c", 100)
    assert engine.earned("A") == 14950
    engine.refunds("o1")
    assert engine.earned("A") == 0
    assert engine.buys("d", 100) == []


@pytest.mark.parametrize(("policy", "expected"), [("burn", [2000, 0, 5000]), ("refill", [2000, 0, 5000])])
def test_example_17_a_refund_of_one_slot_never_raises_another(policy: str, expected: list[int]) -> None:
    engine = PureEngine(plan(base="referee", refund_policy=policy), dict.fromkeys("bcde", "A"))
    engine.buys("A", 10000)
    for referee, amount in (("b", 10000), ("c", 10000), ("d", 20000)):
        engine.buys(referee, amount)
    assert engine.earned("A") == 10000
    engine.refunds("o3")
    assert [reward.worth_minor for reward in engine.rewards] == expected
    late = engine.buys("e", 30000)
    assert [(r.slot, r.worth_minor) for r in late] == ([(2, 3000)] if policy == "refill" else [])


def test_example_18_a_burnt_slot_of_a_threshold_is_not_open() -> None:
    engine = three(plan(mode="threshold"))
    engine.refunds("o3")
    assert engine.earned("A") == 20930


def test_example_18_burnt_before_the_threshold_it_still_counts() -> None:
    engine = PureEngine(plan(mode="threshold"), dict.fromkeys("bcd", "A"))
    engine.buys("A", 29900)
    engine.buys("b", 100)
    engine.buys("c", 100)
    engine.refunds("o3")
    engine.buys("d", 100)
    assert engine.earned("A") == 20930


def test_example_19_what_is_refunded_leaves_the_bank() -> None:
    engine = PureEngine(plan(bank="keep"), dict.fromkeys("bc", "A"))
    engine.buys("b", 100)
    engine.buys("c", 100)
    engine.refunds("o1")
    (reward,) = engine.buys("A", 10000)
    assert (reward.order_id, reward.slot, reward.worth_minor) == ("o2", 1, 2000)


def test_example_20_an_order_that_received_once_may_receive_again() -> None:
    engine = PureEngine(plan(max_cycles=1, refund_policy="refill"), dict.fromkeys("bc", "A"))
    engine.buys("A", 10000, order_id="X")
    engine.buys("A", 30000, order_id="Y")
    engine.buys("b", 100)
    engine.refunds("o3")
    (reward,) = engine.buys("c", 100)
    assert (reward.anchor_order_id, reward.worth_minor) == ("X", 2000)
