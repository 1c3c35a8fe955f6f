"""Moments: UTC in the domain; fixed-width ISO 8601 text in the store, so that text order is time order."""

from __future__ import annotations

from datetime import UTC, datetime

from graph.errors import InvalidInput

EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
"""What a shop can mean. Beyond lie slips of the keyboard, to which no hold could be added."""


def parse_time(text: str, field: str) -> datetime:
    """An ISO 8601 moment with an offset or Z, in UTC; raises InvalidInput for anything else."""
    try:
        moment = datetime.fromisoformat(text.strip())
        if moment.tzinfo is not None and EARLIEST <= moment < LATEST:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise InvalidInput(
        field, f"{text!r} is no moment of 1970 to 2199 with a zone, such as 2026-11-23T09:30:00Z.", code="BAD_DATE"
    )


def stored(moment: datetime) -> str:
    """The text kept in the store: always microseconds, always Z."""
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def shown(moment: datetime) -> str:
    """The shortest exact text, for files and people: no fraction where there is none."""
    return moment.isoformat().replace("+00:00", "Z")


def month_of(moment: datetime) -> str:
    """The calendar month (UTC) of a moment, such as 2026-01."""
    return f"{moment.year}-{moment.month:02d}"


def month_end(month: str) -> datetime:
    """The first moment of the month after this one."""
    year, number = map(int, month.split("-"))
    return datetime(year + number // 12, number % 12 + 1, 1, tzinfo=UTC)
