"""Made-up networks with orders, seeded: the same numbers give the same files on every machine.

Referees choose referrers by copying: half of the time whoever referred a random earlier member, else a random
earlier member. That gives a few members with very many referees, most with none, and a depth of about a
dozen. Amounts are log-normal; a few members buy very often. Refunds follow within two months, half of them in
full, the others of a part, and an order may have several.
"""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

ROOTS = 0.002
"""The share of members that nobody referred."""
COPIED = 0.5
IN_FULL = 0.5
PICKS = 1000
"""How many orders are tried before nothing seems left to refund."""
OrderRow = tuple[str, str, int, str, str, str]
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = 180


def write_network(folder: Path, members: int, orders: int, seed: int, refunds: int = 0) -> None:
    """Writes members.csv, orders.csv and, for any refunds, refunds.csv into a folder that exists."""
    random = Random(seed)  # noqa: S311  a network for tests and demonstrations, no secret
    _write(folder / "members.csv", ("member_id", "referrer_id", "joined_at"), member_rows(random, members))
    columns = ("order_id", "member_id", "amount_minor", "currency", "status", "completed_at")
    rows: Iterable[OrderRow] = order_rows(random, members, orders)
    if refunds:
        rows = list(rows)
        given_back = refund_rows(random, rows, refunds)
        _write(folder / "refunds.csv", ("refund_id", "order_id", "amount_minor", "refunded_at"), given_back)
    _write(folder / "orders.csv", columns, rows)


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


def order_rows(random: Random, members: int, count: int) -> Iterator[OrderRow]:
    """Orders in the order in which they were completed, evenly over the half year after everybody has joined."""
    begin = BEGIN + timedelta(days=DAYS)
    for number in range(count):
        buyer = int(members * random.random() ** 1.5)
        amount = max(1, int(random.lognormvariate(9.5, 1.0)))
        completed = begin + timedelta(days=DAYS) * number / count
        yield f"o{number:08d}", _member(min(buyer, members - 1)), amount, "CNY", "completed", _text(completed)


def refund_rows(random: Random, orders: Sequence[OrderRow], count: int) -> Iterator[tuple[str, str, int, str]]:
    """Refunds of orders picked at random, never more than was paid; fewer than asked for once nothing is left."""
    left = {order_id: amount for order_id, _, amount, *_ in orders}
    for number in range(count):
        for _ in range(PICKS):
            order_id, *_, completed = random.choice(orders)
            if left[order_id]:
                break
        else:
            return
        part = left[order_id] if random.random() < IN_FULL else random.randint(1, left[order_id])
        left[order_id] -= part
        moment = datetime.fromisoformat(completed) + timedelta(days=60) * random.random()
        yield f"r{number:08d}", order_id, part, _text(moment)


def _member(number: int) -> str:
    return f"m{number:07d}"


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _write(file: Path, columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
