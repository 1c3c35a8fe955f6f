"""What each accepted fact means for one scope. The table at the foot is the map of the engine.

An order touches two scopes, and each takes its own part: the buyer's pays the upline and gains an anchor, the
referrer's may have a slot filled. A refund touches the same two. Each handler answers with what the rewards that
the fact changes are worth now; `graph/postings.py` turns that into entries.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from graph.commissions import commissions, nearest
from graph.events import OrderCompleted, OrderRefunded
from graph.rewards import OF_THE_ORDER

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from graph.members import Ancestor
    from graph.postings import Postings
    from graph.rebates import RebateBook
    from graph.rewards import Reward


@dataclass(slots=True)
class Scope:
    """One member's share of the facts while it is applied. `upline` is the member's own, nearest first.

    `nets` are the net amounts (minor units) of the member's orders that are refunded in this batch or were accepted
    in it; `refunded` the ids of those whose net amount has changed.
    """

    scope_id: str
    book: RebateBook
    postings: Postings
    upline: Sequence[Ancestor] = ()
    nets: dict[str, int] = field(default_factory=dict)
    refunded: set[str] = field(default_factory=set)


def on_order_completed(scope: Scope, order: OrderCompleted) -> list[Reward]:
    """The buyer's upline earns and the order opens slots; for the buyer's referrer it may be a referral."""
    if order.buyer_id != scope.scope_id:
        return scope.book.accept_referral(order)
    scope.nets[order.order_id] = order.net_minor
    version = scope.book.plans.in_force(order.seq)
    return [
        *commissions(order, scope.upline, version),
        *nearest(order, scope.upline, version),
        *scope.book.accept_anchor(order),
    ]


def on_order_refunded(scope: Scope, refund: OrderRefunded) -> list[Reward]:
    """What the upline earned follows the net amount; slots are worth less, or open again."""
    if refund.buyer_id != scope.scope_id:
        return scope.book.refund_referral(refund)
    net = scope.nets[refund.order_id] = scope.nets[refund.order_id] - refund.amount_minor
    scope.refunded.add(refund.order_id)
    of_upline = [reward.on(net) for reward in scope.postings.of_order(refund.order_id) if reward.rule in OF_THE_ORDER]
    return [*of_upline, *scope.book.refund_anchor(refund)]


HANDLERS: dict[type, Callable[[Scope, Any], list[Reward]]] = {
    OrderCompleted: on_order_completed,
    OrderRefunded: on_order_refunded,
}
