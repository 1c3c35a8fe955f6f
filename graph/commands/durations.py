"""Spans of time as people write them: 45s, 30m, 8h, 90d."""

from __future__ import annotations

import re
from datetime import timedelta

from graph.errors import InvalidInput

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def duration(text: str, field: str) -> timedelta:
    """What a text means; raises InvalidInput for anything else, and for nothing at all."""
    match = re.fullmatch(r"([0-9]{1,6})([smhd])", text)
    if match is None or int(match[1]) == 0:
        raise InvalidInput(field, f"{text!r} is no span of time such as 30m, 8h or 90d.", code="BAD_DURATION")
    return timedelta(**{UNITS[match[2]]: int(match[1])})
