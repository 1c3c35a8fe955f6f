"""The messenger in memory: in any order, with losses; and it hands out again what nobody finished."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graph.stream.news import News

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from random import Random

    from memory.transactions import Store


@dataclass(slots=True)
class Message:
    scope_id: str
    consumer: str = ""
    delivered_at: int = 0
    deliveries: int = 0


@dataclass(slots=True)
class MemoryNews:
    """As NewsStream, with one partition, which every worker reads. `idle` is how long a message is left alone."""

    store: Store
    random: Random
    idle: int = 60
    messages: dict[str, Message] = field(default_factory=dict)
    taken_over: list[str] = field(default_factory=list)
    """From whom messages were claimed."""
    _count: int = 0

    async def publish(self, scope_ids: Iterable[str]) -> None:
        for scope_id in sorted(scope_ids):
            await self.store.pause()
            self.put(scope_id)

    def put(self, scope_id: str) -> None:
        self._count += 1
        self.messages[str(self._count)] = Message(scope_id)

    def flush(self) -> int:
        """Forgets everything; how many messages somebody was at work on."""
        pending = sum(1 for message in self.messages.values() if message.consumer)
        self.messages.clear()
        return pending

    def _any(self) -> bool:
        since = self.store.now - self.idle
        return any(not message.consumer or message.delivered_at <= since for message in self.messages.values())

    def _new(self) -> list[str]:
        return [i for i, message in self.messages.items() if not message.consumer]

    def _idle(self) -> list[str]:
        since = self.store.now - self.idle
        return [i for i, message in self.messages.items() if message.consumer and message.delivered_at <= since]

    async def read(self, consumer: str, partitions: Sequence[int], count: int) -> list[News]:
        await self.store.until(self._any)
        new = self._new()
        return self._deliver(
            consumer, self.random.sample(new, self.random.randint(min(1, len(new)), min(count, len(new))))
        )

    async def claim(self, consumer: str, partition: int, idle_ms: int, count: int) -> list[News]:
        await self.store.pause()
        found = self._idle()[:count]
        self.taken_over += [self.messages[i].consumer for i in found]
        return self._deliver(consumer, found)

    def _deliver(self, consumer: str, ids: Sequence[str]) -> list[News]:
        for i in ids:
            message = self.messages[i]
            message.consumer, message.delivered_at = consumer, self.store.now
            message.deliveries += 1
        return [News(0, i, self.messages[i].scope_id) for i in ids]

    async def acknowledge(self, news: Iterable[News]) -> None:
        await self.store.pause()
        for item in news:
            self.messages.pop(item.message_id, None)

    async def deliveries(self, news: News) -> int:
        await self.store.pause()
        message = self.messages.get(news.message_id)
        return message.deliveries if message else 0

    async def outstanding(self) -> int:
        await self.store.pause()
        return len(self.messages)


@dataclass(slots=True)
class MemoryShare:
    """As PartitionShare: the one partition is always held, so that the workers meet as often as can be."""

    worker: str
    ttl_ms: int = 0
    held: tuple[int, ...] = (0,)

    async def refresh(self) -> tuple[int, ...]:
        return self.held

    def keep(self) -> tuple[int, ...]:
        return self.held
