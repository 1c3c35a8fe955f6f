"""Months and their ends: what is closed, and what is due to be."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from graph.desk_errors import MonthNotOver
from graph.errors import InvalidInput
from graph.times import EARLIEST, LATEST, month_end, month_of

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class ClosedMonth:
    """A month that was closed. `seq` is None until the log has numbered the closing."""

    month: str
    actor: str
    at: datetime
    seq: int | None


def month_name(text: str) -> str:
    """A calendar month such as 2026-01; raises InvalidInput for anything else."""
    if re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", text) and EARLIEST.year <= int(text[:4]) < LATEST.year:
        return text
    raise InvalidInput("month", f"{text[:40]!r} is no month such as 2026-01.", code="BAD_MONTH")


def refuse_unfinished(month: str, now: datetime) -> None:
    """Raises MonthNotOver for the running month and those to come."""
    if now < month_end(month):
        raise MonthNotOver(month)


def ended(first: datetime, now: datetime, after_days: int) -> Iterator[str]:
    """The months from that of a moment on that ended at least so many days ago, oldest first."""
    month = datetime(first.year, first.month, 1, tzinfo=UTC)
    while (end := month_end(month_of(month))) + timedelta(days=after_days) <= now:
        yield month_of(month)
        month = end
