"""News of scopes on Redis Streams: one stream a partition, one consumer group for all workers.

A message that was acted on is acknowledged and deleted, so that a stream's length is what is outstanding.
Streams are never trimmed: trimming drops pending work without a word.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zlib import crc32

from redis.exceptions import ResponseError

from graph.stream.connection import BLOCK_MS, named_errors

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from redis.asyncio import Redis

GROUP = "engine"


@dataclass(frozen=True, slots=True)
class News:
    """One message: this scope has events that it has not applied."""

    partition: int
    message_id: str
    scope_id: str


@dataclass(frozen=True, slots=True)
class NewsStream:
    """The partitioned stream. Every method raises StreamUnavailable when Redis does not answer."""

    redis: Redis
    partitions: int

    def partition_of(self, scope_id: str) -> int:
        """Where a scope's news always goes."""
        return crc32(scope_id.encode()) % self.partitions

    def key(self, partition: int) -> str:
        """The stream of a partition. The braces keep all of them on one node of a Redis Cluster."""
        return f"threefold:{{news}}:{partition}"

    async def publish(self, scope_ids: Iterable[str]) -> None:
        """Says of each scope that it has news."""
        with named_errors():
            async with self.redis.pipeline(transaction=False) as pipe:
                for scope_id in scope_ids:
                    pipe.xadd(self.key(self.partition_of(scope_id)), {"scope": scope_id})
                await pipe.execute()

    async def read(self, consumer: str, partitions: Sequence[int], count: int) -> list[News]:
        """New messages of these partitions, at most `count` of each; waits half a second for the first."""
        streams: dict[Any, Any] = {self.key(partition): ">" for partition in partitions}
        places = {self.key(partition): partition for partition in partitions}
        with named_errors():
            try:
                found = await self.redis.xreadgroup(GROUP, consumer, streams, count=count, block=BLOCK_MS)
            except ResponseError as fault:
                await self._make_groups_if_missing(fault)
                return []
        pairs = found.items() if isinstance(found, dict) else found or []
        return [
            News(places[str(key)], message_id, fields["scope"])
            for key, messages in pairs
            for message_id, fields in _flat(messages)
        ]

    async def claim(self, consumer: str, partition: int, idle_ms: int, count: int) -> list[News]:
        """Messages that some worker took and left alone for so long, now this consumer's."""
        with named_errors():
            try:
                _, messages, _ = await self.redis.xautoclaim(
                    self.key(partition), GROUP, consumer, min_idle_time=idle_ms, start_id="0-0", count=count
                )
            except ResponseError as fault:
                await self._make_groups_if_missing(fault)
                return []
        return [News(partition, message_id, fields["scope"]) for message_id, fields in messages if fields]

    async def acknowledge(self, news: Iterable[News]) -> None:
        """These need no one's attention any more: both or neither, or a message would be outstanding for ever."""
        with named_errors():
            async with self.redis.pipeline(transaction=True) as pipe:
                by_partition: dict[int, list[str]] = {}
                for item in news:
                    by_partition.setdefault(item.partition, []).append(item.message_id)
                for partition, message_ids in by_partition.items():
                    pipe.xack(self.key(partition), GROUP, *message_ids)
                    pipe.xdel(self.key(partition), *message_ids)
                await pipe.execute()

    async def deliveries(self, news: News) -> int:
        """How often a pending message has been handed out."""
        with named_errors():
            pending = await self.redis.xpending_range(
                self.key(news.partition), GROUP, news.message_id, news.message_id, 1
            )
        return int(pending[0]["times_delivered"]) if pending else 0

    async def outstanding(self) -> int:
        """How many messages nobody has acted on yet."""
        with named_errors():
            async with self.redis.pipeline(transaction=False) as pipe:
                for partition in range(self.partitions):
                    pipe.xlen(self.key(partition))
                return sum(await pipe.execute())

    async def ping(self) -> None:
        """Returns when Redis answers."""
        with named_errors():
            await self.redis.ping()

    async def eviction_policy(self) -> str:
        """What Redis does when its memory is full; only `noeviction` keeps every message. May be unknown."""
        with named_errors():
            try:
                return str((await self.redis.config_get("maxmemory-policy"))["maxmemory-policy"])
            except (ResponseError, KeyError):
                return "unknown"

    async def forget(self, consumer: str) -> None:
        """Removes a consumer that stops, where it has left nothing unfinished."""
        with named_errors():
            for partition in range(self.partitions):
                if not await self.redis.xpending_range(self.key(partition), GROUP, "-", "+", 1, consumer):
                    await self.redis.xgroup_delconsumer(self.key(partition), GROUP, consumer)

    async def _make_groups_if_missing(self, fault: ResponseError) -> None:
        """After a flush, or at the very first start, the groups are made anew from the streams' beginnings."""
        if not str(fault).startswith("NOGROUP"):
            raise fault
        for partition in range(self.partitions):
            try:
                await self.redis.xgroup_create(self.key(partition), GROUP, id="0", mkstream=True)
            except ResponseError as busy:
                if not str(busy).startswith("BUSYGROUP"):
                    raise


def _flat(messages: list) -> list[tuple[str, dict[str, str]]]:  # type: ignore[type-arg]
    """redis-py wraps messages once more under RESP3."""
    return messages[0] if messages and isinstance(messages[0], list) else messages
