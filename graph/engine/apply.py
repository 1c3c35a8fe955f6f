"""Applies the news of a batch of scopes in one transaction: locks first, then facts, then money, then the mark.

Doing it again changes nothing: the mark says how far a scope is, and the ledger's keys refuse a second writing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graph.engine.handlers import HANDLERS, Scope
from graph.members import MemberId
from graph.plan import Bank
from graph.rebates import RebateBook
from graph.rewards import levels_needed
from graph.store import dead_letters, ledger, log, scopes, slots
from graph.store.members import uplines

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from graph.events import OrderCompleted
    from graph.members import Ancestor
    from graph.plan import PlanHistory
    from graph.store.database import Transaction
    from graph.store.plans import PlanStore
    from graph.store.scopes import ScopeMark

    Facts = Mapping[str, Sequence[OrderCompleted]]


async def apply_news(tx: Transaction, scope_ids: Iterable[str], plan_store: PlanStore) -> None:
    """Applies to each scope all its events up to the log's mark."""
    marks = await scopes.lock(tx, scope_ids)
    upto = (await log.position(tx)).mark
    facts = await log.of_scopes(tx, {mark.scope_id: mark.applied_seq for mark in marks}, upto)
    plans = await plan_store.history(tx)
    batch = await _gather(tx, marks, facts, plans)
    for scope in batch:
        for fact in facts[scope.scope_id]:
            HANDLERS[type(fact)](scope, fact)
    await slots.write(tx, [scope.book for scope in batch])
    await ledger.post(tx, [reward for scope in batch for reward in scope.rewards])
    await scopes.mark_applied(tx, {scope.scope_id: scope.book.cycles for scope in batch}, upto)
    if any(mark.dead for mark in marks):
        await dead_letters.clear(tx, [mark.scope_id for mark in marks if mark.dead])


async def _gather(tx: Transaction, marks: Sequence[ScopeMark], facts: Facts, plans: PlanHistory) -> list[Scope]:
    """Everything that the handlers will ask about, read in one query a question."""
    books = {mark.scope_id: RebateBook(MemberId(mark.scope_id), plans, cycles=mark.cycles) for mark in marks}
    if any(v.plan.three_for_one and v.plan.three_for_one.bank is Bank.KEEP for v in plans):
        await slots.open_banks(tx, {scope_id: book for scope_id, book in books.items() if _own_orders(scope_id, facts)})
    asked = {m.scope_id: m.applied_seq for m in marks if books[m.scope_id].waiting or _has_referral(m.scope_id, facts)}
    for scope_id, anchors in (await slots.open_anchors(tx, asked, plans)).items():
        books[scope_id].anchors = anchors
    chains = await _uplines(tx, facts, plans)
    return [Scope(scope_id, book, chains.get(scope_id, ())) for scope_id, book in books.items()]


def _own_orders(scope_id: str, facts: Facts) -> list[OrderCompleted]:
    return [fact for fact in facts[scope_id] if fact.buyer_id == scope_id]


def _has_referral(scope_id: str, facts: Facts) -> bool:
    return any(fact.buyer_id != scope_id for fact in facts[scope_id])


async def _uplines(tx: Transaction, facts: Facts, plans: PlanHistory) -> dict[str, list[Ancestor]]:
    """The uplines of buyers whose orders may pay commission, as far up as the plans in force look."""
    levels = {
        scope_id: max(levels_needed(plans.in_force(order.seq), order.currency) for order in own)
        for scope_id in facts
        if (own := _own_orders(scope_id, facts))
    }
    buyers = [scope_id for scope_id, needed in levels.items() if needed]
    return await uplines(tx, buyers, max(levels.values())) if buyers else {}
