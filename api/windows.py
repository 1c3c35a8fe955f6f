"""Windows of time that end now."""

from datetime import datetime, timedelta

from graph.errors import InvalidInput

MAX_DAYS = 366


def days_before(now: datetime, days: int) -> datetime:
    """The moment so many days ago; raises InvalidInput unless it is from 1 to 366."""
    if not 1 <= days <= MAX_DAYS:
        raise InvalidInput("days", f"days must be from 1 to {MAX_DAYS}.", code="BAD_DAYS")
    return now - timedelta(days=days)
