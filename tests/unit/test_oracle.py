"""The recount on the worked examples of rules.md §3, and on refunds around them. 14 and 16 need the real engine."""

from __future__ import annotations

from string import ascii_lowercase
from typing import Any

import pytest
from story import Story

OF_A = dict.fromkeys(ascii_lowercase, "A")


def told(anchors: list[int], referrals: list[int], **three_for_one: Any) -> Story:
    """A buys first, then each of A's referees once: the orders are A0, A1, … and a, b, c, …"""
    story = Story(OF_A, **three_for_one)
    for number, amount in enumerate(anchors):
        story.buys("A", amount, order_id=f"A{number}")
    for referee, amount in zip(ascii_lowercase, referrals, strict=False):
        story.buys(referee, amount, order_id=referee)
    return story


def test_example_1_three_referrals_return_the_whole_order() -> None:
    assert told([29900], [19900, 100, 59900]).paid() == [5980, 8970, 14950]


def test_example_2_threshold_pays_with_the_third() -> None:
    assert told([29900], [100, 100], mode="threshold").paid() == []
    assert told([29900], [100, 100, 100], mode="threshold").total() == 29900


def test_example_3_two_referrals_leave_the_order_open() -> None:
    story = told([29900], [100, 100])
    assert story.total() == 14950
    assert story.recount().slots == {("A0", 1): "a", ("A0", 2): "b"}


def test_example_4_bases() -> None:
    referees = [19900, 29900, 59900]
    assert told([29900], referees, base="own").total() == 29900
    assert told([29900], referees, base="referee", allow_over_100=True).paid() == [3980, 8970, 29950]
    assert told([29900], referees, base="min").paid() == [3980, 8970, 14950]
    assert told([29900], referees, base="referee").paid() == [3980, 8970, 16950]


@pytest.mark.parametrize(
    ("price", "slots", "parts"),
    [
        (9999, [2000, 3000, 5000], [2000, 3000, 4999]),
        (999, [2000, 3000, 5000], [200, 300, 499]),
        (10000, [3333, 3333, 3334], [3333, 3333, 3334]),
    ],
)
def test_examples_5_to_7_parts_of_a_price(price: int, slots: list[int], parts: list[int]) -> None:
    assert told([price], [100] * 3, slots_bp=slots).paid() == parts


def test_example_8_a_full_order_takes_no_more() -> None:
    assert told([29900], [100] * 7).paid() == [5980, 8970, 14950]


def test_example_9_the_next_order_follows() -> None:
    assert told([29900] * 3, [100] * 7).paid() == [5980, 8970, 14950, 5980, 8970, 14950, 5980]


def test_example_10_each_order_returns_its_own_price() -> None:
    assert told([10000, 30000], [100] * 5).paid() == [2000, 3000, 5000, 6000, 9000]


@pytest.mark.parametrize(
    ("policy", "before", "after", "slots"),
    [
        ("burn", 20930, 20930, ["a", "b", "c"]),
        ("shift", 14950, 29900, ["a", "c", "d"]),
        ("refill", 20930, 29900, ["a", "d", "c"]),
    ],
)
def test_example_11_the_second_of_three_refunds(policy: str, before: int, after: int, slots: list[str]) -> None:
    story = told([29900], [100] * 3, refund_policy=policy)
    story.refunds("b")
    assert story.total() == before
    story.buys("d", 100, order_id="d")
    assert story.total() == after
    used = story.recount().slots
    assert [used["A0", position] for position in (1, 2, 3)] == slots


def test_example_12_half_a_referee_is_half_a_slot() -> None:
    story = told([29900], [29900, 29900], base="referee")
    story.refunds("b", 14950)
    assert story.paid() == [5980, 4485]


def test_example_13_a_refunded_anchor_takes_everything_back() -> None:
    story = told([29900], [100, 100])
    story.refunds("A0")
    assert story.paid() == [0, 0]


def test_example_15_a_running_order_keeps_its_plan() -> None:
    story = told([29900], [100])
    story.publishes({"three_for_one": {"slots_bp": [1000, 1000, 8000]}})
    for referee in "bc":
        story.buys(referee, 100)
    assert story.paid() == [5980, 8970, 14950]
    assert {line.plan_version for line in story.recount().rewards.values()} == {1}


@pytest.mark.parametrize(("policy", "before", "after"), [("burn", 70, 70), ("refill", 70, 100)])
def test_example_17_a_refund_raises_no_other_slot(policy: str, before: int, after: int) -> None:
    story = told([100], [100, 100, 200], base="referee", refund_policy=policy)
    assert story.paid() == [20, 30, 50]
    story.refunds("b")
    assert story.total() == before
    story.buys("d", 300)
    assert story.total() == after
    assert max(story.paid()) == 50


def test_example_18_a_burnt_slot_does_not_reopen_a_threshold() -> None:
    story = told([29900], [100] * 3, mode="threshold")
    story.refunds("b")
    assert story.total() == 20930


def test_example_19_a_refunded_referral_leaves_the_bank() -> None:
    story = told([], [100, 100], bank="keep")
    story.refunds("a")
    story.buys("A", 10000, order_id="A0")
    assert story.paid() == [2000]
    assert story.recount().slots == {("A0", 1): "b"}


def test_example_20_a_started_order_may_receive_again() -> None:
    story = told([100, 100], [100], max_cycles=1, refund_policy="refill")
    story.refunds("a")
    story.buys("b", 100, order_id="b")
    assert story.recount().slots == {("A0", 1): "b"}


def test_a_reopened_threshold_is_clawed_back_until_it_is_filled_again() -> None:
    story = told([29900], [100] * 3, mode="threshold", refund_policy="refill")
    story.refunds("b")
    assert story.total() == 0
    story.buys("d", 100)
    assert story.total() == 29900


def test_the_bank_fills_a_slot_that_opens() -> None:
    story = told([10000], [100] * 5, bank="keep", refund_policy="shift")
    story.refunds("a")
    assert story.recount().slots == {("A0", 1): "b", ("A0", 2): "c", ("A0", 3): "d"}
    assert story.total() == 10000


def test_a_moved_slot_is_granted_anew() -> None:
    # P = 100: 20, 30, and 80 of 160 cut to what is left, 50. Without the first: 20 % of 100, then 30 % of 160.
    story = told([100], [100, 100, 160], base="referee", refund_policy="shift")
    assert story.paid() == [20, 30, 50]
    story.refunds("a")
    assert story.paid() == [0, 20, 48]
    story = told([100], [100, 100, 100], base="referee", refund_policy="shift", slots_bp=[5000, 3000, 2000])
    story.refunds("a")
    assert story.paid() == [0, 50, 30]


def test_a_smaller_anchor_is_recomputed() -> None:
    story = told([29900], [100, 100])
    story.refunds("A0", 10000)
    assert story.paid() == [3980, 5970]


def test_a_smaller_anchor_cuts_the_slots_filled_last() -> None:
    # The refilled second slot is the last: of a cap of 60 the first keeps 20, the third 40 of its 50, the second none.
    story = told([100], [100, 100, 100], base="referee", refund_policy="refill")
    story.refunds("b")
    story.buys("d", 100, order_id="d")
    story.refunds("A0", 40)
    assert story.paid() == [20, 0, 40, 0]


def test_what_a_smaller_anchor_cut_does_not_come_back() -> None:
    story = told([100], [100, 100, 100], base="referee")
    story.refunds("A0", 40)
    assert story.paid() == [20, 30, 10]
    story.refunds("a")
    assert story.paid() == [0, 30, 10]


def test_min_follows_the_smaller_of_both_orders() -> None:
    story = told([200], [100], base="min")
    story.refunds("A0", 150)
    assert story.paid() == [10]
    story.refunds("a", 75)
    assert story.paid() == [5]


def test_a_closed_order_is_worth_nothing_even_without_a_cap() -> None:
    story = told([100], [100], base="referee", allow_over_100=True)
    story.refunds("A0")
    assert story.paid() == [0]


def test_a_closed_order_opens_no_more() -> None:
    story = told([100], [100, 100], refund_policy="refill")
    story.refunds("A0")
    story.refunds("a")
    story.buys("c", 100)
    assert story.total() == 0
    assert story.recount().slots == {("A0", 1): "a", ("A0", 2): "b"}


def test_the_first_order_counts_whatever_becomes_of_it() -> None:
    story = told([100], [50], min_order_minor=60)
    story.buys("a", 100)
    story.buys("b", 100, order_id="b")
    story.refunds("b")
    story.buys("b", 100)
    story.buys("c", 60, order_id="c")
    assert story.recount().slots == {("A0", 1): "b", ("A0", 2): "c"}


def test_every_order_counts_when_the_plan_says_so() -> None:
    story = told([100], [100], qualify="every_order")
    story.buys("a", 100)
    assert story.paid() == [20, 30]


def test_a_window_measures_between_the_completions() -> None:
    story = Story(OF_A, window_days=2)
    story.buys_on_day("A", 100, 5)
    for referee, day in zip("abc", [2, 3, 8], strict=True):
        story.buys_on_day(referee, 100, day)
    assert story.paid() == [20]


def test_the_newest_order_may_go_first() -> None:
    assert told([100, 1000], [100], anchor="newest").paid() == [200]


def test_currencies_never_meet() -> None:
    story = told([100], [], max_cycles=1)
    story.buys("a", 100, "USD")
    story.buys("A", 1000, "USD")
    story.buys("b", 100)
    story.buys("c", 100, "USD")
    assert story.paid() == [20]


def test_the_referral_is_judged_by_its_own_plan() -> None:
    story = told([100], [])
    story.publishes({"three_for_one": {}, "currencies": ["USD"]})
    story.buys("a", 100)
    story.publishes({"levels": {"levels_bp": [1000]}})
    story.buys("b", 100)
    assert story.paid() == []
    assert story.paid("commission") == [10]


def test_an_order_is_anchor_and_referral_at_once() -> None:
    story = Story({"b": "A", "c": "b"})
    for member in "Abc":
        story.buys(member, 100, order_id=member)
    assert story.recount().slots == {("A", 1): "b", ("b", 1): "c"}
    story.refunds("b")
    assert story.total() == 0
