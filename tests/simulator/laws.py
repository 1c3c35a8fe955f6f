"""What must be so after every single commit. Sums are kept from commit to commit, so that looking is cheap."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from graph.events import OrderCompleted, OrderRefunded
from graph.ledger import Account

if TYPE_CHECKING:
    from collections.abc import Mapping

    from memory.transactions import Store

    Before = Mapping[tuple[str, Any], Any]


class LawBroken(AssertionError):
    """The store shows what no store may show."""


def hold(what: object, message: str, *about: object) -> None:
    if not what:
        raise LawBroken(f"{message}: {about}")


class Laws:
    """Watches the commits of one store."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.sums: dict[str, int] = defaultdict(int)
        self.accounts: dict[tuple[str, Account, str], int] = defaultdict(int)
        self.company: dict[str, int] = defaultdict(int)
        store.watch = self.watch

    def watch(self, before: Before) -> None:
        rewards, accounts = set(), set()
        for (table, key), row in before.items():
            if table == "entries":
                hold(row is None, "an entry was written twice", key)
                rewards.add(self._count(key, accounts))
            elif table == "rewards":
                rewards.add(key)
            elif table in CHECKS:
                CHECKS[table](self.store, key, row)
        for reward_id in rewards:
            reward = self.store["rewards"].get(reward_id)
            hold(reward, "an entry without a reward", reward_id)
            hold(reward.amount_minor == self.sums[reward_id], "an amount is not the sum of its entries", reward)
        for member_id, account, currency in accounts:
            minor = self.accounts[member_id, account, currency]
            hold(minor >= 0 or account is Account.AVAILABLE, "an account fell below zero", member_id, account, minor)
            owned = sum(self.accounts[place] for place in self.accounts if place[2] == currency)
            hold(owned + self.company[currency] == 0, "money came from nowhere", currency)

    def _count(self, entry_id: str, accounts: set[tuple[str, Account, str]]) -> str:
        entry = self.store["entries"][entry_id]
        hold(entry.amount_minor > 0, "an entry moves nothing", entry)
        for account, minor in ((entry.debit, -entry.amount_minor), (entry.credit, entry.amount_minor)):
            if account is Account.COMPANY_REWARDS:
                self.company[entry.currency] += minor
                self.sums[entry.reward_id] -= minor
            else:
                place = (entry.beneficiary_id, account, entry.currency)
                self.accounts[place] += minor
                accounts.add(place)
        return str(entry.reward_id)


def _scope(store: Store, key: str, before: Any) -> None:
    after = store["scopes"][key]
    hold(before is None or before["applied_seq"] <= after["applied_seq"], "a scope's mark fell", key, before, after)


def _log(store: Store, key: str, before: Any) -> None:
    log = store["log"]
    if key == "sequence":
        hold(before is None or before[0] is None or before[0] <= log[key][0], "the sequence went back", before)
    elif key != "published_seq":
        hold(before <= log[key], "a mark of the log fell", key, before, log[key])
    hold(log["mark"] <= log["seq"], "the mark is above the last number", dict(log))


def _slot(store: Store, key: tuple[str, int], before: Any) -> None:
    slot = store["slots"].get(key)
    if slot is not None:
        order_id = slot.referral.order_id
        mine = [other for other, s in store["slots"].items() if s.referral.order_id == order_id]
        hold(mine == [key], "a referral is in two slots", order_id, mine)


def _order(store: Store, key: str, before: Any) -> None:
    order = store["orders"][key]
    hold(order["refunded_minor"] <= order["paid_minor"], "more was refunded than was paid", order)
    hold(order["net_minor"] is None or order["net_minor"] >= 0, "a net amount fell below zero", order)
    numbered = before["seq"] if before else None
    hold(numbered is None or numbered == order["seq"], "an order was numbered twice", order)


def _event(store: Store, key: object, before: Any) -> None:
    hold(before is None or not before.seq, "an event was numbered twice", key)
    fact = store["events"][key].fact
    if before is not None and isinstance(fact, OrderCompleted | OrderRefunded):
        causes = [other.cause for other in store.tables.facts_of[fact.buyer_id]]
        hold(causes.count(fact.cause) == 1, "a fact was accepted twice", fact)
        completed = [f.seq for f in store.tables.facts_of[fact.buyer_id] if f.cause == f"completion:{fact.order_id}"]
        hold(completed and completed[0] <= fact.seq, "a refund was numbered before its completion", fact)


CHECKS = {"scopes": _scope, "log": _log, "slots": _slot, "orders": _order, "events": _event}
