"""Withdrawals in Neo4j: part of what a member has available, if there is so much."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from graph.audit import Action
from graph.desk_errors import IdempotencyConflict, InsufficientFunds
from graph.errors import UnknownMember
from graph.members import identifier, member_id
from graph.money import amount_minor, currency_code
from graph.payouts import Payout, PayoutStatus, Withdrawal, actor_name, allocate, available, paying, payment
from graph.store import wallets
from graph.store.payouts import BY_ID, CREATE, TAKE_BATCH, payout_properties, stored_payout
from graph.store.recording import DESK, record
from graph.times import stored

if TYPE_CHECKING:
    from graph.store.database import Database, Transaction


@dataclass(frozen=True, slots=True)
class WithdrawalStore:
    """Pays members what they ask for."""

    database: Database

    async def withdraw(self, wish: Withdrawal, actor: str) -> Payout:
        """Takes the amount from the member's available rewards, debts first, then the oldest.

        The same key and content again give the same payout. Raises InvalidInput, UnknownMember, InsufficientFunds,
        and IdempotencyConflict for a key used with other content.
        """
        amount_minor(wish.amount_minor)
        currency_code(wish.currency)
        member_id(wish.member_id)
        identifier(wish.idempotency_key, "idempotency_key")
        actor_name(actor)
        at = datetime.now(UTC)
        return await self.database.write(lambda tx: withdraw(tx, wish, actor, at))


async def withdraw(tx: Transaction, wish: Withdrawal, actor: str, at: datetime) -> Payout:
    """One withdrawal in a transaction; the member's wallet is its first lock."""
    if not await wallets.known(tx, wish.member_id):
        raise UnknownMember(wish.member_id)
    earlier = await tx.run(BY_ID, payout_id=wish.payout_id)
    if earlier:
        return _repeated(stored_payout(earlier[0]["payout"]), wish)
    found = await wallets.open_wallets(tx, [wish.member_id], wish.currency)
    rewards = found.get((wish.member_id, wish.currency), {})
    free = available(rewards.values())
    if free < wish.amount_minor:
        raise InsufficientFunds(wish.member_id, wish.currency, free)
    portions = allocate(rewards.values(), wish.amount_minor)
    payout = Payout(
        payout_id=wish.payout_id,
        batch_id=wish.payout_id,
        member_id=wish.member_id,
        currency=wish.currency,
        amount_minor=wish.amount_minor,
        status=PayoutStatus.OPEN,
        at=at,
        idempotency_key=wish.idempotency_key,
    )
    await wallets.pay(tx, rewards, portions, paying)
    await tx.run(TAKE_BATCH, batch_id=wish.payout_id, properties=_batch_of_one(payout))
    await tx.run(CREATE, rows=[payout_properties(payout, portions)])
    entries = [payment(rewards[portion.reward_id], portion, wish.payout_id, at) for portion in portions]
    detail: dict[str, str | int] = {
        "member_id": wish.member_id,
        "currency": wish.currency,
        "amount_minor": wish.amount_minor,
    }
    await record(tx, DESK, actor, at, entries, [Action("withdrawal", wish.payout_id, actor, at, detail)])
    return payout


def _batch_of_one(payout: Payout) -> dict[str, object]:
    return {
        "idempotency_key": payout.idempotency_key,
        "currency": payout.currency,
        "minimum_minor": payout.amount_minor,
        "status": payout.status,
        "at": stored(payout.at),
        "after": payout.member_id,
    }


def _repeated(earlier: Payout, wish: Withdrawal) -> Payout:
    names = ("member_id", "currency", "amount_minor")
    differing = tuple(name for name in names if getattr(wish, name) != getattr(earlier, name))
    if differing:
        raise IdempotencyConflict(wish.idempotency_key, differing)
    return earlier
