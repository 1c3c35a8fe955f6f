"""Made-up networks with orders, seeded: the same numbers give the same files on every machine.

Referees choose referrers by copying: half of the time whoever referred a random earlier member, else a random
earlier member. That gives a few members with very many referees, most with none, and a depth of about a
dozen. Amounts are log-normal; a few members buy very often.
"""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROOTS = 0.002
"""The share of members that nobody referred."""
COPIED = 0.5
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = 180


def write_network(folder: Path, members: int, orders: int, seed: int) -> None:
    """Writes members.csv and orders.csv into a folder that exists."""
    random = Random(seed)  # noqa: S311  a network for tests and demonstrations, no secret
    _write(folder / "members.csv", ("member_id", "referrer_id", "joined_at"), member_rows(random, members))
    columns = ("order_id", "member_id", "amount_minor", "currency", "status", "completed_at")
    _write(folder / "orders.csv", columns, order_rows(random, members, orders))


def member_rows(random: Random, count: int) -> Iterator[tuple[str, str, str]]:
    """Members in the order in which they joined, evenly over half a year."""
    referrers: list[int | None] = []
    for number in range(count):
        referrer = None
        if number and random.random() >= ROOTS:
            pick = random.randrange(number)
            copied = referrers[pick] if random.random() < COPIED else None
            referrer = pick if copied is None else copied
        referrers.append(referrer)
        joined = BEGIN + timedelta(days=DAYS) * number / count
        yield _member(number), "" if referrer is None else _member(referrer), _text(joined)


def order_rows(random: Random, members: int, count: int) -> Iterator[tuple[str, str, int, str, str, str]]:
    """Orders in the order in which they were completed, evenly over the half year after everybody has joined."""
    begin = BEGIN + timedelta(days=DAYS)
    for number in range(count):
        buyer = int(members * random.random() ** 1.5)
        amount = max(1, int(random.lognormvariate(9.5, 1.0)))
        completed = begin + timedelta(days=DAYS) * number / count
        yield f"o{number:08d}", _member(min(buyer, members - 1)), amount, "CNY", "completed", _text(completed)


def _member(number: int) -> str:
    return f"m{number:07d}"


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _write(file: Path, columns: tuple[str, ...], rows: Iterator[tuple[object, ...]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
