"""Three-for-one beyond the worked examples: every parameter, at its edges."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from pure_engine import NOON, PureEngine


def plan(**three_for_one: object) -> str:
    return json.dumps({"name": "example", "three_for_one": three_for_one})


def engine(**three_for_one: object) -> PureEngine:
    made = PureEngine(plan(**three_for_one))
    made.refers("A", "b", "c", "d", "e")
    return made


def test_only_the_first_order_of_a_referee_counts() -> None:
    shop = engine()
    shop.buys("A", 29900)
    assert [len(shop.buys("b", 100)) for _ in range(3)] == [1, 0, 0]


def test_every_order_counts_when_the_plan_says_so() -> None:
    shop = engine(qualify="every_order")
    shop.buys("A", 29900)
    assert [reward.slot for _ in range(3) for reward in shop.buys("b", 100)] == [1, 2, 3]


def test_a_small_order_is_no_referral_but_uses_up_the_first() -> None:
    shop = engine(min_order_minor=500)
    shop.buys("A", 29900)
    assert shop.buys("b", 499) == []
    assert shop.buys("b", 500) == []
    assert len(shop.buys("c", 500)) == 1


def test_the_newest_anchor_when_the_plan_says_so() -> None:
    shop = engine(anchor="newest")
    shop.buys("A", 10000)
    shop.buys("A", 30000)
    assert [reward.worth_minor for reward in shop.buys("b", 100)] == [6000]


@pytest.mark.parametrize(("late_us", "pays"), [(0, True), (1, False)])
def test_the_window_is_exact_to_the_microsecond(late_us: int, pays: bool) -> None:
    shop = engine(window_days=30)
    shop.buys("A", 10000)
    at = NOON + timedelta(days=30, microseconds=late_us)
    assert bool(shop.buys("b", 100, at=at)) is pays


def test_the_window_passes_over_an_old_anchor_to_a_near_one() -> None:
    shop = engine(window_days=1)
    shop.buys("A", 10000)
    shop.buys("A", 30000, at=NOON + timedelta(days=9))
    assert [reward.worth_minor for reward in shop.buys("b", 100, at=NOON + timedelta(days=9))] == [6000]


def test_max_cycles_closes_fresh_anchors_only() -> None:
    shop = engine(max_cycles=1, slots_bp=[5000, 5000])
    shop.buys("A", 10000)
    shop.buys("A", 30000)
    assert [reward.worth_minor for m in "bcd" for reward in shop.buys(m, 100)] == [5000, 5000]


def test_max_cycles_zero_pays_nothing() -> None:
    shop = engine(max_cycles=0)
    shop.buys("A", 10000)
    assert shop.buys("b", 100) == []


def test_currencies_never_meet() -> None:
    shop = engine()
    shop.buys("A", 10000, currency="USD")
    assert shop.buys("b", 100) == []
    shop.buys("A", 10000)
    assert [reward.currency for reward in shop.buys("c", 100)] == ["CNY"]


def test_a_plan_of_other_currencies_makes_neither_anchors_nor_referrals() -> None:
    shop = PureEngine(json.dumps({"name": "usd", "currencies": ["USD"], "three_for_one": {}}), {"b": "A", "c": "A"})
    shop.buys("A", 10000)
    shop.buys("A", 10000, currency="USD")
    assert shop.buys("b", 100) == []
    assert shop.buys("c", 100, currency="USD") != []


def test_without_a_bank_an_early_referral_is_lost_for_ever() -> None:
    shop = engine()
    shop.buys("b", 100)
    assert shop.buys("A", 10000) == []
    assert [reward.slot for reward in shop.buys("c", 100)] == [1]


def test_a_bank_keeps_referrals_and_pays_them_in_their_order() -> None:
    shop = engine(bank="keep")
    for referee, amount in (("b", 100), ("c", 200)):
        assert shop.buys(referee, amount) == []
    paid = shop.buys("A", 10000)
    assert [(reward.order_id, reward.slot) for reward in paid] == [("o1", 1), ("o2", 2)]


def test_a_banked_reward_is_caused_by_the_anchor_and_held_from_the_referral() -> None:
    shop = engine(bank="keep", hold_days=7)
    shop.buys("b", 100)
    later = NOON + timedelta(days=3)
    (reward,) = shop.buys("A", 10000, at=later)
    assert reward.created_at == later
    assert reward.due_at == NOON + timedelta(days=7)


def test_threshold_keeps_one_reward_a_slot() -> None:
    shop = engine(mode="threshold")
    shop.buys("A", 29900)
    shop.buys("b", 100)
    shop.buys("c", 100)
    paid = shop.buys("d", 100)
    assert [(reward.order_id, reward.worth_minor) for reward in paid] == [("o2", 5980), ("o3", 8970), ("o4", 14950)]
    assert {entry.cause for entry in shop.postings.entries} == {"completion:o4"}


def test_a_slot_worth_nothing_is_filled_and_pays_nothing() -> None:
    shop = engine(slots_bp=[0, 10000])
    shop.buys("A", 10000)
    assert shop.buys("b", 100) == []
    assert [reward.slot for reward in shop.buys("c", 100)] == [2]


def test_an_order_is_an_anchor_and_a_referral_at_once() -> None:
    shop = PureEngine(plan(), {"b": "A", "c": "b"})
    shop.buys("A", 10000)
    shop.buys("b", 20000)
    shop.buys("c", 100)
    assert [(r.beneficiary_id, r.worth_minor) for r in shop.rewards] == [("A", 2000), ("b", 4000)]


def test_qualify_comes_from_the_plan_at_the_referral_and_slots_from_the_plan_at_the_anchor() -> None:
    shop = engine(slots_bp=[10000])
    shop.buys("A", 10000)
    shop.buys("b", 100)
    shop.buys("A", 10000)
    shop.publish(plan(slots_bp=[1000], qualify="every_order"))
    assert [reward.worth_minor for reward in shop.buys("b", 100)] == [10000]


def test_an_anchor_from_before_three_for_one_is_none() -> None:
    shop = PureEngine('{"name": "nothing"}', {"b": "A"})
    shop.buys("A", 10000)
    shop.publish(plan())
    assert shop.buys("b", 100) == []


def test_a_burnt_slot_lets_nobody_out_of_the_bank() -> None:
    """c waits under max_cycles; a later plan has none, so d fills a fresh anchor. Its refund opens no slot for c."""
    shop = engine(slots_bp=[5000, 5000], bank="keep", max_cycles=0)
    shop.buys("A", 10000)
    assert shop.buys("c", 100) == []
    shop.publish(plan(slots_bp=[5000, 5000]))
    shop.buys("d", 100, order_id="d")
    shop.refunds("d")
    assert [(r.order_id, r.worth_minor) for r in shop.rewards] == [("d", 0)]


def test_a_cycle_is_counted_when_an_order_first_receives() -> None:
    shop = engine(max_cycles=1, slots_bp=[10000])
    shop.buys("A", 10000)
    shop.buys("A", 30000)
    assert [reward.worth_minor for m in "bc" for reward in shop.buys(m, 100)] == [10000]


def test_a_waiting_referral_refunded_in_part_waits_with_less() -> None:
    shop = engine(bank="keep", base="referee")
    shop.buys("b", 1000, order_id="b")
    shop.refunds("b", 400)
    (reward,) = shop.buys("A", 10000)
    assert (reward.base_minor, reward.worth_minor) == (600, 120)


def test_a_refilled_slot_goes_to_who_waits_and_the_others_stay() -> None:
    shop = engine(bank="keep", refund_policy="refill")
    shop.buys("A", 10000, order_id="X")
    for referee in "bcde":
        shop.buys(referee, 100, order_id=referee)
    shop.refunds("c")
    assert {r.order_id: (r.slot, r.worth_minor) for r in shop.rewards} == {
        "b": (1, 2000),
        "c": (2, 0),
        "d": (3, 5000),
        "e": (2, 3000),
    }
    assert shop.earned("A") == 10000


def test_a_reward_keeps_its_base_its_rate_and_the_way_to_its_member() -> None:
    shop = engine()
    shop.buys("A", 10000)
    paid = [reward for referee in "bcd" for reward in shop.buys(referee, 100)]
    assert [(r.base_minor, r.rate_bp, r.path) for r in paid] == [
        (10000, 2000, ("b", "A")),
        (10000, 3000, ("c", "A")),
        (10000, 5000, ("d", "A")),
    ]


def test_a_refund_of_a_referral_of_a_closed_anchor_changes_nothing() -> None:
    shop = engine(refund_policy="refill", bank="keep")
    shop.buys("A", 10000, order_id="X")
    shop.buys("b", 100, order_id="b")
    shop.refunds("X")
    before = list(shop.postings.entries)
    shop.refunds("b")
    assert shop.postings.entries == before
    assert shop.buys("c", 100) == []
