"""Holds in Neo4j: rewards that a review keeps back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from graph.audit import Action
from graph.desk_errors import UnknownHold, UnknownReward
from graph.holds import HeldReward, Hold, HoldStatus, holding, releasing
from graph.ledger import RewardState
from graph.members import identifier
from graph.payouts import actor_name, reason_text
from graph.store.queries import load
from graph.store.recording import DESK, record
from graph.store.rewards import posted_reward
from graph.store.wallets import lock_rewards
from graph.times import stored

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graph.store.database import Database, Row, Transaction

TAKE = load("hold/take")
LOCK = load("hold/lock")
RELEASE = load("hold/release")
HOLD_REWARDS = load("reward/hold")
RELEASE_REWARDS = load("reward/release")


@dataclass(frozen=True, slots=True)
class HoldStore:
    """Keeps rewards back, and gives them free."""

    database: Database

    async def hold(self, reward_ids: Sequence[str], hold_id: str, actor: str, reason: str) -> Hold:
        """Moves pending and available rewards to `held`, all or none. The same hold again changes nothing.

        Raises UnknownReward, AlreadyHeld, RewardNotHoldable, and IdempotencyConflict for a hold of other content.
        """
        identifier(hold_id, "hold_id")
        wish = Hold(
            hold_id=hold_id,
            reward_ids=tuple(sorted({identifier(reward_id, "reward_ids") for reward_id in reward_ids})),
            actor=actor_name(actor),
            reason=reason_text(reason),
            at=datetime.now(UTC),
        )
        if not wish.reward_ids:
            raise UnknownReward("")
        return await self.database.write(lambda tx: _hold(tx, wish))

    async def release(self, hold_id: str, actor: str, reason: str) -> Hold:
        """Moves the rewards of a hold back to where they came from; a second release changes nothing.

        A pending one has its due moment again, so that the next settlement takes it if that has passed.
        Raises UnknownHold.
        """
        identifier(hold_id, "hold_id")
        actor_name(actor)
        reason_text(reason)
        at = datetime.now(UTC)
        return await self.database.write(lambda tx: _release(tx, hold_id, actor, reason, at))


async def _hold(tx: Transaction, wish: Hold) -> Hold:
    properties = {
        "reward_ids": list(wish.reward_ids),
        "reason": wish.reason,
        "actor": wish.actor,
        "at": stored(wish.at),
        "status": wish.status,
    }
    (row,) = await tx.run(TAKE, hold_id=wish.hold_id, properties=properties)
    if not row["new"]:
        earlier = _stored_hold(row["hold"])
        earlier.refuse_other_content(wish.reward_ids, wish.reason)
        return earlier
    found = await lock_rewards(tx, wish.reward_ids)
    missing = set(wish.reward_ids) - {properties["id"] for properties in found}
    if missing:
        raise UnknownReward(min(missing))
    entries = [holding(_held_reward(properties), wish.hold_id, wish.at) for properties in found]
    await tx.run(HOLD_REWARDS, reward_ids=list(wish.reward_ids), hold_id=wish.hold_id, reason=wish.reason)
    detail: dict[str, str | int] = {"reason": wish.reason, "rewards": len(wish.reward_ids)}
    action = Action("hold", wish.hold_id, wish.actor, wish.at, detail)
    await record(tx, DESK, wish.actor, wish.at, [entry for entry in entries if entry.amount_minor], [action])
    return wish


async def _release(tx: Transaction, hold_id: str, actor: str, reason: str, at: datetime) -> Hold:
    rows = await tx.run(LOCK, hold_id=hold_id)
    if not rows:
        raise UnknownHold(hold_id)
    hold = _stored_hold(rows[0]["hold"])
    if hold.status is HoldStatus.RELEASED:
        return hold
    held = [_held_reward(properties) for properties in await lock_rewards(tx, hold.reward_ids)]
    entries = [releasing(found, hold_id, at) for found in held]
    await tx.run(RELEASE_REWARDS, reward_ids=list(hold.reward_ids))
    await tx.run(RELEASE, hold_id=hold_id, actor=actor, reason=reason, at=stored(at))
    detail: dict[str, str | int] = {"reason": reason, "rewards": len(hold.reward_ids)}
    action = Action("release", hold_id, actor, at, detail)
    await record(tx, DESK, actor, at, [entry for entry in entries if entry.amount_minor], [action])
    return _stored_hold(rows[0]["hold"] | {"status": HoldStatus.RELEASED})


def _held_reward(properties: Row) -> HeldReward:
    held_from = properties.get("held_from")
    return HeldReward(
        reward=posted_reward(properties),
        hold_id=properties.get("hold_id"),
        held_from=RewardState(held_from) if held_from else None,
    )


def _stored_hold(properties: Row) -> Hold:
    return Hold(
        hold_id=properties["id"],
        reward_ids=tuple(properties["reward_ids"]),
        actor=properties["actor"],
        reason=properties["reason"],
        at=datetime.fromisoformat(properties["at"]),
        status=HoldStatus(properties["status"]),
    )
