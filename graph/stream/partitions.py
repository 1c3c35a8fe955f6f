"""Which worker reads which partitions: shares by the number of live workers, kept by short leases in Redis.

This only spares workers from waiting for each other's locks. If two of them ever read the same partition, the
locks and marks in Neo4j still make it right.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graph.stream.connection import named_errors

if TYPE_CHECKING:
    from redis.asyncio import Redis

WORKERS = "threefold:{news}:workers"
_TAKE_OR_RENEW = """
local holder = redis.call('GET', KEYS[1])
if holder == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
if holder then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
"""
_RELEASE = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"


@dataclass(slots=True)
class PartitionShare:
    """One worker's share of the partitions. `refresh` must be called more often than every `ttl_ms`."""

    redis: Redis
    worker: str
    partitions: int
    ttl_ms: int
    held: tuple[int, ...] = field(default=())

    async def refresh(self) -> tuple[int, ...]:
        """Renews the worker's presence and its leases; the partitions that are its own until the next refresh."""
        with named_errors():
            wanted = await self._wanted()
            for partition in set(self.held) - wanted:
                await self._release(partition)
            self.held = tuple([p for p in sorted(wanted) if await self._take(p)])
        return self.held

    def keep(self) -> tuple[int, ...]:
        """Goes on without a lease, with what was held last; with everything, if nothing was."""
        self.held = self.held or tuple(range(self.partitions))
        return self.held

    async def leave(self) -> None:
        """Gives everything up, so that the others need not wait for it to expire."""
        with named_errors():
            for partition in self.held:
                await self._release(partition)
            await self.redis.zrem(WORKERS, self.worker)
        self.held = ()

    async def _wanted(self) -> set[int]:
        seconds, microseconds = await self.redis.time()
        now_ms = seconds * 1000 + microseconds // 1000
        async with self.redis.pipeline(transaction=False) as pipe:
            pipe.zadd(WORKERS, {self.worker: now_ms + self.ttl_ms})
            pipe.zremrangebyscore(WORKERS, "-inf", now_ms)
            pipe.zrange(WORKERS, 0, -1)
            *_, workers = await pipe.execute()
        live = sorted(workers)
        return set(range(live.index(self.worker), self.partitions, len(live)))

    async def _take(self, partition: int) -> bool:
        return bool(await self.redis.eval(_TAKE_OR_RENEW, 1, _lease(partition), self.worker, str(self.ttl_ms)))

    async def _release(self, partition: int) -> None:
        await self.redis.eval(_RELEASE, 1, _lease(partition), self.worker)


def _lease(partition: int) -> str:
    return f"threefold:{{news}}:{partition}:worker"


async def live_workers(redis: Redis) -> int:
    """How many workers have lately said that they are there."""
    with named_errors():
        seconds, _ = await redis.time()
        return int(await redis.zcount(WORKERS, seconds * 1000, "+inf"))
