"""Tries dead letters again: they are waited for again, and their scopes announced again."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graph.store.dead_letters import DeadLetterStore
    from graph.stream.news import NewsStream


async def requeue(letters: DeadLetterStore, news: NewsStream, scope_ids: Sequence[str]) -> None:
    """Announces scopes again, under their own keys; raises UnknownDeadLetter if one of them is none."""
    await letters.reopen(scope_ids)
    await news.publish(scope_ids)
