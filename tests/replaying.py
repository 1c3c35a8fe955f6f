"""Stories told to the replay of `graph/simulation/`, beside the plain recount."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

from graph.events import OrderCompleted, OrderRefunded
from graph.fact_pages import FactPage
from graph.members import MemberId
from graph.orders import OrderId
from graph.plan import PlanHistory, PlanVersion
from graph.plan_document import stored_plan
from graph.refunds import RefundId
from graph.simulation.replay import Forest, Replay

if TYPE_CHECKING:
    from collections.abc import Container

    from story import Story

    Paid = dict[tuple[str, str, str], int]


def page_of(story: Story) -> FactPage:
    page = FactPage()
    orders: dict[str, OrderCompleted] = {}
    bought: set[str] = set()
    for fact in story.facts:
        if fact["kind"] == "month_closed":
            page.add_closing(fact["seq"], fact["month"])
        elif fact["kind"] == "completed":
            buyer, above = fact["member_id"], story.referrers.get(fact["member_id"])
            order = orders[fact["order_id"]] = OrderCompleted(
                seq=fact["seq"],
                order_id=OrderId(fact["order_id"]),
                buyer_id=MemberId(buyer),
                referrer_id=MemberId(above) if above else None,
                net_minor=fact["amount_minor"],
                currency=fact["currency"],
                completed_at=fact["completed_at"],
                first=buyer not in bought,
            )
            bought.add(buyer)
            page.add(order)
        elif fact["kind"] == "refunded":
            order = orders[fact["order_id"]]
            page.add(
                OrderRefunded(
                    fact["seq"],
                    RefundId(fact["refund_id"]),
                    order.order_id,
                    order.buyer_id,
                    order.referrer_id,
                    fact["amount_minor"],
                    order.currency,
                    fact["refunded_at"],
                )
            )
    return page


def plans_of(story: Story) -> PlanHistory:
    documents = [
        (fact["seq"], {"name": "of a story"} | fact["document"]) for fact in story.facts if fact["kind"] == "plan"
    ]
    return PlanHistory(
        [
            PlanVersion(number, seq, stored_plan(json.dumps(document)), json.dumps(document))
            for number, (seq, document) in enumerate(documents, start=1)
        ]
    )


def replayed(story: Story, members: Container[str] | None = None) -> Replay:
    page = page_of(story)
    firsts = {fact.buyer_id: fact.seq for fact in page.facts() if isinstance(fact, OrderCompleted) and fact.first}
    refunded = {fact["order_id"] for fact in story.facts if fact["kind"] == "refunded"}
    replay = Replay(plans_of(story), Forest(story.referrers, firsts), refunded, members)
    for fact in page.facts(members):
        replay.apply(fact)
    return replay


def paid(replay: Replay) -> Paid:
    return {(m, str(rule), currency): minor for (m, rule, currency), minor in replay.sums.paid.items() if minor}


def recounted(story: Story) -> Paid:
    sums: Counter[tuple[str, str, str]] = Counter()
    for (_, rule, member, _, _), line in story.recount().rewards.items():
        sums[member, rule, line.currency] += line.amount_minor
    return {key: minor for key, minor in sums.items() if minor}


def recounted_by_order(story: Story) -> dict[str, int]:
    sums: Counter[str] = Counter()
    for (order_id, rule, *_), line in story.recount().rewards.items():
        if rule != "tier":
            sums[order_id] += line.amount_minor
    return {order_id: minor for order_id, minor in sums.items() if minor}
