"""Standings in Neo4j: team volumes by period, direct buyers, ranks reached. Only the sequence writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graph.standings import ALL_TIME, Standings
from graph.store.queries import load

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graph.store.database import Row, Transaction

VOLUMES = load("standing/volumes")
RANKS = load("standing/ranks")
DIRECTS = load("standing/directs")
SAVE_VOLUMES = load("standing/save_volumes")
SAVE_RANKS = load("standing/save_ranks")
SAVE_DIRECTS = load("standing/save_directs")
MONTH = load("standing/month")

ROWS_AT_ONCE = 10_000


async def read(tx: Transaction, member_ids: Sequence[str], months: Sequence[str]) -> Standings:
    """The counters of these members, for all time and in these months."""
    found = Standings()
    ids = list(member_ids)
    for row in await tx.run(VOLUMES, member_ids=ids, periods=[ALL_TIME, *months]):
        found.volumes[row["member_id"], row["currency"], row["period"]] = row["volume_minor"]
    for row in await tx.run(RANKS, member_ids=ids):
        found.ranks[row["member_id"], row["currency"]] = dict(zip(row["names"], row["seqs"], strict=True))
    for row in await tx.run(DIRECTS, member_ids=ids):
        found.directs[row["member_id"]] = row["direct"]
    return found


async def save(tx: Transaction, standings: Standings) -> None:
    """Writes the counters that have changed."""
    volumes = [
        {"member_id": m, "currency": c, "period": p, "volume_minor": standings.volumes[m, c, p]}
        for m, c, p in sorted(standings.changed_volumes)
    ]
    ranks: list[Row] = []
    for member_id, currency in sorted(standings.changed_ranks):
        reached = standings.ranks[member_id, currency]
        ranks.append(
            {"member_id": member_id, "currency": currency, "names": list(reached), "seqs": list(reached.values())}
        )
    directs = [{"member_id": m, "direct": standings.directs[m]} for m in sorted(standings.changed_directs)]
    for query, rows in ((SAVE_VOLUMES, volumes), (SAVE_RANKS, ranks), (SAVE_DIRECTS, directs)):
        for first in range(0, len(rows), ROWS_AT_ONCE):
            await tx.run(query, rows=rows[first : first + ROWS_AT_ONCE])


async def of_month(tx: Transaction, month: str, after: str, count: int) -> list[tuple[str, str, int]]:
    """Member, currency and volume of a month, by member id, of the next `count` members after one."""
    rows = await tx.run(MONTH, month=month, after=after, count=count)
    return [(row["member_id"], row["currency"], row["volume_minor"]) for row in rows]
