"""Applies the news of a batch of scopes in one transaction: locks first, then facts, then money, then the mark.

Doing it again changes nothing: the mark says how far a scope is, and the ledger's keys refuse a second writing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graph.engine.gathering import gather
from graph.engine.handlers import HANDLERS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graph.engine.books import Books


async def apply_news(books: Books, scope_ids: Iterable[str]) -> None:
    """Applies to each scope all its facts up to the log's mark.

    From the first plan on that looks across scopes, facts are left to `graph/engine/sequence.py`.
    """
    marks = await books.lock(scope_ids)
    mark = await books.mark()
    plans = await books.plans()  # after the mark, or one of the facts up to it may bring a plan that is not seen
    upto = mark if plans.sequence_from is None else min(mark, plans.sequence_from - 1)
    facts = await books.facts({scope.scope_id: scope.applied_seq for scope in marks}, upto)
    scopes = await gather(books, marks, facts, plans)
    for scope in scopes:
        for fact in facts[scope.scope_id]:
            scope.postings.claim(HANDLERS[type(fact)](scope, fact), fact.cause, fact.at)
    if scopes:
        await books.save(scopes, upto)
        await books.post(scopes[0].postings)
    dead = {scope.scope_id: max(scope.applied_seq, upto) for scope in marks if scope.dead}
    if dead:
        waiting = await books.facts(dead, mark)
        await books.revive([scope_id for scope_id in dead if not waiting[scope_id]])
