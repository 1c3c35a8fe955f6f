"""Hears announcements once for the whole process, and hands each to those who watch for it.

While Redis is away the hub tries again with growing pauses and goes on where it was. Whoever may have missed
something is told so with the next thing that they hear. A new subscriber is refused while Redis does not answer.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from weakref import WeakSet

from graph.errors import Unavailable

if TYPE_CHECKING:
    from graph.stream.announcements import Announcement, Announcements, Topic

logger = logging.getLogger(__name__)

WAITING = 100
"""Announcements that may wait for one subscriber; of more, the oldest are dropped."""
PAUSE_S, LONGEST_PAUSE_S = 0.1, 5.0


@dataclass(slots=True, eq=False, weakref_slot=True)
class Inbox:
    """What one subscriber has not been told yet. Gone from the hub once nobody holds it."""

    waiting: deque[str] = field(default_factory=lambda: deque(maxlen=WAITING))
    missed: bool = False
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def put(self, reference: str) -> None:
        """Adds one, in place of the oldest if there are too many."""
        self.missed |= len(self.waiting) == WAITING
        self.waiting.append(reference)
        self._news.set()

    async def next(self) -> tuple[str, bool]:
        """Waits for one; and whether others before it may have been missed."""
        while not self.waiting:
            self._news.clear()
            await self._news.wait()
        missed, self.missed = self.missed, False
        return self.waiting.popleft(), missed


@dataclass(slots=True)
class Hub:
    """Who watches for what. Listens only while somebody does."""

    stream: Announcements
    _inboxes: dict[tuple[Topic, str], WeakSet[Inbox]] = field(default_factory=dict)
    listening: asyncio.Task[None] | None = None
    _starting: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def watch(self, topic: Topic, subject_id: str) -> Inbox:
        """An inbox of what is announced from now on; raises StreamUnavailable. Whoever is done with it lets it go."""
        async with self._starting:
            inbox = Inbox()
            if self.listening is None or self.listening.done():
                place = await self.stream.newest()
                self.listening = asyncio.create_task(self._listen(place))
            self._inboxes.setdefault((topic, subject_id), WeakSet()).add(inbox)
        return inbox

    async def _listen(self, place: str) -> None:
        pause = PAUSE_S
        while self._watched() or self._starting.locked():
            try:
                if pause > PAUSE_S:
                    await self._after_an_outage(place)
                heard = await self.stream.read(place)
            except Unavailable as fault:
                logger.warning("%s Subscriptions wait.", fault.message)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE_S)
                continue
            pause, place = PAUSE_S, heard.place
            for announcement in heard.announcements:
                self._hand_out(announcement)

    async def _after_an_outage(self, place: str) -> None:
        if not await self.stream.keeps(place):
            for inboxes in self._inboxes.values():
                for inbox in inboxes:
                    inbox.missed = True

    def _hand_out(self, announcement: Announcement) -> None:
        for inbox in self._inboxes.get((announcement.topic, announcement.subject_id), ()):
            inbox.put(announcement.reference)

    def _watched(self) -> bool:
        """Whether anybody still watches; forgets what nobody watches for."""
        self._inboxes = {key: inboxes for key, inboxes in self._inboxes.items() if inboxes}
        return bool(self._inboxes)
