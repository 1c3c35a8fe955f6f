"""A bucket of points for each principal, in Redis; this process leases some of them, so that most requests ask nobody.

Without Redis each process counts for itself, at a quarter of the rate: the limit protects the servers, and what a
mutation may do with money is not decided by it (docs/guard.md).
"""

from __future__ import annotations

import asyncio
import math
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from redis.exceptions import RedisError

if TYPE_CHECKING:
    from redis.asyncio import Redis

TAKE = """
local now = redis.call('TIME')
local at = now[1] * 1000 + math.floor(now[2] / 1000)
local capacity, rate, need, want = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local kept = redis.call('HMGET', KEYS[1], 'points', 'at')
local points = math.min(capacity, (tonumber(kept[1]) or capacity) + (at - (tonumber(kept[2]) or at)) * rate / 1000)
local granted = 0
if points >= need then granted = math.min(math.floor(points), want) end
redis.call('HSET', KEYS[1], 'points', tostring(points - granted), 'at', at)
redis.call('PEXPIRE', KEYS[1], math.ceil(capacity / rate * 1000) + 1000)
return {granted, math.floor(points - granted)}
"""
CHUNKS = 100
"""A lease is this part of a full bucket."""
LEASE_S = 10.0
"""What was leased and not spent by then is forgotten; the bucket fills up meanwhile."""
ASK_WITHIN_S, REST_S = 0.25, 2.0
"""How long Redis may take, and for how long it is not asked again after it failed."""
MOST_LEASES = 10_000
ALONE = 4
"""Without Redis, a process gives this part of the rate."""


@dataclass(frozen=True, slots=True)
class Budget:
    """What a principal has left after a request. `wait_s` is 0 when the request was within it."""

    maximum: int
    remaining: int
    restore_per_s: int
    wait_s: float = 0


@dataclass(slots=True)
class _Lease:
    points: float
    ends: float
    remaining: int = 0


@dataclass(slots=True)
class Budgets:
    """Buckets of `maximum` points that fill at `restore_per_s`."""

    redis: Redis
    maximum: int
    restore_per_s: int
    _leases: dict[str, _Lease] = field(default_factory=dict)
    _alone: dict[str, tuple[float, float]] = field(default_factory=dict)
    _away_until: float = 0

    async def take(self, name: str, points: int) -> Budget:
        """Takes points for one request, or none of them: `wait_s` then says when there will be enough."""
        now = time.monotonic()
        lease = self._leases.get(name)
        if lease is None or lease.ends < now:
            lease = self._remember(name, now)
        if lease.points >= points:
            lease.points -= points
            return self._budget(lease.remaining + lease.points)
        if now < self._away_until:
            return self._take_alone(name, points, now)
        try:
            return await self._take_more(name, points, lease)
        except (RedisError, OSError, TimeoutError):
            self._away_until = now + REST_S
            return self._take_alone(name, points, now)

    async def _take_more(self, name: str, points: int, lease: _Lease) -> Budget:
        need = math.ceil(points - lease.points)
        want = max(need, self.maximum // CHUNKS)
        async with asyncio.timeout(ASK_WITHIN_S):
            granted, remaining = await self.redis.eval(
                TAKE, 1, f"budget:{name}", self.maximum, self.restore_per_s, need, want
            )
        lease.remaining, lease.ends = remaining, time.monotonic() + LEASE_S
        lease.points += granted
        if lease.points < points:
            return self._budget(remaining + lease.points, (need - remaining) / self.restore_per_s)
        lease.points -= points
        return self._budget(remaining + lease.points)

    def _remember(self, name: str, now: float) -> _Lease:
        self._leases.pop(name, None)
        while len(self._leases) >= MOST_LEASES:
            del self._leases[next(iter(self._leases))]
        lease = self._leases[name] = _Lease(0, now + LEASE_S)
        return lease

    def _take_alone(self, name: str, points: int, now: float) -> Budget:
        """A bucket of this process: a quarter of the size and of the rate."""
        size, rate = self.maximum / ALONE, self.restore_per_s / ALONE
        kept, at = self._alone.pop(name, (size, now))
        while len(self._alone) >= MOST_LEASES:
            del self._alone[next(iter(self._alone))]
        kept = min(size, kept + (now - at) * rate)
        granted = points <= kept
        self._alone[name] = (kept - points if granted else kept, now)
        return self._budget(self._alone[name][0], 0 if granted else (points - kept) / rate)

    def _budget(self, remaining: float, wait_s: float = 0) -> Budget:
        return Budget(self.maximum, int(remaining), self.restore_per_s, max(wait_s, 0))
