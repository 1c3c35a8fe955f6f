"""Announcements: that something has happened which somebody may be watching for, over one capped stream.

A message carries ids and no fact. It is published once, after the commit, and nobody waits for it: one that is lost
loses a notification, never money. Who reads goes on behind the last message read, so that a connection that breaks
loses nothing while the stream still holds what came meanwhile.
"""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from graph.errors import Unavailable
from graph.ledger import Account
from graph.stream.connection import BLOCK_MS, named_errors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redis.asyncio import Redis

    from graph.ledger import Entry

logger = logging.getLogger(__name__)

KEY = "threefold:{announcements}"
AT_ONCE = 50
"""Announcements in one message."""
KEPT = 5_000
"""Messages that the stream keeps, more or less: at most 25 MB, and ordinarily a tenth of it."""
READ = 500
WITHIN_S = 0.5
"""How long the engine waits for Redis; then it says nothing for a while."""
SILENT_S = 5.0


class Topic(StrEnum):
    """What an announcement is about. A further kind of news is one more of these."""

    REWARD = "reward"
    """The subject is the beneficiary, the reference the ledger entry that gave or took."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """Ids only: whose news it is, and where to read it. Neither may hold a space, as no id does."""

    topic: Topic
    subject_id: str
    reference: str


@dataclass(frozen=True, slots=True)
class Heard:
    """What was read, and the place behind it."""

    place: str
    announcements: Sequence[Announcement]


@dataclass(slots=True)
class Announcements:
    """The stream of announcements."""

    redis: Redis
    _silent_until: float = field(default=0.0)

    async def posted(self, entries: Sequence[Entry]) -> None:
        """Announces to their beneficiaries what rewards have brought or taken; never fails."""
        news = [
            Announcement(Topic.REWARD, entry.beneficiary_id, entry.entry_id)
            for entry in entries
            if Account.COMPANY_REWARDS in {entry.debit, entry.credit}
        ]
        if news:
            await self.say(Topic.REWARD, news)

    async def say(self, topic: Topic, announcements: Sequence[Announcement]) -> None:
        """Announces news of one topic. Never fails, and never keeps its caller for longer than half a second."""
        if time.monotonic() < self._silent_until:
            return
        try:
            async with asyncio.timeout(WITHIN_S):
                await self._publish(topic, announcements)
        except (TimeoutError, Unavailable):
            logger.warning("Redis is away: what is posted is not announced to subscribers.")
            self._silent_until = time.monotonic() + SILENT_S

    async def _publish(self, topic: Topic, announcements: Sequence[Announcement]) -> None:
        with named_errors():
            async with self.redis.pipeline(transaction=False) as pipe:
                for start in range(0, len(announcements), AT_ONCE):
                    batch = announcements[start : start + AT_ONCE]
                    ids = " ".join(f"{item.subject_id} {item.reference}" for item in batch)
                    pipe.xadd(KEY, {"topic": topic, "ids": ids}, maxlen=KEPT, approximate=True)
                await pipe.execute()

    async def newest(self) -> str:
        """The place behind everything announced so far; raises StreamUnavailable."""
        with named_errors():
            last: Any = await self.redis.xrevrange(KEY, count=1)
        return str(last[0][0]) if last else "0-0"

    async def keeps(self, place: str) -> bool:
        """Whether the stream still holds everything that was announced behind a place; raises StreamUnavailable."""
        with named_errors():
            oldest: Any = await self.redis.xrange(KEY, count=1)
        return bool(oldest) and _order(str(oldest[0][0])) <= _order(place)

    async def read(self, place: str) -> Heard:
        """What was announced behind a place; waits half a second for it. Raises StreamUnavailable."""
        with named_errors():
            found: Any = await self.redis.xread({KEY: place}, count=READ, block=BLOCK_MS)
        messages = (found.get(KEY) if isinstance(found, dict) else found[0][1] if found else None) or []
        if messages and isinstance(messages[0], list):  # RESP3 wraps them once more
            messages = messages[0]
        announcements = [item for _, fields in messages for item in _announcements(fields)]
        return Heard(str(messages[-1][0]) if messages else place, announcements)


def _announcements(fields: dict[str, str]) -> list[Announcement]:
    """None of a topic that this version does not know."""
    if fields["topic"] not in set(Topic):
        return []
    topic, ids = Topic(fields["topic"]), fields["ids"].split(" ")
    return [Announcement(topic, *pair) for pair in zip(ids[::2], ids[1::2], strict=True)]


def _order(place: str) -> tuple[int, int]:
    milliseconds, _, number = place.partition("-")
    return int(milliseconds), int(number)
