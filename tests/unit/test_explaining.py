"""The steps of an explanation, rule by rule, and the causes of its entries."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from formulas import assert_exact
from pure_engine import NOON
from whole_engine import WholeEngine

from graph.adjustments import Adjustment, AdjustmentStatus, posting
from graph.explaining import explained
from graph.explanation import Evidence
from graph.ledger import Account, Entry, PostedReward, RewardState
from graph.members import MemberId
from graph.movements import movements
from graph.rewards import Rule

if TYPE_CHECKING:
    from graph.explanation import Explanation


def shop(**rules: Any) -> WholeEngine:
    """A referred b, c, d, e; e referred f."""
    engine = WholeEngine(json.dumps({"name": "a plan", "acknowledge_multi_level": True, **rules}))
    engine.refers("A", *"bcde")
    engine.refers("e", "f")
    return engine


def evidence(engine: WholeEngine, order: str, rule: Rule, member: str = "A") -> Evidence:
    (found,) = [r.reward_id for r in engine.rewards if (r.order_id, r.rule, r.beneficiary_id) == (order, rule, member)]
    return engine.evidence(found)


def why(engine: WholeEngine, order: str, rule: Rule, member: str = "A") -> Explanation:
    explanation = explained(evidence(engine, order, rule, member))
    assert_exact(explanation)
    return explanation


def steps(explanation: Explanation) -> list[str]:
    return [str(step.code) for step in explanation.steps]


def test_a_rebate_is_the_difference_of_cumulative_shares() -> None:
    engine = shop(three_for_one={})
    engine.buys("A", 9999)
    for referee in "bcd":
        engine.buys(referee, 100, order_id=f"o-{referee}")
    third = why(engine, "o-d", Rule.REBATE)
    assert steps(third) == ["ORDER_NET", "ANCHOR", "SLOT_SHARE"]
    assert third.steps[-1].formula == "R(9999*10000/10000) - R(9999*5000/10000)"
    assert (third.steps[-1].values["slot"], third.reward.amount_minor) == (3, 4999)


def test_a_share_of_the_referral_is_cut_by_the_cap_of_the_anchor() -> None:
    engine = shop(three_for_one={"base": "referee"})
    engine.buys("A", 29900)
    for referee, amount in (("b", 19900), ("c", 29900), ("d", 59900)):
        engine.buys(referee, amount, order_id=f"o-{referee}")
    third = why(engine, "o-d", Rule.REBATE)
    assert steps(third) == ["ORDER_NET", "ANCHOR", "SLOT_DUE", "GRANTED"]
    assert [step.amount_minor for step in third.steps[2:]] == [29950, 16950]


def test_the_slots_filled_last_are_cut_first_when_the_anchor_is_refunded_in_part() -> None:
    engine = shop(three_for_one={"base": "min", "slots_bp": [5000, 5000]})
    engine.buys("A", 1000, order_id="own")
    engine.buys("b", 800, order_id="o-b")
    engine.buys("c", 900, order_id="o-c")
    engine.refunds("own", 500)
    assert [step.formula for step in why(engine, "o-c", Rule.REBATE).steps][2:] == ["R(min(900, 500)*5000/10000)"]
    engine.refunds("own")
    assert steps(why(engine, "o-c", Rule.REBATE))[-1] == "ANCHOR_REFUNDED"


def test_refunds_of_the_referral() -> None:
    for policy, last in (("burn", "SLOT_BURNT"), ("refill", "SLOT_REOPENED")):
        engine = shop(three_for_one={"refund_policy": policy})
        engine.buys("A", 1000)
        engine.buys("b", 100, order_id="q")
        engine.refunds("q")
        assert steps(why(engine, "q", Rule.REBATE))[-1] == last


def test_a_slot_that_opened_again_holds_the_others_back() -> None:
    engine = shop(three_for_one={"mode": "threshold", "refund_policy": "refill", "slots_bp": [5000, 5000]})
    engine.buys("A", 1000)
    engine.buys("b", 100, order_id="o-b")
    engine.buys("c", 100, order_id="o-c")
    engine.refunds("o-c")
    first = why(engine, "o-b", Rule.REBATE)
    assert steps(first)[-1] == "THRESHOLD_OPEN"
    causes = [(moved.cause.code, moved.cause.values.get("order_id")) for moved in first.movements]
    assert causes == [("BY_COMPLETION", "o-c"), ("BY_REFUND", "o-c")]


def test_ranks_name_who_was_paid_below() -> None:
    ranks = [
        {"name": name, "min_direct": 0, "min_team_volume_minor": 10**9, "rate_bp": rate}
        for name, rate in (("V1", 500), ("V2", 1000))
    ]
    engine = WholeEngine(
        json.dumps({"name": "ranks", "acknowledge_multi_level": True, "team": {"ranks": ranks, "peer_bp": 1000}})
    )
    for above, below in (("u3", "u2"), ("u2", "u1"), ("u1", "b")):
        engine.refers(above, below)
    held = {"u1": "V1", "u2": "V2", "u3": "V2"}
    engine.sequence.standings.ranks.update({(member, "CNY"): {name: 0} for member, name in held.items()})
    engine.buys("b", 1000, order_id="q")
    assert steps(why(engine, "q", Rule.DIFFERENTIAL, "u1")) == ["ORDER_NET", "DIFFERENTIAL"]
    _, below, bonus = why(engine, "q", Rule.DIFFERENTIAL, "u2").steps
    assert below.values == {"member_id": "u1", "rank": "V1", "rate_bp": 500}
    assert (bonus.values["rank"], bonus.formula) == ("V2", "R(1000*1000/10000) - R(1000*500/10000)")
    _, below, peer = why(engine, "q", Rule.PEER, "u3").steps
    assert below.values == {"member_id": "u2", "rank": "V2", "rate_bp": 1000}
    assert (peer.values["bonus_minor"], peer.amount_minor) == (50, 5)


def test_nearest_says_the_how_manieth() -> None:
    engine = shop(nearest={"count": 2, "rate_bp": 100})
    engine.buys("f", 1000, order_id="q")
    assert why(engine, "q", Rule.NEAREST).steps[-1].values["place"] == 2
    engine = shop(nearest={"count": 1, "fixed_minor": 50}, currencies=["CNY"])
    engine.buys("b", 1000, order_id="q")
    engine.refunds("q", 500)
    assert why(engine, "q", Rule.NEAREST).steps[-1].formula == "R(50*500/1000)"


def test_a_tier_has_no_order() -> None:
    engine = shop(monthly={"tiers": [{"min_volume_minor": 100, "rate_bp": 100}]})
    engine.buys("b", 1000, order_id="q")
    engine.closes("2026-01")
    tier = why(engine, "month:2026-01:CNY", Rule.TIER)
    assert (tier.order, steps(tier), tier.steps[0].formula) == (None, ["TIER"], "R(1000*100/10000)")
    assert [moved.cause.code for moved in tier.movements] == ["BY_MONTH"]
    engine.refunds("q")
    assert steps(why(engine, "month:2026-01:CNY", Rule.TIER)) == ["NO_TIER"]


def test_the_cap_of_an_order_cuts_by_largest_remainder() -> None:
    engine = shop(levels={"levels_bp": [700, 300]}, max_payout_bp=500)
    engine.buys("f", 1010, order_id="q")
    first = why(engine, "q", Rule.COMMISSION, "e")
    assert steps(first) == ["ORDER_NET", "COMMISSION", "ORDER_CAP", "CUT_BY_CAP"]
    assert first.steps[2].formula == "floor(1010*500/10000)"
    cut = [why(engine, "q", Rule.COMMISSION, member).steps[-1] for member in ("e", "A")]
    assert sum(step.amount_minor or 0 for step in cut) == 50
    engine = shop(levels={"levels_bp": [700, 300]}, max_payout_bp=5000)
    engine.buys("f", 1010, order_id="q")
    assert steps(why(engine, "q", Rule.COMMISSION, "e")) == ["ORDER_NET", "COMMISSION", "WITHIN_CAP"]


def test_what_holds_a_reward_back_is_named() -> None:
    engine = shop(levels={"levels_bp": [1000]})
    engine.buys("b", 1000, order_id="q")
    found = evidence(engine, "q", Rule.COMMISSION)
    (entry,) = found.entries
    review = Entry(
        entry.reward_id, "hold:ring 7", entry.beneficiary_id, Account.PENDING, Account.HELD, 100, "CNY", entry.at
    )
    held = replace(
        found,
        reward=replace(found.reward, state=RewardState.HELD),
        entries=[review, entry],
        holds={"ring 7": "looks like a ring"},
    )
    explanation = explained(held)
    assert explanation.available_at is None
    assert explanation.held_by
    assert explanation.held_by.values == {"key": "ring 7", "reason": "looks like a ring"}


def test_what_moved_the_money_on_stands_where_the_accounts_of_the_facts_say() -> None:
    engine = shop(levels={"levels_bp": [1000]})
    engine.buys("b", 1000, order_id="q")
    engine.refunds("q", 100)
    engine.refunds("q", 200)
    found = evidence(engine, "q", Rule.COMMISSION)
    accrual, first, second = found.entries
    made = partial(replace, accrual, amount_minor=90)
    hold = made(cause="hold:h", debit=Account.PENDING, credit=Account.HELD)
    release = made(cause="release:h", debit=Account.HELD, credit=Account.PENDING, at=NOON + timedelta(days=9))
    settled = made(cause="settlement", debit=Account.PENDING, credit=Account.AVAILABLE, at=NOON + timedelta(days=7))
    paid = made(cause="payout:p", debit=Account.AVAILABLE, credit=Account.PAID, at=NOON + timedelta(days=20))
    during, late = replace(first, debit=Account.HELD), replace(second, debit=Account.AVAILABLE)
    listed = movements(replace(found, entries=[paid, late, settled, during, release, accrual, hold]))
    assert [moved.entry.cause.partition(":")[0] for moved in listed] == [
        "completion",
        "hold",
        "refund",
        "release",
        "settlement",
        "refund",
        "payout",
    ]
    assert [moved.total_minor for moved in listed] == [100, 100, 90, 90, 90, 70, 70]


def test_an_adjustment_is_under_no_plan() -> None:
    made = Adjustment("adj-1", MemberId("A"), "CNY", -500, "goodwill taken back", "zoe", NOON, AdjustmentStatus.POSTED)
    reward = made.reward(NOON, 0)
    values = {field.name: getattr(reward, field.name) for field in fields(reward)}
    posted = PostedReward(**values, amount_minor=-500, state=RewardState.AVAILABLE)
    plans = shop().plans
    explanation = explained(Evidence(reward=posted, plans=plans, entries=[posting(reward, NOON)], adjustment=made))
    assert_exact(explanation)
    assert (explanation.version, steps(explanation)) == (None, ["ADJUSTMENT"])
    assert explanation.steps[0].values["reason"] == "goodwill taken back"
