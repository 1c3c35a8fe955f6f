"""What was bought: the completed orders of a history with their net amounts, by seq, in little memory."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graph.fact_pages import COMPLETED, REFUNDED

if TYPE_CHECKING:
    from collections.abc import Container

    from graph.fact_pages import FactPage


@dataclass(frozen=True, slots=True)
class Sold:
    """An order with its net amount after all refunds, in minor units."""

    order_id: str
    currency: str
    net_minor: int


@dataclass(slots=True)
class Sales:
    """Grows page by page. `refunded` names every order that is refunded."""

    refunded: Container[str]
    net_minor: Counter[str] = field(default_factory=Counter)
    """By currency, after refunds."""
    open_months: set[str] = field(default_factory=set)
    """Months with orders that were never closed."""
    _closed: set[str] = field(default_factory=set)
    _seqs: array[int] = field(default_factory=lambda: array("q"))
    _nets: array[int] = field(default_factory=lambda: array("q"))
    _ids: list[str] = field(default_factory=list)
    _currencies: list[str] = field(default_factory=list)
    _places: dict[str, int] = field(default_factory=dict)

    def add(self, page: FactPage) -> None:
        """The next facts."""
        columns = (page.seqs, page.kinds, page.order_ids, page.amounts, page.currencies, page.moments, page.names)
        for seq, kind, order_id, minor, currency, moment, name in zip(*columns, strict=True):
            if kind == COMPLETED:
                self.net_minor[currency] += minor
                self.open_months.add(moment[:7])
                if order_id in self.refunded:
                    self._places[order_id] = len(self._seqs)
                self._seqs.append(seq)
                self._nets.append(minor)
                self._ids.append(order_id)
                self._currencies.append(currency)
            elif kind == REFUNDED:
                self.net_minor[currency] -= minor
                self._nets[self._places[order_id]] -= minor
            else:
                self._closed.add(name)
        self.open_months -= self._closed

    def order(self, seq: int) -> Sold:
        """The order that was accepted as completed at a seq."""
        place = bisect_left(self._seqs, seq)
        return Sold(self._ids[place], self._currencies[place], self._nets[place])

    def __len__(self) -> int:
        return len(self._seqs)
