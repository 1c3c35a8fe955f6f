"""The ledger against itself: each reward is what its entries move, and each entry moves what an entry may."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graph.ledger import Account, RewardState, account_of
from graph.rewards import digest
from graph.verification.mismatches import Mismatch

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from graph.store.database import Row
    from graph.verification.journal import Journal

COMPANY, PENDING, AVAILABLE, HELD, PAID = (account.value for account in Account)
OF_MEMBERS = (PENDING, AVAILABLE, HELD, PAID)
BOTH_WAYS = {
    *((COMPANY, PENDING), (COMPANY, AVAILABLE), (COMPANY, HELD)),
    *((PENDING, HELD), (AVAILABLE, HELD), (AVAILABLE, PAID)),
}
LEGAL = {*BOTH_WAYS, *((credit, debit) for debit, credit in BOTH_WAYS), (PENDING, AVAILABLE), (PAID, HELD)}
"""From where to where money may go. Corrections go the other way; what could not be paid out returns to its account."""


@dataclass(slots=True)
class Sums:
    """What all entries come to: by member and currency, and what the company gave."""

    of_members: dict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0, 0, 0]))
    given: Counter[str] = field(default_factory=Counter)
    unbalanced: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By cause and currency, what left one account and reached none that there is."""

    def add(self, entry: Row) -> None:
        """Counts an entry."""
        amount, currency = entry["amount_minor"], entry["currency"]
        for account, minor in ((entry["debit"], -amount), (entry["credit"], amount)):
            if account == COMPANY:
                self.given[currency] -= minor
            elif account in OF_MEMBERS:
                self.of_members[entry["beneficiary_id"], currency][OF_MEMBERS.index(account)] += minor
            else:
                self.unbalanced[entry["cause"], currency] += minor

    def check(self) -> Iterator[Mismatch]:
        """Each transaction balances."""
        for (cause, currency), minor in self.unbalanced.items():
            yield Mismatch("TRANSACTION_UNBALANCED", cause, 0, minor, currency)


def check_entry(entry: Row, reward: Row, journal: Journal) -> Iterator[Mismatch]:
    """An entry by itself and against its reward."""
    entry_id = str(entry.get("id"))
    expected = digest(reward["id"], entry["cause"])
    if entry_id != expected:
        yield Mismatch("ENTRY_ID", entry_id, expected, entry_id, f"{entry['cause']} of reward {reward['id']}")
    if entry["amount_minor"] <= 0:
        yield Mismatch("ENTRY_AMOUNT", entry_id, None, entry["amount_minor"])
    if (entry["debit"], entry["credit"]) not in LEGAL:
        yield Mismatch("ENTRY_ACCOUNTS", entry_id, None, f"{entry['debit']} to {entry['credit']}")
    for code, name in (("ENTRY_BENEFICIARY", "beneficiary_id"), ("ENTRY_CURRENCY", "currency")):
        if entry[name] != reward[name]:
            yield Mismatch(code, entry_id, reward[name], entry[name], reward["id"])
    if not _is_fact(entry["cause"], journal.left.keys(), journal.causes):
        yield Mismatch("ENTRY_CAUSE", entry_id, None, entry["cause"])


def check_sums(reward: Row, entries: Sequence[Row]) -> Iterator[Mismatch]:
    """A reward's amount, what is paid out of it, and where the rest lies."""
    net: Counter[str] = Counter()
    for entry in entries:
        net[entry["debit"]] -= entry["amount_minor"]
        net[entry["credit"]] += entry["amount_minor"]
    if reward["amount_minor"] != -net[COMPANY]:
        yield Mismatch("REWARD_ENTRIES", reward["id"], -net[COMPANY], reward["amount_minor"])
    if reward["paid_minor"] != net[PAID]:
        yield Mismatch("REWARD_PAID", reward["id"], net[PAID], reward["paid_minor"])
    states = set(RewardState)
    place = account_of(RewardState(reward["state"])) if reward["state"] in states else None
    elsewhere = [account for account in (PENDING, AVAILABLE, HELD) if net[account] and account != place]
    never_paid = reward["state"] == RewardState.PAID and PAID not in net
    if place is None or elsewhere or never_paid:
        yield Mismatch("REWARD_STATE", reward["id"], " and ".join(elsewhere) or "no such account", reward["state"])


def _is_fact(cause: str, orders: AbstractSet[str], others: AbstractSet[str]) -> bool:
    """Whether a cause is a fact of the log; what the desk does, a settlement or a payout, is none of the log's."""
    kind, _, subject = cause.partition(":")
    if kind == "completion":
        return subject in orders
    return kind not in {"refund", "month"} or cause in others
