"""Every reason for which somebody earns nothing of an order, with its numbers."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pure_engine import NOON
from whole_engine import WholeEngine

from graph.anchors import Refusal
from graph.members import MemberId
from graph.orders import OrderStatus
from graph.rewards import Rule
from graph.why_not import RULES, Occasion, answers

NUMBERS = dict[str, Any]


def shop(**rules: Any) -> WholeEngine:
    """A referred b, c, d, e; e referred f."""
    engine = WholeEngine(json.dumps({"name": "a plan", "acknowledge_multi_level": True, **rules}))
    engine.refers("A", *"bcde")
    engine.refers("e", "f")
    return engine


def why(source: WholeEngine | Occasion, rule: Rule, member: str = "A", order: str = "q") -> list[tuple[str, NUMBERS]]:
    occasion = source.occasion(order) if isinstance(source, WholeEngine) else source
    (answer,) = answers(occasion, [MemberId(member)])
    return [(str(reason.why), dict(reason.values)) for reason in answer.reasons if reason.rule is rule]


def codes(source: WholeEngine | Occasion, rule: Rule, member: str = "A", order: str = "q") -> list[str]:
    return [code for code, _ in why(source, rule, member, order)]


def test_who_is_not_above_the_buyer() -> None:
    engine = shop(levels={"levels_bp": [1000]})
    engine.buys("b", 100, order_id="q")
    for rule in RULES:
        assert why(engine, rule, "c") == [("NOT_IN_UPLINE", {"buyer_id": "b"})]


def test_what_no_rule_gives() -> None:
    engine = shop(team={"ranks": [rank("V1", 0)], "peer_bp": 0})
    engine.buys("b", 100, order_id="q")
    for rule in {*RULES} - {Rule.DIFFERENTIAL}:
        assert why(engine, rule) == [("NO_SUCH_RULE_IN_PLAN", {"plan_version": 1})]


def test_a_currency_that_the_plan_does_not_cover() -> None:
    engine = shop(levels={"levels_bp": [1000]}, three_for_one={}, currencies=["CNY"])
    engine.buys("b", 100, order_id="q", currency="USD")
    for rule in (Rule.COMMISSION, Rule.REBATE):
        assert why(engine, rule) == [("CURRENCY_NOT_COVERED", {"plan_version": 1, "currency": "USD"})]


def test_an_order_that_was_not_completed_or_not_reached() -> None:
    engine = shop(levels={"levels_bp": [0]})
    engine.buys("b", 100, order_id="q")
    occasion = engine.occasion("q")
    assert codes(replace(occasion, upline_paid=False), Rule.COMMISSION) == ["NOT_APPLIED_YET"]
    assert codes(replace(occasion, completion=None), Rule.COMMISSION) == ["NOT_APPLIED_YET"]
    placed = replace(occasion.order, status=OrderStatus.PLACED, completed_at=None)
    refused = why(replace(occasion, completion=None, order=placed), Rule.COMMISSION)
    assert refused == [("ORDER_NOT_COMPLETED", {"status": "placed"})]


def test_levels() -> None:
    engine = shop(levels={"levels_bp": [1000]})
    engine.buys("f", 4, order_id="q")
    assert why(engine, Rule.COMMISSION) == [("BEYOND_LEVELS", {"level": 2, "levels": 1})]
    assert why(engine, Rule.COMMISSION, "e") == [("ROUNDS_TO_ZERO", {"net_minor": 4, "rate_bp": 1000})]


def test_levels_only_for_those_who_bought() -> None:
    engine = shop(levels={"levels_bp": [1000], "eligible": "has_order"})
    engine.buys("f", 1000, order_id="q")
    assert codes(engine, Rule.COMMISSION, "e") == ["NO_ORDER_BEFORE"]


def test_a_level_that_goes_to_the_next_above() -> None:
    engine = shop(levels={"levels_bp": [1000], "eligible": "has_order", "compression": True})
    engine.buys("A", 1000)
    engine.buys("f", 1000, order_id="q")
    taken = ("LEVEL_TAKEN_BY", {"level": 1, "member_id": "A"})
    assert why(engine, Rule.COMMISSION, "e") == [("NO_ORDER_BEFORE", {}), taken]
    assert why(engine, Rule.COMMISSION) == []


def test_nearest() -> None:
    engine = shop(nearest={"count": 1, "rate_bp": 1}, currencies=["CNY"])
    engine.buys("f", 4, order_id="q")
    assert why(engine, Rule.NEAREST) == [("BEYOND_NEAREST", {"count": 1, "last_id": "e"})]
    assert why(engine, Rule.NEAREST, "e") == [("ROUNDS_TO_ZERO", {"net_minor": 4, "rate_bp": 1})]
    engine = shop(nearest={"count": 1, "fixed_minor": 5, "eligible": "has_order"}, currencies=["CNY"])
    engine.buys("e", 100)
    engine.buys("f", 100, order_id="q")
    engine.refunds("q", 95)
    assert codes(engine, Rule.NEAREST, "e") == ["FIXED_ROUNDS_TO_ZERO"]
    assert codes(engine, Rule.NEAREST) == ["BEYOND_NEAREST"]
    engine.buys("b", 100, order_id="of b")
    assert codes(engine, Rule.NEAREST, order="of b") == ["NO_ORDER_BEFORE"]


def test_what_was_paid_went_back_with_the_order() -> None:
    engine = shop(levels={"levels_bp": [1000]})
    engine.buys("b", 100, order_id="q")
    assert why(engine, Rule.COMMISSION) == []
    engine.refunds("q")
    assert why(engine, Rule.COMMISSION) == [("ORDER_REFUNDED", {"order_id": "q"})]


def test_what_the_cap_of_the_order_cut_to_nothing() -> None:
    engine = shop(levels={"levels_bp": [1000, 100]}, max_payout_bp=100)
    engine.buys("f", 100, order_id="q")
    assert why(engine, Rule.COMMISSION) == [("CUT_BY_CAP", {"worth_minor": 1, "total_minor": 11, "cap_minor": 1})]


def rank(name: str, rate_bp: int, volume: int = 0) -> dict[str, Any]:
    return {"name": name, "min_direct": 0, "min_team_volume_minor": volume, "rate_bp": rate_bp}


def ladder(**team: Any) -> WholeEngine:
    """u5 referred u4 … u1, who referred b. Ranks are set by hand."""
    engine = WholeEngine(json.dumps({"name": "ranks", "acknowledge_multi_level": True, "team": team}))
    for above, below in (("u5", "u4"), ("u4", "u3"), ("u3", "u2"), ("u2", "u1"), ("u1", "b")):
        engine.refers(above, below)
    return engine


def test_ranks() -> None:
    ranks = [rank("V0", 0, 10**9), rank("V1", 500, 10**9), rank("V2", 1000, 10**9), rank("V3", 1000, 10**9)]
    engine = ladder(ranks=ranks, peer_bp=1000)
    held = {"u1": "V2", "u2": "V1", "u3": "V3", "u4": "V2"}
    engine.sequence.standings.ranks.update({(member, "CNY"): {name: 0} for member, name in held.items()})
    engine.buys("b", 1000, order_id="q")
    paid = {"paid_bp": 1000, "paid_to": "u1"}
    assert why(engine, Rule.DIFFERENTIAL, "u1") == []
    assert why(engine, Rule.DIFFERENTIAL, "u2") == [("RATE_NOT_ABOVE_PAID", {"rank": "V1", "rate_bp": 500} | paid)]
    assert why(engine, Rule.DIFFERENTIAL, "u3") == [("RATE_NOT_ABOVE_PAID", {"rank": "V3", "rate_bp": 1000} | paid)]
    assert codes(engine, Rule.DIFFERENTIAL, "u5") == codes(engine, Rule.PEER, "u5") == ["NO_RANK"]
    assert codes(engine, Rule.PEER, "u1") == ["NO_BONUS_BELOW"]
    assert why(engine, Rule.PEER, "u2") == [("NOT_A_PEER", {"winner_id": "u1", "rank": "V1", "winner_rank": "V2"})]
    assert why(engine, Rule.PEER, "u4") == [("HIGHER_RANK_BETWEEN", {"winner_id": "u1", "member_id": "u3"})]


def test_a_rank_without_a_rate_and_a_peer_too_many() -> None:
    engine = ladder(ranks=[rank("V0", 0, 10**9), rank("V1", 500, 10**9)], peer_bp=1000)
    held = {"u1": "V0", "u2": "V1", "u3": "V1", "u4": "V1"}
    engine.sequence.standings.ranks.update({(member, "CNY"): {name: 0} for member, name in held.items()})
    engine.buys("b", 1000, order_id="q")
    assert why(engine, Rule.DIFFERENTIAL, "u1") == [("RANK_WITHOUT_RATE", {"rank": "V0"})]
    assert why(engine, Rule.PEER, "u3") == []
    assert why(engine, Rule.PEER, "u4") == [("PEER_TAKEN_BY", {"winner_id": "u2", "member_id": "u3"})]


def test_a_rank_counts_from_the_order_after_the_one_that_brought_it() -> None:
    engine = ladder(ranks=[rank("V1", 500, 1000)], peer_bp=0)
    engine.buys("b", 1000, order_id="q")
    engine.buys("b", 1000, order_id="next")
    assert codes(engine, Rule.DIFFERENTIAL, "u1", "q") == ["NO_RANK"]
    assert codes(engine, Rule.DIFFERENTIAL, "u1", "next") == []
    assert codes(engine, Rule.DIFFERENTIAL, "u2", "next") == ["RATE_NOT_ABOVE_PAID"]


def test_a_rank_that_earlier_facts_brought_counts_at_the_first_order_under_its_plan() -> None:
    engine = ladder(ranks=[rank("V1", 500, 10**9)])
    engine.buys("b", 1000)
    engine.publish(
        json.dumps({"name": "ranks", "acknowledge_multi_level": True, "team": {"ranks": [rank("W1", 500, 1000)]}})
    )
    engine.buys("b", 1000, order_id="q")
    assert codes(engine, Rule.DIFFERENTIAL, "u1") == []
    assert codes(engine, Rule.DIFFERENTIAL, "u2") == ["RATE_NOT_ABOVE_PAID"]


def test_rebates_go_to_the_direct_referrer() -> None:
    engine = shop(three_for_one={})
    engine.buys("A", 1000)
    engine.buys("f", 100, order_id="q")
    assert why(engine, Rule.REBATE) == [("NOT_DIRECT_REFERRER", {"referrer_id": "e", "level": 2})]
    assert why(engine, Rule.REBATE, "e") == [("NO_OWN_ORDER_BEFORE", {"currency": "CNY"})]


def test_orders_that_are_no_referrals() -> None:
    engine = shop(three_for_one={"min_order_minor": 50})
    engine.buys("A", 1000)
    engine.buys("b", 49, order_id="small")
    engine.buys("b", 100, order_id="q")
    small = {"net_minor": 49, "min_order_minor": 50}
    assert why(engine, Rule.REBATE, order="small") == [("TOO_SMALL", small)]
    assert why(engine, Rule.REBATE) == [("NOT_FIRST_ORDER", {"first_order_id": "small", "buyer_id": "b"})]


def test_anchors_that_take_nothing_each_for_its_reason() -> None:
    engine = shop(three_for_one={"slots_bp": [5000, 5000], "window_days": 5, "max_cycles": 1})
    engine.buys("A", 1000, order_id="dollars", currency="USD")
    engine.buys("A", 1000, order_id="full")
    engine.buys("b", 100, order_id="o-b")
    engine.buys("c", 100, order_id="o-c")
    engine.buys("A", 1000, order_id="refunded")
    engine.refunds("refunded")
    engine.buys("A", 1000, order_id="far", at=NOON - timedelta(days=6))
    engine.buys("A", 1000, order_id="fresh")
    engine.buys("d", 100, order_id="q")
    assert why(engine, Rule.REBATE) == [
        ("ALL_SLOTS_TAKEN", {"anchor_order_id": "full", "orders": ("o-b", "o-c")}),
        ("ANCHOR_REFUNDED", {"anchor_order_id": "refunded"}),
        ("OUTSIDE_WINDOW", {"anchor_order_id": "far", "window_days": 5, "apart": "6 days, 0:00:00"}),
        ("MAX_CYCLES", {"anchor_order_id": "fresh", "max_cycles": 1}),
    ]


def test_a_referral_that_waits_or_left_while_it_waited() -> None:
    engine = shop(three_for_one={"bank": "keep", "slots_bp": [5000]})
    engine.buys("b", 100, order_id="q")
    assert codes(engine, Rule.REBATE) == ["WAITS_IN_BANK", "NO_OWN_ORDER_BEFORE"]
    engine.refunds("q")
    assert codes(engine, Rule.REBATE) == ["REFUNDED_IN_BANK"]
    engine.buys("c", 100, order_id="filled later")
    engine.buys("A", 1000)
    assert codes(engine, Rule.REBATE, order="filled later") == []


def test_slots_that_are_not_due_together_yet() -> None:
    engine = shop(three_for_one={"mode": "threshold"})
    engine.buys("A", 1000, order_id="own")
    engine.buys("b", 100, order_id="q")
    engine.buys("c", 100)
    assert why(engine, Rule.REBATE) == [("THRESHOLD_OPEN", {"anchor_order_id": "own", "filled": 2, "slots": 3})]
    engine.buys("d", 100)
    assert why(engine, Rule.REBATE) == []


@pytest.mark.parametrize(
    ("policy", "code"), [("burn", "SLOT_BURNT"), ("shift", "SLOT_REOPENED"), ("refill", "SLOT_REOPENED")]
)
def test_a_referral_refunded_in_full(policy: str, code: str) -> None:
    engine = shop(three_for_one={"refund_policy": policy})
    engine.buys("A", 1000)
    engine.buys("b", 100, order_id="q")
    engine.refunds("q")
    assert codes(engine, Rule.REBATE) == [code]


def test_an_own_order_refunded_in_full_and_a_slot_worth_nothing() -> None:
    engine = shop(three_for_one={"slots_bp": [0, 5000]})
    engine.buys("A", 1000, order_id="own")
    engine.buys("b", 100, order_id="q")
    engine.buys("c", 100, order_id="second")
    assert codes(engine, Rule.REBATE) == ["SLOT_WORTH_ZERO"]
    assert codes(engine, Rule.REBATE, order="second") == []
    engine.refunds("own")
    assert why(engine, Rule.REBATE, order="second") == [("ANCHOR_REFUNDED", {"anchor_order_id": "own"})]


def test_months() -> None:
    engine = shop(
        monthly={"tiers": [{"min_volume_minor": 100, "rate_bp": 1}, {"min_volume_minor": 9000, "rate_bp": 100}]}
    )
    engine.buys("f", 99, order_id="q")
    assert why(engine, Rule.TIER) == [("MONTH_NOT_CLOSED", {"month": "2026-01"})]
    engine.closes("2026-01")
    below = {"month": "2026-01", "volume_minor": 99, "min_volume_minor": 100}
    assert why(engine, Rule.TIER) == [("BELOW_TIERS", below)]
    engine.buys("f", 101)
    assert why(engine, Rule.TIER) == [("ROUNDS_TO_ZERO", {"net_minor": 200, "rate_bp": 1})]
    engine.buys("f", 8800)
    ((code, numbers),) = why(engine, Rule.TIER)
    assert (code, numbers["volume_minor"], numbers["amount_minor"]) == ("PAID_BY_MONTH", 9000, 90)


def test_an_anchor_says_no_exactly_when_it_is_not_open() -> None:
    engine = shop(three_for_one={"slots_bp": [5000], "window_days": 1})
    engine.buys("A", 1000)
    referral = engine.occasion("o1").completion
    book = engine._scope("A").book  # noqa: SLF001
    (anchor,) = book.anchors
    assert referral
    for changed, refusal in (
        (referral, None),
        (replace(referral, currency="USD"), Refusal.OTHER_CURRENCY),
        (replace(referral, completed_at=NOON + timedelta(days=2)), Refusal.OUTSIDE_WINDOW),
    ):
        assert anchor.refusal(changed) is refusal
        assert anchor.open_to(changed) is (refusal is None)
