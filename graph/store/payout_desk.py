"""What moves a payout on in Neo4j: a batch pays page by page, is exported and settled; a payout may come back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from graph.audit import Action
from graph.desk_errors import PayoutNotOpen, UnknownPayout
from graph.members import MemberId
from graph.payouts import (
    Payout,
    PayoutBatch,
    PayoutStatus,
    actor_name,
    all_of,
    available,
    coming_back,
    paying,
    payment,
    payout_id,
    reason_text,
    reversal,
)
from graph.store import wallets
from graph.store.payouts import BY_ID, CREATE, PayoutStore, payout_properties, portions_of, stored_batch, stored_payout
from graph.store.queries import load
from graph.store.recording import DESK, record
from graph.store.rewards import posted_reward

if TYPE_CHECKING:
    from graph.ledger import Entry
    from graph.store.database import Database, Row, Transaction
    from graph.store.wallets import Wallet

PAYABLE = load("reward/payable")
LOCK_BATCH = load("payout_batch/lock")
STEP_BATCH = load("payout_batch/step")
LOCK = load("payout/lock")
STEP = load("payout/step")
FAIL = load("payout/fail")

MEMBERS_AT_ONCE, REWARDS_AT_ONCE = 200, 2_000
"""What one transaction pays: so many members, or fewer who have so many rewards."""


@dataclass(frozen=True, slots=True)
class PayoutDesk:
    """Runs batches and follows them to the bank."""

    database: Database
    payouts: PayoutStore

    async def run(
        self,
        idempotency_key: str,
        actor: str,
        currency: str | None = None,
        minimum_minor: int = 1,
        as_of: datetime | None = None,
    ) -> PayoutBatch:
        """Pays every member all that they have available, if it is the minimum at least, and says what was paid.

        Run again with the same key, it goes on where it was killed; once it has ended, it changes nothing.
        `as_of` dates the entries. Raises InvalidInput and IdempotencyConflict.
        """
        actor_name(actor)
        batch = await self.payouts.begin(idempotency_key, currency, minimum_minor, as_of)
        while await self.database.write(lambda tx: pay_page(tx, batch.batch_id, actor)):
            pass
        return await self.payouts.batch(batch.batch_id)

    async def mark_exported(self, key: str, actor: str) -> PayoutBatch:
        """Notes that a batch goes to the bank now; it may go again. Raises UnknownPayout and PayoutNotOpen."""
        allowed = (PayoutStatus.OPEN, PayoutStatus.EXPORTED)
        return await self._step(key, actor, allowed, PayoutStatus.EXPORTED)

    async def confirm(self, key: str, actor: str) -> PayoutBatch:
        """Notes that the bank has paid an exported batch. Raises UnknownPayout and PayoutNotOpen."""
        allowed = (PayoutStatus.EXPORTED, PayoutStatus.SETTLED)
        return await self._step(key, actor, allowed, PayoutStatus.SETTLED)

    async def fail(self, key: str, actor: str, reason: str) -> Payout:
        """Brings the money of a payout back that the bank refused; a second time changes nothing.

        Raises UnknownPayout, and PayoutNotOpen for one that was settled.
        """
        actor_name(actor)
        reason_text(reason)
        at = datetime.now(UTC)
        return await self.database.write(lambda tx: _fail(tx, key, actor, reason, at))

    async def _step(self, key: str, actor: str, allowed: tuple[PayoutStatus, ...], status: PayoutStatus) -> PayoutBatch:
        actor_name(actor)
        at = datetime.now(UTC)

        async def work(tx: Transaction) -> None:
            rows = await tx.run(LOCK_BATCH, batch_id=key)
            if not rows:
                raise UnknownPayout(key)
            batch = rows[0]["batch"]
            if batch["status"] not in allowed:
                raise PayoutNotOpen(key, batch["status"])
            await tx.run(STEP_BATCH, batch_id=key, status=status, after=batch["after"])
            await tx.run(STEP, batch_id=key, status=status)
            await record(tx, DESK, actor, at, (), [Action(f"payout_{status}", key, actor, at, {})])

        await self.database.write(work)
        return await self.payouts.batch(key)


async def pay_page(tx: Transaction, key: str, actor: str) -> bool:
    """Pays a batch's next members; whether there may be more."""
    (row,) = await tx.run(LOCK_BATCH, batch_id=key)
    batch, after = stored_batch(row["batch"]), row["batch"]["after"]
    if batch.status is not PayoutStatus.PAYING:
        return False
    found = await tx.run(PAYABLE, after=after, currency=batch.currency or "", count=MEMBERS_AT_ONCE)
    members = _as_many_as_fit(found)
    paid: list[Row] = []
    entries: list[Entry] = []
    actions: list[Action] = []
    for (member, currency), wallet in (await wallets.open_wallets(tx, members, batch.currency or "")).items():
        payout = _payout(batch, MemberId(member), currency, wallet)
        if payout.amount_minor >= batch.minimum_minor:
            portions = all_of(wallet.values())
            await wallets.pay(tx, wallet, portions, paying)
            paid.append(payout_properties(payout, portions))
            entries += [payment(wallet[p.reward_id], p, payout.payout_id, batch.at) for p in portions]
            actions.append(_action("payout", payout, actor, batch.at))
    await tx.run(CREATE, rows=paid)
    status = PayoutStatus.PAYING if len(members) < len(found) or len(found) == MEMBERS_AT_ONCE else PayoutStatus.OPEN
    await tx.run(STEP_BATCH, batch_id=key, status=status, after=members[-1] if members else after)
    await record(tx, DESK, actor, batch.at, entries, actions)
    return status is PayoutStatus.PAYING


def _payout(batch: PayoutBatch, member_id: MemberId, currency: str, wallet: Wallet) -> Payout:
    return Payout(
        payout_id=payout_id(batch.batch_id, member_id, currency),
        batch_id=batch.batch_id,
        member_id=member_id,
        currency=currency,
        amount_minor=available(wallet.values()),
        status=PayoutStatus.OPEN,
        at=batch.at,
        idempotency_key=batch.idempotency_key,
    )


def _action(kind: str, payout: Payout, actor: str, at: datetime) -> Action:
    detail: dict[str, str | int] = {
        "batch_id": payout.batch_id,
        "member_id": payout.member_id,
        "currency": payout.currency,
        "amount_minor": payout.amount_minor,
    }
    return Action(kind, payout.payout_id, actor, at, detail)


def _as_many_as_fit(found: list[Row]) -> list[str]:
    """The first members whose rewards fit into one transaction: one at least."""
    members: list[str] = []
    rewards = 0
    for row in found:
        rewards += row["rewards"]
        if members and rewards > REWARDS_AT_ONCE:
            break
        members.append(row["member_id"])
    return members


async def _fail(tx: Transaction, key: str, actor: str, reason: str, at: datetime) -> Payout:
    found = await tx.run(BY_ID, payout_id=key)
    if not found:
        raise UnknownPayout(key)
    await tx.run(LOCK_BATCH, batch_id=found[0]["payout"]["batch_id"])
    rows = await tx.run(LOCK, payout_id=key)
    payout = stored_payout(rows[0]["payout"])
    if payout.status is PayoutStatus.FAILED:
        return payout
    if payout.status is PayoutStatus.SETTLED:
        raise PayoutNotOpen(key, payout.status)
    portions = portions_of(rows[0]["payout"])
    await tx.run(wallets.LOCK, member_ids=[payout.member_id])
    rewards = {
        properties["id"]: posted_reward(properties)
        for properties in await wallets.lock_rewards(tx, [portion.reward_id for portion in portions])
    }
    await wallets.pay(tx, rewards, portions, coming_back)
    await tx.run(FAIL, payout_id=key, reason=reason)
    entries = [reversal(rewards[portion.reward_id], portion, key, at) for portion in portions]
    action = _action("payout_failed", payout, actor, at)
    await record(tx, DESK, actor, at, entries, [action])
    return stored_payout(rows[0]["payout"] | {"status": PayoutStatus.FAILED})
