"""Keyset pages: a cursor names the place of one row in a total order, so that a page never shifts under inserts."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from graph.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Sequence

P = TypeVar("P", bound="tuple[int | str, ...]")
T = TypeVar("T")

MAX_PAGE = 100
LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Keyset(Generic[P]):
    """One total order: its name, and the place before its first row. Cursors of another order are refused."""

    name: str
    start: P

    def cursor(self, place: P) -> str:
        """The opaque text of a place."""
        return urlsafe_b64encode(json.dumps([self.name, *place]).encode()).decode()

    def place(self, after: str | None) -> P:
        """The place that a cursor names, or the start; raises InvalidInput for what is no cursor of this order."""
        if after is None:
            return self.start
        try:
            name, *place = json.loads(urlsafe_b64decode(after.encode()))
        except (ValueError, TypeError, RecursionError):
            raise _bad_cursor() from None
        like_start = [type(part) for part in place] == [type(part) for part in self.start]
        if name != self.name or not like_start or any(isinstance(p, int) and abs(p) > LARGEST for p in place):
            raise _bad_cursor()
        return tuple(place)  # type: ignore[return-value]


def page_size(first: int) -> int:
    """How many rows to show; raises InvalidInput unless it is from 1 to 100."""
    if not 1 <= first <= MAX_PAGE:
        raise InvalidInput("first", f"first must be from 1 to {MAX_PAGE}.", code="BAD_PAGE_SIZE")
    return first


def levels(max_level: int) -> int:
    """How many levels to look up or down; raises InvalidInput unless it is from 1 to 1000."""
    if not 1 <= max_level <= 1000:
        raise InvalidInput("max_level", "max_level must be from 1 to 1000.", code="BAD_LEVEL")
    return max_level


def after_key(rows: Sequence[T], keys: Sequence[str], key: str) -> Sequence[T]:
    """The rows that follow the one with a key, all of them for an empty key; raises InvalidInput if none has it."""
    if not key:
        return rows
    if key not in keys:
        raise _bad_cursor()
    return rows[keys.index(key) + 1 :]


def _bad_cursor() -> InvalidInput:
    return InvalidInput("after", "after is no cursor of this connection.", code="BAD_CURSOR")
