"""The sweeper: raises the log's applied mark, and announces again what got lost on the way.

Redis may have lost all its messages, or a few. So when the oldest unapplied event stays the same for a while, its
scope and the next ones are announced again, and when nothing is outstanding at all, everything from there on.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graph.engine.progress import PAGE, advance

if TYPE_CHECKING:
    from graph.events import LogPosition
    from graph.store.leases import Lease
    from graph.store.log import EventLog
    from graph.stream.news import NewsStream

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Sweeper:
    """One relay's sweeper. `patience_s` is how long the oldest unapplied event may stay the same."""

    log: EventLog
    news: NewsStream
    patience_s: float
    _oldest: int = -1
    _since: float = 0.0

    async def sweep(self, lease: Lease) -> bool:
        """Looks once. There is never more to do at once."""
        position = await self.log.position()
        applied = await advance(self.log, position.applied_seq, position.published_seq)
        if applied > position.applied_seq:
            await self.log.mark_applied(lease, applied)
        if applied != self._oldest:
            self._oldest, self._since = applied, time.monotonic()
        elif applied < position.published_seq and time.monotonic() - self._since >= self.patience_s:
            await self._announce_again(lease, position, applied)
            self._since = time.monotonic()
        return False

    async def _announce_again(self, lease: Lease, position: LogPosition, applied: int) -> None:
        outstanding = await self.news.outstanding()
        if outstanding > PAGE:
            return  # enough to do; while no worker runs, the stream must not grow
        logger.warning("Events after %d stay unapplied; announcing them again.", applied)
        if outstanding == 0:
            await self.log.mark_published(lease, applied)
            return
        stuck = await self.log.unapplied(applied, min(applied + PAGE, position.published_seq), PAGE)
        await self.news.publish({scope_id for _, scope_id in stuck if scope_id})
