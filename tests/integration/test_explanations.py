"""Explanations on the real store: of rewards by every rule, and of what was not paid."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from formulas import assert_exact
from network import NOON, accept, buys, chain, days, joins, number_all, plan, publish, refund, rewards, run_engine
from real_stories import EVERYTHING, Story

from graph.errors import UnknownMember, UnknownOrder
from graph.members import MemberId
from graph.orders import OrderId, OrderStatus, Purchase
from graph.rewards import Rule
from graph.store.adjustments import Wish
from graph.why_not import AT_MOST, RULES

if TYPE_CHECKING:
    from graph.explanation import Explanation
    from graph.reasons import Answer
    from graph.wiring import Services


async def explanation(services: Services, order: str, rule: Rule, beneficiary: str) -> Explanation:
    (reward,) = [
        r for r in await rewards(services) if (r.order_id, r.rule, r.beneficiary_id) == (order, rule, beneficiary)
    ]
    return (await services.explanations.of_rewards([reward.reward_id]))[reward.reward_id]


def whys(answer: Answer, rule: Rule) -> list[str]:
    return [str(reason.why) for reason in answer.reasons if reason.rule is rule]


async def test_a_rebate_with_a_refund_and_a_settlement(store: Services) -> None:
    await accept(store, joins("a"), joins("b", "a"), joins("c", "a"), buys("a", 29_900), buys("b", 5_000))
    await accept(store, buys("c", 700), refund("o-a", 9_900, "r1"))
    await run_engine(store)
    await store.ledger.settle(NOON + days(8))
    await accept(store, refund("o-b", 5_000, "r2"))
    await run_engine(store)
    rebate = await explanation(store, "o-b", Rule.REBATE, "a")
    assert_exact(rebate)
    assert [step.code for step in rebate.steps] == ["ORDER_NET", "ANCHOR", "SLOT_SHARE", "SLOT_BURNT"]
    assert rebate.steps[2].formula == "R(20000*2000/10000) - R(20000*0/10000)"
    told = [(moved.cause.code, moved.change_minor, moved.total_minor) for moved in rebate.movements]
    assert told == [
        ("BY_COMPLETION", 5980, 5980),
        ("BY_REFUND", -1980, 4000),
        ("BY_SETTLEMENT", 0, 4000),
        ("BY_REFUND", -4000, 0),
    ]
    assert rebate.movements[1].cause.values == {"refund_id": "r1", "amount_minor": 9900, "order_id": "o-a"}
    assert rebate.available_at == NOON + days(7)
    second = await explanation(store, "o-c", Rule.REBATE, "a")
    assert_exact(second)
    assert second.steps[2].formula == "R(20000*5000/10000) - R(20000*2000/10000)"


async def test_a_commission_that_compression_brought_down(store: Services) -> None:
    await publish(store, plan(levels={"levels_bp": [1000], "eligible": "has_order", "compression": True}), "levels")
    await accept(store, *chain("top", "mid", "low"), buys("top", 100), buys("low", 12_345), refund("o-low", 45))
    await run_engine(store)
    commission = await explanation(store, "o-low", Rule.COMMISSION, "top")
    assert_exact(commission)
    assert [step.code for step in commission.steps] == ["ORDER_NET", "COMPRESSED", "COMMISSION"]
    assert commission.steps[-1].formula == "R(12300*1000/10000)"
    assert commission.reward.path == ("low", "mid", "top")


async def test_why_four_uplines_got_what_they_got(store: Services) -> None:
    rules = {"three_for_one": {}, "levels": {"levels_bp": [1000, 500], "eligible": "has_order"}}
    await publish(store, plan(**rules), "rules")
    await accept(store, *chain("u4", "u3", "u2", "u1", "b"), buys("u4", 900), buys("u1", 20_000), buys("b", 10_000))
    await run_engine(store)
    order, answers = await store.explanations.why_not("o-b")
    assert (order.order_id, [a.member_id for a in answers]) == ("o-b", ["u1", "u2", "u3", "u4"])
    assert [(r.rule, r.amount_minor) for r in answers[0].got] == [("commission", 1000), ("rebate", 4000)]
    assert whys(answers[1], Rule.COMMISSION) == ["NO_ORDER_BEFORE"]
    assert whys(answers[3], Rule.COMMISSION) == ["BEYOND_LEVELS"]
    assert whys(answers[1], Rule.REBATE) == ["NOT_DIRECT_REFERRER"]
    assert whys(answers[0], Rule.TIER) == ["NO_SUCH_RULE_IN_PLAN"]
    _, (alone,) = await store.explanations.why_not("o-b", "b")
    assert (alone.level, {str(reason.why) for reason in alone.reasons}) == (None, {"NOT_IN_UPLINE"})


async def test_nothing_is_said_of_what_the_engine_has_not_reached(store: Services) -> None:
    await accept(store, *chain("a", "b"), buys("a", 100), buys("b", 100))
    placed = Purchase(OrderId("o-placed"), MemberId("b"), 100, "CNY", OrderStatus.PLACED, None)
    await accept(store, placed)
    for number in (False, True):
        if number:
            await number_all(store)
        _, (answer,) = await store.explanations.why_not("o-b")
        assert whys(answer, Rule.REBATE) == ["NOT_APPLIED_YET"]
        _, (answer,) = await store.explanations.why_not("o-placed")
        assert whys(answer, Rule.REBATE) == ["ORDER_NOT_COMPLETED"]
    with pytest.raises(UnknownOrder):
        await store.explanations.why_not("o-none")
    with pytest.raises(UnknownMember):
        await store.explanations.why_not("o-b", "nobody")
    assert await store.explanations.of_rewards(["0" * 32]) == {}


async def test_a_long_upline_is_answered_a_hundred_at_a_time_and_anybody_by_name(store: Services) -> None:
    names = [f"m{number:03}" for number in range(AT_MOST + 3)]
    await publish(store, plan(levels={"levels_bp": [1000]}), "levels")
    await accept(store, *chain(*names), buys(names[-1], 1000))
    await run_engine(store)
    _, answers = await store.explanations.why_not(f"o-{names[-1]}")
    assert [a.member_id for a in answers] == names[-2:1:-1]
    _, (root,) = await store.explanations.why_not(f"o-{names[-1]}", "m000")
    assert (root.level, whys(root, Rule.COMMISSION)) == (AT_MOST + 2, ["BEYOND_LEVELS"])


@pytest.mark.parametrize("later", [False, True])
async def test_under_every_rule_each_reward_is_exact_and_nobody_without_an_answer(store: Services, later: bool) -> None:
    chance = random.Random(later)
    story = Story(store)
    await story.join(chance, 15)
    if later:
        await publish(store, plan(three_for_one={}, levels={"levels_bp": [1000, 500]}), "first")
        await story.happen(chance, 30)
    await publish(store, plan(**EVERYTHING), "everything")
    await story.live_through_january(chance, 40, 20)
    await store.ledger.settle(datetime.now(UTC))
    found = await store.explanations.of_rewards([reward.reward_id for reward in await rewards(store)])
    assert len(found) > 20
    for explained in found.values():
        assert_exact(explained)
    for order_id in story.left:
        _, answers = await store.explanations.why_not(order_id)
        for answer in answers:
            for rule in RULES:
                earned = sum(reward.amount_minor for reward in answer.got if reward.rule is rule)
                assert bool(earned) is not bool(whys(answer, rule)), (order_id, answer)


async def test_a_hold_and_an_adjustment_give_their_reasons(store: Services) -> None:
    await publish(store, plan(levels={"levels_bp": [1000]}), "levels")
    await accept(store, joins("a"), joins("b", "a"), buys("b", 1000))
    await run_engine(store)
    (reward,) = await rewards(store)
    await store.desk.holds.hold([reward.reward_id], "h-1", "rae", "looks like a ring")
    await accept(store, refund("o-b", 500))
    await run_engine(store)
    held = await explanation(store, "o-b", Rule.COMMISSION, "a")
    assert_exact(held)
    assert held.held_by
    assert held.held_by.values == {"key": "h-1", "reason": "looks like a ring"}
    assert [moved.cause.code for moved in held.movements] == ["BY_COMPLETION", "BY_HOLD", "BY_REFUND"]
    await store.desk.adjustments.adjust(Wish("adj-1", "a", "CNY", -300, "paid twice"), "fin")
    adjusted = await explanation(store, "adj-1", Rule.ADJUSTMENT, "a")
    assert_exact(adjusted)
    assert (adjusted.steps[0].values["reason"], adjusted.version, adjusted.order) == ("paid twice", None, None)
    assert len((await store.explanations.why_not("o-b"))[1][0].got) == 1
