"""Large tables in pages, the log in stretches: each a short transaction of its own that locks nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from graph.store.database import Database, Row
    from graph.store.queries import Query


async def pages(database: Database, query: Query, key: str, count: int) -> AsyncIterator[list[Row]]:
    """Every row in the order of its key, from which the next page goes on. The query takes `after` and `count`."""
    after = ""
    while page := await database.rows(query, after=after, count=count):
        yield page
        after = page[-1][key]


def stretches(after: int, upto: int, size: int) -> list[tuple[int, int]]:
    """The log after one seq up to another, cut into pieces that fit in memory: (after, upto)."""
    return [(first, min(first + size, upto)) for first in range(after, upto, size)]
