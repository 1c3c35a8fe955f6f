"""How long the work at hand may still take. The API sets it for a request; the database makes it the server's own."""

from __future__ import annotations

import time
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from graph.errors import DeadlineExceeded

if TYPE_CHECKING:
    from collections.abc import Iterator

_ENDS: ContextVar[float | None] = ContextVar("deadline", default=None)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """All work of the block, and of the tasks that it starts, ends in so many seconds."""
    token = _ENDS.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _ENDS.reset(token)


def left() -> float | None:
    """Seconds that are left, None without a deadline; raises DeadlineExceeded when there are none."""
    ends = _ENDS.get()
    if ends is None:
        return None
    seconds = ends - time.monotonic()
    if seconds <= 0:
        raise DeadlineExceeded
    return seconds
