"""Balances against the sums of all rewards' entries, and members' money against the company's."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graph.verification.entries import OF_MEMBERS
from graph.verification.mismatches import Mismatch

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping

    from graph.ledger import Balance
    from graph.verification.entries import Sums


@dataclass(slots=True)
class Balances:
    """Holds the balances that are told to members against the sums. What is left of these was told to nobody."""

    sums: Sums
    members: Container[str]
    held: Counter[str] = field(default_factory=Counter)

    def read(self, balances: Mapping[str, Iterable[Balance]]) -> Iterator[Mismatch]:
        """Takes in the balances of some members."""
        for member, of_member in balances.items():
            if member not in self.members:
                yield Mismatch("BENEFICIARY_UNKNOWN", member)
            for balance in of_member:
                yield from self._compare(balance)

    def _compare(self, balance: Balance) -> Iterator[Mismatch]:
        member, currency = balance.member_id, balance.currency
        found = [balance.pending_minor, balance.available_minor, balance.held_minor, balance.paid_minor]
        expected = self.sums.of_members.pop((member, currency), [0, 0, 0, 0])
        self.held[currency] += sum(found)
        for account, minor, sum_ in zip(OF_MEMBERS, found, expected, strict=True):
            if minor != sum_:
                yield Mismatch("BALANCE_WRONG", member, sum_, minor, f"{account} {currency}")
            if minor < 0 and account != "available":
                yield Mismatch("BALANCE_NEGATIVE", member, 0, minor, f"{account} {currency}")

    def finish(self) -> Iterator[Mismatch]:
        """What the company gave is what members hold, in each currency."""
        for (member, currency), minor in self.sums.of_members.items():
            if any(minor):
                yield Mismatch("BALANCE_WRONG", member, sum(minor), None, currency)
        for currency in self.sums.given.keys() | self.held.keys():
            if self.sums.given[currency] != self.held[currency]:
                yield Mismatch("CURRENCY_UNBALANCED", currency, self.sums.given[currency], self.held[currency])
