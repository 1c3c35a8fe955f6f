"""Connects to Redis, and gives its failures our names."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeAlias

from redis.asyncio import Redis
from redis.exceptions import AuthenticationError, RedisError, ResponseError

from graph.errors import InvalidInput, StreamUnavailable, WrongCredentials

if TYPE_CHECKING:
    from collections.abc import Iterator

BLOCK_MS = 500
"""How long a read waits for news. A socket that is silent for much longer is dead."""


Connection: TypeAlias = Redis
"""What streams and budgets share."""


def connect(url: str) -> Redis:
    """A client for one address; it connects at first use. Raises InvalidInput for what is no address."""
    try:
        return Redis.from_url(url, decode_responses=True, socket_connect_timeout=3, socket_timeout=5)
    except ValueError as fault:
        raise InvalidInput("redis_url", f"THREEFOLD_REDIS_URL cannot be used: {fault}.", code="BAD_SETTING") from fault


@contextmanager
def named_errors() -> Iterator[None]:
    """Raises StreamUnavailable or WrongCredentials in place of what redis-py raises."""
    try:
        yield
    except AuthenticationError as fault:
        raise WrongCredentials("Redis refused the password.", remedy="Check THREEFOLD_REDIS_URL.") from fault
    except ResponseError as fault:
        if str(fault).startswith(("NOAUTH", "WRONGPASS")):
            raise WrongCredentials("Redis refused the password.", remedy="Check THREEFOLD_REDIS_URL.") from fault
        raise StreamUnavailable(f"Redis refuses to work: {str(fault).rstrip('.')}.") from fault
    except (RedisError, OSError) as fault:
        raise StreamUnavailable("Redis does not answer.") from fault
