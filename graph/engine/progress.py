"""How far the log has been applied by every scope: what the relay's sweeper keeps and `drain` waits for."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from graph.store.log import EventLog

PAGE = 2_000
"""Events looked at in one query."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the log stands: `waiting` events are accepted but not numbered, `applied` of `numbered` are done."""

    waiting: int
    numbered: int
    applied: int

    @property
    def done(self) -> bool:
        """Whether every accepted fact has been applied everywhere, dead letters apart."""
        return self.waiting == 0 and self.applied >= self.numbered


async def advance(log: EventLog, applied: int, upto: int) -> int:
    """The seq up to which every scope has applied its events, searched from a known one; the dead do not hold it."""
    while applied < upto:
        end = min(applied + PAGE, upto)
        missing = await log.unapplied(applied, end, 1)
        if missing:
            return missing[0][0] - 1
        applied = end
    return applied


async def drain(log: EventLog, report: Callable[[Progress], None], stall_s: float) -> Progress:
    """Waits until all that has been accepted is applied, reporting on the way; gives up after a stall.

    Done counts when it is seen twice: a commit becomes visible piece by piece.
    """
    moved_at, before = time.monotonic(), None
    applied = (await log.position()).applied_seq
    while True:
        waiting, position = await log.waiting(), await log.position()
        applied = await advance(log, max(applied, position.applied_seq), position.mark)
        progress = Progress(waiting, position.seq, applied)
        report(progress)
        if progress == before and (progress.done or time.monotonic() - moved_at > stall_s):
            return progress
        if progress != before:
            before, moved_at = progress, time.monotonic()
        await asyncio.sleep(0.25)
