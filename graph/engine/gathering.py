"""Reads everything that the facts of a batch will ask about, in one query a question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graph.commissions import levels_needed
from graph.engine.handlers import Scope
from graph.events import OrderCompleted, OrderRefunded
from graph.members import MemberId
from graph.plan import Bank, Mode
from graph.postings import Postings
from graph.rebates import RebateBook

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graph.engine.books import Books, ScopeMark
    from graph.events import OrderFact
    from graph.members import Ancestor
    from graph.plan import PlanHistory

    Facts = Mapping[str, Sequence[OrderFact]]


async def gather(
    books: Books, marks: Sequence[ScopeMark], facts: Facts, plans: PlanHistory, *, whole_groups: bool = False
) -> list[Scope]:
    """The scopes as their marks left them, sharing one `Postings` that knows every reward the facts may change.

    With `whole_groups` it also knows all other rewards of the orders in the slots at hand, which a cap weighs together.
    """
    postings = Postings()
    chains = await _uplines(books, facts, plans)
    scopes = {
        mark.scope_id: Scope(
            scope_id=mark.scope_id,
            book=RebateBook(MemberId(mark.scope_id), plans, cycles=mark.cycles),
            postings=postings,
            upline=chains.get(mark.scope_id, ()),
        )
        for mark in marks
    }
    applied = {mark.scope_id: mark.applied_seq for mark in marks}
    await _open_banks(books, scopes, facts, plans)
    seqs = await _open_anchors(books, scopes, applied, facts, plans, whole_groups=whole_groups)
    seqs |= await _refunded_orders(books, scopes, facts)
    if seqs:
        postings.load(await books.rewards_of(sorted(seqs)))
    return list(scopes.values())


async def _uplines(books: Books, facts: Facts, plans: PlanHistory) -> dict[str, list[Ancestor]]:
    """The uplines of buyers whose orders may pay them, as far up as the plans in force look."""
    levels = {
        scope_id: max(levels_needed(plans.in_force(order.seq), order.currency) for order in own)
        for scope_id, all_facts in facts.items()
        if (own := [f for f in all_facts if isinstance(f, OrderCompleted) and f.buyer_id == scope_id])
    }
    buyers = [scope_id for scope_id, needed in levels.items() if needed]
    return await books.uplines(buyers, max(levels.values())) if buyers else {}


async def _open_banks(books: Books, scopes: Mapping[str, Scope], facts: Facts, plans: PlanHistory) -> None:
    """A bank is asked when a slot may open for it, or when what waits in it may be refunded."""
    if not any(v.plan.three_for_one and v.plan.three_for_one.bank is Bank.KEEP for v in plans):
        return
    asked = [s for s in scopes if any(isinstance(f, OrderRefunded) or f.buyer_id == s for f in facts[s])]
    for scope_id, waiting in (await books.banks(asked)).items():
        scopes[scope_id].book.waiting = waiting


async def _open_anchors(
    books: Books,
    scopes: Mapping[str, Scope],
    applied: Mapping[str, int],
    facts: Facts,
    plans: PlanHistory,
    *,
    whole_groups: bool,
) -> set[int]:
    """Gives the books their anchors; the seqs of the referrals whose rewards a change of them may touch."""
    refunded = {s: [f.order_id for f in facts[s] if isinstance(f, OrderRefunded)] for s in scopes}
    refunded = {scope_id: orders for scope_id, orders in refunded.items() if orders}
    touched = await books.refunded_anchors(applied, refunded, plans) if refunded else {}
    asked = {s: applied[s] for s in scopes if scopes[s].book.waiting or any(f.buyer_id != s for f in facts[s])}
    found = await books.open_anchors(asked, plans) if asked else {}
    seqs = {order.seq for s in scopes.values() for order in s.book.waiting} if whole_groups else set[int]()
    for anchors, changing in ((touched, True), (found, False)):
        for scope_id, of_scope in anchors.items():
            book = scopes[scope_id].book
            for anchor in of_scope:
                if anchor.order.order_id in book.by_order:
                    continue
                book.add(anchor)
                if changing or whole_groups or (anchor.mended and anchor.rule.mode is Mode.THRESHOLD):
                    seqs |= {slot.referral.seq for slot in anchor.slots.values()}
    return seqs


async def _refunded_orders(books: Books, scopes: Mapping[str, Scope], facts: Facts) -> set[int]:
    """Gives the scopes the net amounts of their own refunded orders; the seqs of those orders."""
    buyers: dict[str, str] = {
        f.order_id: scope_id
        for scope_id, of_scope in facts.items()
        for f in of_scope
        if isinstance(f, OrderRefunded) and f.buyer_id == scope_id
    }
    nets = await books.order_nets(sorted(buyers)) if buyers else {}
    for order_id, order in nets.items():
        scopes[buyers[order_id]].nets[order_id] = order.net_minor
    return {order.seq for order in nets.values()}
