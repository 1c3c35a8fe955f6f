"""What each accepted fact means for one scope. The table at the foot is the map of the engine.

An order touches two scopes, and each takes its own part: the buyer's pays commissions and gains an anchor, the
referrer's may have a slot filled. `graph/engine/apply.py` calls these inside the transaction that writes what
they return.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graph.events import OrderCompleted
from graph.rewards import commissions

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from graph.members import Ancestor
    from graph.rebates import RebateBook
    from graph.rewards import Reward


@dataclass(slots=True)
class Scope:
    """One member's share of the facts while it is applied. `upline` is the member's own, nearest first."""

    scope_id: str
    book: RebateBook
    upline: Sequence[Ancestor] = ()
    rewards: list[Reward] = field(default_factory=list)


def on_order_completed(scope: Scope, order: OrderCompleted) -> None:
    """An order is one thing to its buyer, another to the buyer's referrer."""
    if order.buyer_id == scope.scope_id:
        on_own_order(scope, order)
    else:
        on_referee_order(scope, order)


def on_own_order(scope: Scope, order: OrderCompleted) -> None:
    """The upline earns commission; the order opens slots of its own."""
    version = scope.book.plans.in_force(order.seq)
    scope.rewards += commissions(order, scope.upline, version)
    scope.rewards += scope.book.accept_anchor(order)


def on_referee_order(scope: Scope, order: OrderCompleted) -> None:
    """A referral: it fills a slot of one of the member's open orders, waits in the bank, or does not count."""
    scope.rewards += scope.book.accept_referral(order)


HANDLERS: dict[type, Callable[[Scope, OrderCompleted], None]] = {
    OrderCompleted: on_order_completed,
}
