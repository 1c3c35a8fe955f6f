"""Payouts and their batches in Neo4j: everybody's available money, each member once a batch."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from graph.desk_errors import IdempotencyConflict, UnknownPayout
from graph.errors import InvalidInput
from graph.members import identifier
from graph.money import MAX_AMOUNT_MINOR, currency_code
from graph.payouts import BatchSum, Payout, PayoutBatch, PayoutStatus, Portion, batch_id
from graph.store.queries import load
from graph.times import stored

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graph.store.database import Database, Row

TAKE_BATCH = load("payout_batch/take")
BATCH_BY_ID = load("payout_batch/by_id")
SUMS = load("payout_batch/sums")
CREATE = load("payout/create")
BY_ID = load("payout/by_id")
OF_BATCH = load("payout/of_batch")
OF_MEMBER = load("payout/of_member")
PAGE = load("payout/page")


@dataclass(frozen=True, slots=True)
class PayoutStore:
    """Begins batches, and reads them."""

    database: Database

    async def begin(
        self, idempotency_key: str, currency: str | None, minimum_minor: int, as_of: datetime | None
    ) -> PayoutBatch:
        """The batch under a key, made if it is new; its moment is that of its first run.

        Raises InvalidInput, and IdempotencyConflict for a key used with another currency or minimum.
        """
        identifier(idempotency_key, "idempotency_key")
        if currency is not None:
            currency_code(currency)
        if not 1 <= minimum_minor <= MAX_AMOUNT_MINOR:
            raise InvalidInput("minimum_minor", "The least payout is 1 minor unit.", code="BAD_AMOUNT")
        now = datetime.now(UTC)
        if as_of is not None and as_of > now:
            raise InvalidInput("as_of", "Nothing can be paid as of a moment to come.", code="FUTURE_MOMENT")
        properties = {
            "idempotency_key": idempotency_key,
            "currency": currency or "",
            "minimum_minor": minimum_minor,
            "status": PayoutStatus.PAYING,
            "at": stored(as_of or now),
            "after": "",
        }
        key = batch_id(idempotency_key)
        (row,) = await self.database.write(lambda tx: tx.run(TAKE_BATCH, batch_id=key, properties=properties))
        batch = stored_batch(row["batch"])
        said = {"currency": (currency, batch.currency), "minimum_minor": (minimum_minor, batch.minimum_minor)}
        differing = tuple(name for name, (new, old) in said.items() if new != old)
        if differing:
            raise IdempotencyConflict(idempotency_key, differing)
        return batch

    async def batch(self, key: str) -> PayoutBatch:
        """A batch with its sums; raises UnknownPayout."""
        rows = await self.database.rows(BATCH_BY_ID, batch_id=key)
        if not rows:
            raise UnknownPayout(key)
        sums = tuple(BatchSum(**row) for row in await self.database.rows(SUMS, batch_id=key))
        return replace(stored_batch(rows[0]["batch"]), sums=sums)

    async def of_batch(self, key: str, after: tuple[str, str], count: int) -> list[Payout]:
        """The next payouts of a batch after a (member, currency), in that order."""
        rows = await self.database.rows(OF_BATCH, batch_id=key, after=after[0], after_id=after[1], count=count)
        return [stored_payout(row["payout"]) for row in rows]

    async def of_member(self, member_id: str, before: tuple[str, str], count: int) -> list[Payout]:
        """A member's payouts before a (moment, id), newest first."""
        rows = await self.database.rows(
            OF_MEMBER, member_id=member_id, before=before[0], before_id=before[1], count=count
        )
        return [stored_payout(row["payout"]) for row in rows]

    async def page(self, before: tuple[str, str], count: int) -> list[Payout]:
        """All payouts before a (moment, id), newest first."""
        rows = await self.database.rows(PAGE, before=before[0], before_id=before[1], count=count)
        return [stored_payout(row["payout"]) for row in rows]


def payout_properties(payout: Payout, portions: Sequence[Portion]) -> Row:
    """The node of a new payout, with what it took from which reward."""
    return {
        "id": payout.payout_id,
        "batch_id": payout.batch_id,
        "member_id": payout.member_id,
        "currency": payout.currency,
        "amount_minor": payout.amount_minor,
        "status": payout.status,
        "at": stored(payout.at),
        "idempotency_key": payout.idempotency_key,
        "reward_ids": [portion.reward_id for portion in portions],
        "amounts": [portion.amount_minor for portion in portions],
    }


def portions_of(properties: Row) -> list[Portion]:
    """What a payout took from which reward."""
    pairs = zip(properties["reward_ids"], properties["amounts"], strict=True)
    return [Portion(reward_id, amount) for reward_id, amount in pairs]


def stored_payout(properties: Row) -> Payout:
    """The payout that a node describes."""
    return Payout(
        payout_id=properties["id"],
        batch_id=properties["batch_id"],
        member_id=properties["member_id"],
        currency=properties["currency"],
        amount_minor=properties["amount_minor"],
        status=PayoutStatus(properties["status"]),
        at=datetime.fromisoformat(properties["at"]),
        idempotency_key=properties["idempotency_key"],
    )


def stored_batch(properties: Row) -> PayoutBatch:
    """The batch that a node describes, without its sums."""
    return PayoutBatch(
        batch_id=properties["id"],
        idempotency_key=properties["idempotency_key"],
        currency=properties["currency"] or None,
        minimum_minor=properties["minimum_minor"],
        status=PayoutStatus(properties["status"]),
        at=datetime.fromisoformat(properties["at"]),
    )
