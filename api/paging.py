"""Keyset pages: a cursor names the place of one row in a total order, so that a page never shifts under inserts.

A cursor is sealed for who asked and for what was asked: a borrowed or an edited one is no cursor.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from hmac import compare_digest, digest
from typing import TYPE_CHECKING, Generic, TypeVar

from graph.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graph.principals import Principal

P = TypeVar("P", bound="tuple[int | str, ...]")
T = TypeVar("T")

MAX_PAGE = 100
LARGEST = 2**63 - 1
SEAL_BYTES = 16


@dataclass(frozen=True, slots=True)
class Keyset(Generic[P]):
    """One total order: its name, and the place before its first row."""

    name: str
    start: P


@dataclass(frozen=True, slots=True)
class Cursors:
    """The cursors of one principal, under the installation's key."""

    key: bytes
    principal: Principal

    def of(self, keyset: Keyset[P], *asked: str) -> Sealed[P]:
        """Those of one order, and of what it was asked of: a member, an order, a batch."""
        scope = [self.principal.name, self.principal.member_id, keyset.name, *asked]
        return Sealed(keyset, digest(self.key, json.dumps(scope).encode(), "sha256"))


@dataclass(frozen=True, slots=True)
class Sealed(Generic[P]):
    """One order for one principal and one question. Cursors of any other are refused, and so is an edited one."""

    keyset: Keyset[P]
    key: bytes

    def cursor(self, place: P) -> str:
        """The opaque text of a place."""
        text = json.dumps(place).encode()
        return urlsafe_b64encode(self._seal(text) + text).decode()

    def place(self, after: str | None) -> P:
        """The place that a cursor names, or the start; raises InvalidInput for what this order did not give out."""
        if after is None:
            return self.keyset.start
        try:
            raw = urlsafe_b64decode(after.encode())
        except ValueError:
            raise _bad_cursor() from None
        text = raw[SEAL_BYTES:]
        if not compare_digest(raw[:SEAL_BYTES], self._seal(text)):
            raise _bad_cursor()
        return tuple(json.loads(text))  # type: ignore[return-value]

    def _seal(self, text: bytes) -> bytes:
        return digest(self.key, text, "sha256")[:SEAL_BYTES]


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
