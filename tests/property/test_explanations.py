"""Any small network under any plan: every amount is explained exactly, and nobody is left without an answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from engine_stories import members, stories
from examples import examples
from formulas import assert_exact
from hypothesis import given, settings
from whole_engine import WholeEngine

from graph.explaining import explained
from graph.explanation_texts import reason_text, step_text
from graph.languages import Language
from graph.members import MemberId
from graph.why_not import RULES, answers

if TYPE_CHECKING:
    from story import Story


def told(story: Story) -> WholeEngine:
    referrers = {member: story.referrers.get(member) for member in members}
    engine = WholeEngine(json.dumps(story.facts[0]["document"]), referrers)
    for fact in story.facts[1:]:
        if fact["kind"] == "plan":
            engine.publish(json.dumps(fact["document"]))
        elif fact["kind"] == "month_closed":
            engine.closes(fact["month"])
        elif fact["kind"] == "refunded":
            engine.refunds(fact["order_id"], fact["amount_minor"], fact["refunded_at"])
        else:
            order = {"order_id": fact["order_id"], "currency": fact["currency"], "at": fact["completed_at"]}
            engine.buys(fact["member_id"], fact["amount_minor"], **order)
    return engine


@settings(max_examples=examples(300), deadline=None)
@given(engine=stories.map(told))
def test_the_steps_of_every_reward_work_out_to_its_amount(engine: WholeEngine) -> None:
    for reward_id in engine.postings.rewards:
        explanation = explained(engine.evidence(reward_id))
        assert_exact(explanation)
        for language in Language:
            for step in (*explanation.steps, *(moved.cause for moved in explanation.movements)):
                assert "?" not in step_text(step, "CNY", language), step


@settings(max_examples=examples(300), deadline=None)
@given(engine=stories.map(told))
def test_nobody_is_left_without_an_answer(engine: WholeEngine) -> None:
    for order_id in engine.sequence.orders:
        occasion = engine.occasion(order_id)
        above = [ancestor.member_id for ancestor in occasion.upline]
        for answer in answers(occasion, [*above, MemberId("nobody")]):
            for rule in RULES:
                earned = sum(reward.amount_minor for reward in answer.got if reward.rule is rule)
                reasons = [reason for reason in answer.reasons if reason.rule is rule]
                assert bool(earned) is not bool(reasons), (order_id, answer.member_id, rule)
                for reason in reasons:
                    for language in Language:
                        assert "?" not in reason_text(reason, "CNY", language), reason
