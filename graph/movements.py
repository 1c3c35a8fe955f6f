"""The entries of a reward in the order in which they came about, each with its cause."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graph.explanation import Code, Movement, Step
from graph.ledger import Account, RewardState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from graph.explanation import Evidence
    from graph.ledger import Entry, PostedReward
    from graph.reasons import Value


def movements(evidence: Evidence) -> list[Movement]:
    """Every entry with what the reward came to after it."""
    total, listed = 0, []
    for entry in in_order(evidence):
        change = (entry.debit is Account.COMPANY_REWARDS) - (entry.credit is Account.COMPANY_REWARDS)
        total += change * entry.amount_minor
        listed.append(Movement(entry, cause_of(evidence, entry), change * entry.amount_minor, total))
    return listed


def state_of(reward: PostedReward, listed: Sequence[Movement]) -> tuple[datetime | None, Step | None]:
    """When a reward becomes or became available, and what holds it."""
    if reward.state is RewardState.HELD:
        return None, next((m.cause for m in reversed(listed) if m.entry.credit is Account.HELD), None)
    settled = [m.entry.at for m in listed if m.entry.cause == "settlement"]
    return (settled[-1] if settled else reward.due_at), None


def in_order(evidence: Evidence) -> list[Entry]:
    """Facts by seq; between them what moved the money on, as the accounts that the facts were posted to tell.

    Entries know no common clock: a fact has the shop's moment, a settlement the one at which its hold passed.
    """
    facts = sorted((entry for entry in evidence.entries if _own(entry)), key=lambda entry: _seq(evidence, entry))
    moves = sorted((entry for entry in evidence.entries if not _own(entry)), key=lambda entry: (entry.at, entry.cause))
    listed: list[Entry] = []
    lies_in = Account.PENDING
    for fact in facts:
        while lies_in is not _own(fact) and any(_lies_in_after(move) is _own(fact) for move in moves):
            lies_in = _move(moves, lies_in, listed)
        listed.append(fact)
    while moves:
        lies_in = _move(moves, lies_in, listed)
    return listed


def _move(moves: list[Entry], lies_in: Account, listed: list[Entry]) -> Account:
    """Takes the next movement out of where the money lies; where it lies then."""
    fits = (move for move in moves if move.debit in (lies_in, Account.PAID))
    move = next(fits, moves[0])
    moves.remove(move)
    listed.append(move)
    return _lies_in_after(move)


def _lies_in_after(move: Entry) -> Account:
    return Account.AVAILABLE if move.credit is Account.PAID else move.credit


def _own(entry: Entry) -> Account | None:
    """The account on the other side of the company's; None where money only moved on."""
    if entry.debit is Account.COMPANY_REWARDS:
        return entry.credit
    return entry.debit if entry.credit is Account.COMPANY_REWARDS else None


def _seq(evidence: Evidence, entry: Entry) -> tuple[int, str]:
    kind, _, key = entry.cause.partition(":")
    fact = evidence.orders.get(key) if kind == "completion" else evidence.refunds.get(key)
    return (fact.seq if fact else None) or evidence.reward.order_seq, entry.cause


NAMED = {
    "settlement": Code.BY_SETTLEMENT,
    "payout": Code.BY_PAYOUT,
    "payout_failed": Code.BY_FAILED_PAYOUT,
    "month": Code.BY_MONTH,
    "adjustment": Code.BY_ADJUSTMENT,
}
"""Causes of which there is nothing to say but their id."""


def cause_of(evidence: Evidence, entry: Entry) -> Step:
    """The cause of an entry, with what is known of it."""
    kind, _, key = entry.cause.partition(":")
    values: dict[str, Value] = {"key": key}
    if kind == "completion":
        order = evidence.orders.get(key)
        return Step(Code.BY_COMPLETION, {"order_id": key, "paid_minor": order.paid_minor if order else None})
    if kind == "refund":
        refund = evidence.refunds.get(key)
        amount, order_id = (refund.amount_minor, refund.order_id) if refund else (None, None)
        return Step(Code.BY_REFUND, {"refund_id": key, "amount_minor": amount, "order_id": order_id})
    if kind == "hold":
        return Step(Code.BY_HOLD, values | {"reason": evidence.holds.get(key)})
    if kind == "release":
        return Step(Code.BY_RELEASE, values)
    return Step(NAMED[kind], values) if kind in NAMED else Step(Code.BY_OTHER, {"cause": entry.cause})
