"""The recount on what goes up the line, on months and on the limit of an order. Sums by hand in the comments."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from story import NOON, Story

CHAIN = {"b": "m1", "m1": "m2", "m2": "m3", "m3": "m4"}


def earning(story: Story, order: str) -> dict[tuple[str, str], int]:
    """What is due because of an order, by rule and member."""
    rewards = story.recount().rewards
    return {(rule, who): line.amount_minor for (of, rule, who, *_), line in rewards.items() if of == order}


def in_chain(**plan: Any) -> Story:
    return Story(CHAIN, plan)


def commissions(story: Story, order: str) -> dict[str, int]:
    return {who: amount for (_, who), amount in earning(story, order).items()}


def test_each_level_has_its_rate_of_the_net_amount() -> None:
    story = in_chain(levels={"levels_bp": [1000, 500]})
    order = story.buys("b", 999)
    assert commissions(story, order) == {"m1": 100, "m2": 50}
    story.refunds(order, 500)
    assert commissions(story, order) == {"m1": 50, "m2": 25}


def test_an_upline_without_an_order_is_left_out_or_skipped() -> None:
    for compression, expected in ((False, {"m2": 50}), (True, {"m2": 100, "m4": 50})):
        story = in_chain(levels={"levels_bp": [1000, 500], "eligible": "has_order", "compression": compression})
        story.refunds(story.buys("m2", 1))
        story.buys("m4", 1, "USD")
        assert commissions(story, story.buys("b", 1000)) == expected


def test_the_nearest_eligible_uplines_earn_alike() -> None:
    story = in_chain(nearest={"count": 2, "rate_bp": 300, "eligible": "has_order"})
    for member in ("m4", "m2", "m1"):
        story.buys(member, 1)
    order = story.buys("b", 1000)
    assert commissions(story, order) == {"m1": 30, "m2": 30}
    assert [level for of, _, _, level, _ in story.recount().rewards if of == order] == [1, 2]


def test_a_fixed_amount_shrinks_with_the_order() -> None:
    story = in_chain(nearest={"count": 1, "fixed_minor": 25})
    order = story.buys("b", 1000)
    story.refunds(order, 500)
    assert commissions(story, order) == {"m1": 13}


RANKS = [{"name": f"V{n}", "min_direct": n, "min_team_volume_minor": 0, "rate_bp": 500 * n} for n in (1, 2, 3, 4)]


def ranked(places: dict[str, int], **team: Any) -> Story:
    """Each member of the chain with as many buying referees as the rank asks for."""
    leaves = {f"{member}-{n}": member for member, rank in places.items() for n in range(rank)}
    story = Story(CHAIN | leaves, {"team": {"ranks": RANKS} | team})
    for leaf in leaves:
        story.buys(leaf, 1)
    return story


def test_the_example_of_differential_and_peer() -> None:
    story = ranked({"m1": 1, "m2": 2, "m3": 2, "m4": 4}, peer_bp=1000)
    order = story.buys("b", 100000)
    differential = {("differential", "m1"): 5000, ("differential", "m2"): 5000, ("differential", "m4"): 10000}
    assert earning(story, order) == differential | {("peer", "m3"): 500}
    story.refunds(order, 50000)
    assert earning(story, order) == {key: amount // 2 for key, amount in differential.items()} | {("peer", "m3"): 250}


def test_a_higher_rank_between_keeps_the_peer_from_it() -> None:
    story = ranked({"m1": 2, "m2": 3, "m3": 2, "m4": 3}, peer_bp=1000)
    assert earning(story, story.buys("b", 10000)) == {
        ("differential", "m1"): 1000,
        ("differential", "m2"): 500,
        ("peer", "m4"): 50,
    }


VOLUME = [{"name": "gold", "min_direct": 1, "min_team_volume_minor": 1000, "rate_bp": 1000}]


def test_an_order_counts_for_the_rank_but_not_at_itself() -> None:
    story = in_chain(team={"ranks": VOLUME})
    first = story.buys("b", 1000)
    second = story.buys("b", 100)
    assert earning(story, first) == {}
    assert earning(story, second) == {("differential", "m1"): 10}
    assert story.recount().ranks["m1", "CNY"] == ("gold", 1)
    assert ("m2", "CNY") not in story.recount().ranks  # its direct referee never bought


def test_refunded_volume_counts_no_more_but_a_rank_stays() -> None:
    story = in_chain(team={"ranks": VOLUME})
    for _ in range(3):
        story.refunds(story.buys("b", 999))
    assert story.recount().ranks == {}
    story.refunds(story.buys("b", 1000))
    assert earning(story, story.buys("b", 100)) == {("differential", "m1"): 10}


def test_ranks_are_kept_for_each_currency() -> None:
    story = in_chain(team={"ranks": VOLUME})
    story.buys("b", 1000)
    order = story.buys("b", 1000, "USD")
    assert earning(story, order) == {}
    assert story.recount().ranks == {("m1", "CNY"): ("gold", 1), ("m1", "USD"): ("gold", 2)}


def test_volume_from_before_the_first_ranks_counts() -> None:
    story = in_chain(levels={})
    story.buys("b", 1500)
    story.publishes({"team": {"ranks": VOLUME}})
    order = story.buys("b", 100)
    assert earning(story, order) == {("differential", "m1"): 10}
    assert story.recount().ranks == {("m1", "CNY"): ("gold", 2)}  # before the order, which is fact 3


def test_a_rank_counts_under_another_version_by_its_name() -> None:
    story = in_chain(team={"ranks": VOLUME})
    story.buys("b", 1000)
    harder = {"name": "gold", "min_direct": 9, "min_team_volume_minor": 9, "rate_bp": 2000}
    story.publishes({"team": {"ranks": [harder]}})
    assert earning(story, story.buys("b", 100)) == {("differential", "m1"): 20}
    story.publishes({"team": {"ranks": [harder | {"name": "platinum"}]}})
    assert earning(story, story.buys("b", 100)) == {}


TIERS = {"tiers": [{"min_volume_minor": 1000, "rate_bp": 100}, {"min_volume_minor": 5000, "rate_bp": 200}]}


def test_a_month_pays_once_it_is_closed_and_follows_its_volume() -> None:
    story = in_chain(monthly=TIERS)
    order = story.buys("b", 4000)
    story.buys("m1", 1000)
    assert story.total() == 0
    story.closes("2026-01")
    assert earning(story, "month:2026-01:CNY") == {("tier", m): 100 for m in ("m2", "m3", "m4")} | {("tier", "m1"): 40}
    story.refunds(order, 1)  # 4999 · 1 % = 49.99, and 3999 · 1 % = 39.99
    assert set(earning(story, "month:2026-01:CNY").values()) == {50, 40}
    story.refunds(order)
    assert earning(story, "month:2026-01:CNY") == {("tier", m): 10 for m in ("m2", "m3", "m4")} | {("tier", "m1"): 0}


def test_a_late_completion_counts_in_its_month_by_utc() -> None:
    story = in_chain(monthly=TIERS)
    story.closes("2026-01")
    story.buys("b", 3000, at=datetime(2026, 2, 1, 7, 59, tzinfo=timezone(timedelta(hours=8))))
    story.buys("b", 3000, at=datetime(2026, 2, 1, 8, 0, tzinfo=timezone(timedelta(hours=8))))
    assert story.paid("tier") == [30, 30, 30, 30]


def test_the_plan_at_the_closing_decides_for_good() -> None:
    story = in_chain(monthly=TIERS, currencies=["CNY"])
    story.buys("b", 5000, "USD")
    story.buys("b", 5000)
    story.closes("2026-01")
    story.publishes({"monthly": {"tiers": [{"min_volume_minor": 1, "rate_bp": 10000}]}})
    story.closes("2026-01")
    assert story.paid("tier") == [100] * 4
    assert {line.currency for line in story.recount().rewards.values()} == {"CNY"}


def test_over_the_cap_floors_come_first_then_largest_remainders() -> None:
    # 100 + 50 + 30 = 180 over 100: 55 r 100, 27 r 140, 16 r 120; two units left.
    story = in_chain(levels={"levels_bp": [1000, 500, 300]}, max_payout_bp=1000)
    order = story.buys("b", 1000)
    assert commissions(story, order) == {"m1": 55, "m2": 28, "m3": 17}
    # On 500: 50 + 25 + 15 = 90 over 50: 27 r 70, 13 r 80, 8 r 30; two units left.
    story.refunds(order, 500)
    assert commissions(story, order) == {"m1": 28, "m2": 14, "m3": 8}


def test_equal_remainders_go_by_level() -> None:
    # 3 · 100 over 100: 33 each and one unit.
    story = in_chain(levels={"levels_bp": [100, 100, 100]}, max_payout_bp=100)
    assert commissions(story, story.buys("b", 10000)) == {"m1": 34, "m2": 33, "m3": 33}


def test_equal_remainders_go_by_rule_first() -> None:
    # 100 + 100 over floor(1000 · 10.15 %) = 101: 50 r 100 each and one unit.
    story = in_chain(
        three_for_one={"slots_bp": [1000]},
        levels={"levels_bp": [1000]},
        nearest={"count": 1, "rate_bp": 0},
        max_payout_bp=1015,
    )
    story.buys("m1", 1000)
    order = story.buys("b", 1000)
    assert earning(story, order) == {("rebate", "m1"): 51, ("commission", "m1"): 50}


def test_a_smaller_rebate_leaves_more_of_the_cap_to_the_commission() -> None:
    # 500 + 100 over 300: 250 and 50. Half the anchor: 250 + 100 over 300: 214 r 100, 85 r 250; one unit.
    story = in_chain(three_for_one={"slots_bp": [5000, 5000]}, levels={"levels_bp": [1000]}, max_payout_bp=3000)
    anchor = story.buys("m1", 1000)
    order = story.buys("b", 1000)
    assert earning(story, order) == {("rebate", "m1"): 250, ("commission", "m1"): 50}
    story.refunds(anchor, 500)
    assert earning(story, order) == {("rebate", "m1"): 214, ("commission", "m1"): 86}


def test_a_slot_paid_nothing_under_the_cap_is_filled_even_so() -> None:
    story = in_chain(three_for_one={}, max_payout_bp=0)
    anchor, order = story.buys("m1", 100), story.buys("b", 100)
    assert story.recount().rewards == {}
    assert story.recount().slots == {(anchor, 1): order}


def test_the_month_is_outside_of_the_cap() -> None:
    story = in_chain(monthly=TIERS, max_payout_bp=0)
    story.buys("b", 1000, at=NOON)
    story.closes("2026-01")
    assert story.total() == 40
