"""Adjustments in Neo4j: proposed, posted, rejected."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from graph.adjustments import Adjustment, AdjustmentStatus, posting, signed_amount
from graph.audit import Action
from graph.desk_errors import AdjustmentNotOpen, UnknownAdjustment
from graph.errors import UnknownMember
from graph.ledger import RewardState
from graph.members import identifier, member_id
from graph.money import currency_code
from graph.payouts import actor_name, reason_text
from graph.store import log, wallets
from graph.store.ledger import POST
from graph.store.queries import load
from graph.store.recording import DESK, record
from graph.store.rewards import reward_properties
from graph.times import stored

if TYPE_CHECKING:
    from graph.ledger import Entry
    from graph.store.database import Database, Row, Transaction

TAKE = load("adjustment/take")
LOCK = load("adjustment/lock")
DECIDE = load("adjustment/decide")
PAGE = load("adjustment/page")


@dataclass(frozen=True, slots=True)
class Wish:
    """Money to give (above zero) or to take by hand; the id is its idempotency key."""

    adjustment_id: str
    member_id: str
    currency: str
    amount_minor: int
    reason: str


@dataclass(frozen=True, slots=True)
class AdjustmentStore:
    """Gives and takes money by hand; above `limit_minor` two people must want it."""

    database: Database
    limit_minor: int

    async def adjust(self, wish: Wish, actor: str) -> Adjustment:
        """Posts a small adjustment, proposes a large one. The same again gives what has become of it.

        Raises InvalidInput, UnknownMember, and IdempotencyConflict for an id used with other content.
        """
        signed_amount(wish.amount_minor)
        large = abs(wish.amount_minor) > self.limit_minor
        adjustment = Adjustment(
            adjustment_id=identifier(wish.adjustment_id, "adjustment_id"),
            member_id=member_id(wish.member_id),
            currency=currency_code(wish.currency),
            amount_minor=wish.amount_minor,
            reason=reason_text(wish.reason),
            actor=actor_name(actor),
            at=datetime.now(UTC),
            status=AdjustmentStatus.PROPOSED if large else AdjustmentStatus.POSTED,
        )
        return await self.database.write(lambda tx: _adjust(tx, adjustment))

    async def approve(self, adjustment_id: str, actor: str) -> Adjustment:
        """Posts a proposed adjustment; an approved one stays as it is.

        Raises UnknownAdjustment, SamePerson for who proposed it, AdjustmentNotOpen for a rejected one.
        """
        return await self._decide(adjustment_id, actor, AdjustmentStatus.POSTED, "")

    async def reject(self, adjustment_id: str, actor: str, reason: str) -> Adjustment:
        """Gives a proposed adjustment up; a rejected one stays as it is. Who proposed it may, too.

        Raises UnknownAdjustment, AdjustmentNotOpen for a posted one.
        """
        return await self._decide(adjustment_id, actor, AdjustmentStatus.REJECTED, reason_text(reason))

    async def page(self, before: tuple[str, str], count: int) -> list[Adjustment]:
        """Adjustments before a (moment, id), newest first."""
        rows = await self.database.rows(PAGE, before=before[0], before_id=before[1], count=count)
        return [adjustment_from(row["adjustment"]) for row in rows]

    async def _decide(self, adjustment_id: str, actor: str, status: AdjustmentStatus, reason: str) -> Adjustment:
        actor_name(actor)
        at = datetime.now(UTC)
        return await self.database.write(lambda tx: _decide(tx, adjustment_id, actor, (status, reason), at))


async def _adjust(tx: Transaction, wish: Adjustment) -> Adjustment:
    if not await wallets.known(tx, wish.member_id):
        raise UnknownMember(wish.member_id)
    properties = {
        "member_id": wish.member_id,
        "currency": wish.currency,
        "amount_minor": wish.amount_minor,
        "reason": wish.reason,
        "actor": wish.actor,
        "at": stored(wish.at),
        "status": wish.status,
    }
    (row,) = await tx.run(TAKE, adjustment_id=wish.adjustment_id, properties=properties)
    if not row["new"]:
        earlier = adjustment_from(row["adjustment"])
        earlier.refuse_other_content(wish)
        return earlier
    entries = [await _post(tx, wish, wish.at)] if wish.status is AdjustmentStatus.POSTED else []
    await record(tx, DESK, wish.actor, wish.at, entries, [_action(wish, wish.actor, wish.at)])
    return wish


async def _decide(
    tx: Transaction, adjustment_id: str, actor: str, decision: tuple[AdjustmentStatus, str], at: datetime
) -> Adjustment:
    status, reason = decision
    rows = await tx.run(LOCK, adjustment_id=adjustment_id)
    if not rows:
        raise UnknownAdjustment(adjustment_id)
    adjustment = adjustment_from(rows[0]["adjustment"])
    if adjustment.status is status:
        return adjustment
    if status is AdjustmentStatus.POSTED:
        adjustment.refuse_decision(actor)
    elif adjustment.status is not AdjustmentStatus.PROPOSED:
        raise AdjustmentNotOpen(adjustment_id, adjustment.status)
    await tx.run(DECIDE, adjustment_id=adjustment_id, status=status, actor=actor, reason=reason)
    decided = replace(adjustment, status=status, decided_by=actor)
    entries = [await _post(tx, adjustment, at)] if status is AdjustmentStatus.POSTED else []
    await record(tx, DESK, actor, at, entries, [_action(decided, actor, at)])
    return decided


async def _post(tx: Transaction, adjustment: Adjustment, at: datetime) -> Entry:
    """Writes the reward, at the log's mark, and gives the entry that is to be recorded with it."""
    mark = (await log.position(tx)).mark
    reward = adjustment.reward(at, max(1, mark))
    properties = reward_properties(reward, reward.reward_id, reward.worth_minor)
    await tx.run(POST, rows=[properties | {"state": RewardState.AVAILABLE}])
    return posting(reward, at)


def _action(adjustment: Adjustment, actor: str, at: datetime) -> Action:
    detail: dict[str, str | int] = {
        "member_id": adjustment.member_id,
        "currency": adjustment.currency,
        "amount_minor": adjustment.amount_minor,
        "reason": adjustment.reason,
    }
    return Action(f"adjustment_{adjustment.status}", adjustment.adjustment_id, actor, at, detail)


def adjustment_from(properties: Row) -> Adjustment:
    """The adjustment that a node describes."""
    return Adjustment(
        adjustment_id=properties["id"],
        member_id=properties["member_id"],
        currency=properties["currency"],
        amount_minor=properties["amount_minor"],
        reason=properties["reason"],
        actor=properties["actor"],
        at=datetime.fromisoformat(properties["at"]),
        status=AdjustmentStatus(properties["status"]),
        decided_by=properties.get("decided_by"),
    )
