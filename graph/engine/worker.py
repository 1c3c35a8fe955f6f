"""The reward worker: reads news, applies it in batches, and acknowledges only what has been committed."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graph.engine.apply import apply_news
from graph.errors import StreamUnavailable, Unavailable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graph.store.books import BookStore
    from graph.store.dead_letters import DeadLetterStore
    from graph.stream.news import News, NewsStream
    from graph.stream.partitions import PartitionShare

logger = logging.getLogger(__name__)

BATCH = 400
"""Scopes in one transaction."""
READ = 50
"""Messages read from each partition at once."""
MAX_DELIVERIES = 5
"""A scope that fails this often becomes a dead letter."""
PAUSE_S = 1.0
"""How long to wait while Neo4j or Redis is away."""


@dataclass(slots=True)
class Worker:
    """One worker. Any number may run; each reads its share of the partitions."""

    books: BookStore
    dead_letters: DeadLetterStore
    news: NewsStream
    share: PartitionShare
    idle_ms: int
    """After how long another worker's unfinished message is taken over: well over what a batch takes."""
    _refreshed: float = field(default=-1e9)
    _at_hand: list[News] = field(default_factory=list)

    async def run(self, stop: asyncio.Event) -> None:
        """Works until stopped; then finishes the batch at hand and gives its partitions up."""
        while not stop.is_set():
            try:
                await self.turn()
            except Unavailable as fault:
                logger.warning("%s Waiting.", fault.message)
                await asyncio.sleep(PAUSE_S)
        try:
            await self.share.leave()
            await self.news.forget(self.share.worker)
        except Unavailable:
            logger.warning("Redis is away; the worker's partitions come free when their leases expire.")

    async def turn(self) -> None:
        """Reads once and applies what came. What Neo4j was away for stays at hand for the next turn."""
        if not self._at_hand:
            self._at_hand = await self._refresh_share()
        if not self.share.held:
            await asyncio.sleep(self.share.ttl_ms / 5000)
            return
        if not self._at_hand:
            self._at_hand = await self.news.read(self.share.worker, self.share.held, READ)
        while self._at_hand:
            await self._apply(self._at_hand[:BATCH])
            self._at_hand = self._at_hand[BATCH:]

    async def _refresh_share(self) -> list[News]:
        """Every third of a lease's life: renews the share, and takes over what others left unfinished."""
        if time.monotonic() - self._refreshed < self.share.ttl_ms / 3000:
            return []
        try:
            held = await self.share.refresh()
        except StreamUnavailable:
            held = self.share.keep()  # a full Redis refuses new leases, but lets messages be read and removed
        self._refreshed = time.monotonic()
        taken = [await self.news.claim(self.share.worker, p, self.idle_ms, READ) for p in held]
        return [news for some in taken for news in some]

    async def _apply(self, news: Sequence[News]) -> None:
        try:
            await self._commit({item.scope_id for item in news})
        except Exception as fault:
            await self._raise_if_away(fault)
            logger.exception("A batch of %d scopes failed; trying each alone.", len(news))
            news = await self._apply_singly(news)
        await self.news.acknowledge(news)

    async def _apply_singly(self, news: Sequence[News]) -> list[News]:
        """So that one poisonous scope does not stop its neighbours; what is settled now, one way or the other."""
        done = []
        for item in news:
            try:
                await self._commit({item.scope_id})
            except Exception as fault:
                await self._raise_if_away(fault)
                logger.exception("Scope %s cannot be applied.", item.scope_id)
                if not await self._give_up(item, fault):
                    continue
            done.append(item)
        return done

    async def _raise_if_away(self, fault: Exception) -> None:
        """An outage is nobody's poison: raises Unavailable if the database does not answer at all."""
        if isinstance(fault, Unavailable):
            await self.books.ping()

    async def _commit(self, scope_ids: set[str]) -> None:
        chain = f"rewards/{self.share.held[0]}"
        await self.books.write(lambda books: apply_news(books, scope_ids), chain)

    async def _give_up(self, item: News, fault: Exception) -> bool:
        """After enough deliveries, whose count Redis keeps across restarts, a dead letter takes the scope's place."""
        deliveries = await self.news.deliveries(item)
        if deliveries < MAX_DELIVERIES:
            return False
        await self.dead_letters.write(item.scope_id, f"{type(fault).__name__}: {fault}", deliveries)
        return True
