"""`threefold explain`: how a reward came to its amount, and why somebody earned nothing of an order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from graph.commands.console import AsJson, Lang, language_of_the_user, say, with_services
from graph.desk_errors import UnknownReward
from graph.errors import InvalidInput
from graph.explanation_texts import reason_text, rule_text, step_text, words
from graph.money import formatted
from graph.times import shown
from graph.why_not import AT_MOST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graph.explanation import Explanation, Step
    from graph.languages import Language
    from graph.ledger import PostedReward
    from graph.orders import Order
    from graph.reasons import Answer
    from graph.wiring import Services

RewardId = Annotated[str | None, typer.Argument(help="The id of a reward, as `export rewards` gives it.")]
OfOrder = Annotated[str | None, typer.Option("--order", help="An order: what its buyer's upline got, and why not.")]
OfMember = Annotated[str | None, typer.Option("--member", help="Only this member; without it the nearest 100.")]


def explain(
    reward_id: RewardId = None,
    order: OfOrder = None,
    member: OfMember = None,
    lang: Lang = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Explain a reward to the last fen, or what an order did not pay to whom."""
    language = lang or language_of_the_user()
    if reward_id is not None and order is None and member is None:
        explanation = with_services(lambda services: _reward(services, reward_id))
        say("\n".join(_printed(explanation, language)), _payload(explanation, language), as_json=as_json)
    elif reward_id is None and order is not None:
        of_order, answers = with_services(lambda services: services.explanations.why_not(order, member))
        text = "\n".join(_answered(of_order, answers, language, all_asked=member is None))
        payload = [_answer_payload(answer, of_order.currency, language) for answer in answers]
        say(text, {"order_id": of_order.order_id, "members": payload}, as_json=as_json)
    else:
        raise InvalidInput("reward_id", "Give a reward's id, or --order with or without --member.", code="BAD_FILTER")


async def _reward(services: Services, reward_id: str) -> Explanation:
    explanation = (await services.explanations.of_rewards([reward_id])).get(reward_id)
    if explanation is None:
        raise UnknownReward(reward_id)
    return explanation


def _printed(explanation: Explanation, language: Language) -> Iterator[str]:
    reward = explanation.reward
    currency = reward.currency
    yield _line("REWARD", reward, language, member_id=reward.beneficiary_id)
    version = explanation.version
    named: dict[str, str | int] = {"plan_version": version.version, "name": version.plan.name} if version else {}
    yield "  " + words("PLAN" if version else "NO_PLAN", currency, language, **named)
    yield "  " + words("PATH", currency, language, path=" → ".join(reward.path))
    at = shown(explanation.available_at) if explanation.available_at else None
    cause = step_text(explanation.held_by, currency, language) if explanation.held_by else None
    yield "  " + words(reward.state.name, currency, language, at=at, cause=cause)
    for number, step in enumerate(explanation.steps, 1):
        amount = "" if step.amount_minor is None else f"  {step.formula} = {formatted(step.amount_minor, currency)}"
        yield f"{number:3}. {step_text(step, currency, language)}{amount}"
    yield words("ENTRIES", currency, language)
    for moved in explanation.movements:
        cause = step_text(moved.cause, currency, language)
        total = formatted(moved.total_minor, currency)
        yield f"  {shown(moved.entry.at)}  {formatted(moved.change_minor, currency):>14} → {total:>14}  {cause}"


def _answered(order: Order, answers: list[Answer], language: Language, *, all_asked: bool) -> Iterator[str]:
    currency = order.currency
    yield words(
        "ORDER", currency, language, order_id=order.order_id, buyer_id=order.member_id, net_minor=order.net_minor
    )
    for answer in answers:
        code = "OUTSIDE" if answer.level is None else "MEMBER"
        yield words(code, currency, language, member_id=answer.member_id, level=answer.level)
        for reward in answer.got:
            yield "  " + _line("GOT", reward, language)
        said: dict[str, list[str]] = {}
        for reason in answer.reasons:
            said.setdefault(reason_text(reason, currency, language), []).append(rule_text(reason.rule, language))
        for text, rules in said.items():
            yield "  " + words("NOT", currency, language, rules=tuple(dict.fromkeys(rules)), text=text)
    if not answers:
        yield words("NOBODY", currency, language)
    if all_asked and len(answers) == AT_MOST:
        yield words("AT_MOST", currency, language, count=AT_MOST)


def _line(code: str, reward: PostedReward, language: Language, **more: str) -> str:
    values = {"rule": rule_text(reward.rule, language), "reward_id": reward.reward_id} | more
    return words(code, reward.currency, language, amount_minor=reward.amount_minor, **values)


def _payload(explanation: Explanation, language: Language) -> dict[str, Any]:
    reward, currency = explanation.reward, explanation.reward.currency
    return _reward_payload(reward) | {
        "order_id": reward.order_id,
        "beneficiary_id": reward.beneficiary_id,
        "path": reward.path,
        "plan_version": explanation.version.version if explanation.version else None,
        "plan": explanation.version.plan.name if explanation.version else None,
        "anchor_order_id": reward.anchor_order_id,
        "slot": reward.slot,
        "level": reward.level,
        "base_minor": reward.base_minor,
        "available_at": shown(explanation.available_at) if explanation.available_at else None,
        "held_by": _step_payload(explanation.held_by, currency, language) if explanation.held_by else None,
        "steps": [_step_payload(step, currency, language) for step in explanation.steps],
        "entries": [
            {
                "entry_id": moved.entry.entry_id,
                "at": shown(moved.entry.at),
                "debit": moved.entry.debit,
                "credit": moved.entry.credit,
                "moved_minor": moved.entry.amount_minor,
                "change_minor": moved.change_minor,
                "total_minor": moved.total_minor,
                "cause": _step_payload(moved.cause, currency, language),
            }
            for moved in explanation.movements
        ],
    }


def _step_payload(step: Step, currency: str, language: Language) -> dict[str, Any]:
    return {
        "code": step.code,
        "text": step_text(step, currency, language),
        "values": step.values,
        "formula": step.formula,
        "amount_minor": step.amount_minor,
    }


def _answer_payload(answer: Answer, currency: str, language: Language) -> dict[str, Any]:
    reasons = [
        {
            "rule": reason.rule,
            "code": reason.why,
            "text": reason_text(reason, currency, language),
            "values": reason.values,
        }
        for reason in answer.reasons
    ]
    got = [_reward_payload(reward) for reward in answer.got]
    return {"member_id": answer.member_id, "level": answer.level, "got": got, "reasons": reasons}


def _reward_payload(reward: PostedReward) -> dict[str, Any]:
    return {
        "reward_id": reward.reward_id,
        "rule": reward.rule,
        "amount_minor": reward.amount_minor,
        "currency": reward.currency,
        "state": reward.state,
    }
