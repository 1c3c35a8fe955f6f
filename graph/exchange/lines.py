"""One row of an import file on its way: as it was read, and what it wishes or why it is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from graph.errors import Refused
    from graph.exchange.tables import RawRow

Wish = TypeVar("Wish")


@dataclass(frozen=True, slots=True)
class Line(Generic[Wish]):
    """A row with its line number in the file."""

    number: int
    row: RawRow
    wish: Wish | Refused
