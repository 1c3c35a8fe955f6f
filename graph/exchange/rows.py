"""Turns the rows of import files into wishes, or into refusals with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graph import identity, members, money
from graph.errors import InvalidInput
from graph.exchange.tables import SURPLUS
from graph.members import Enrolment
from graph.orders import OrderId, OrderStatus, Purchase, order_status
from graph.privacy.phones import phone
from graph.refunds import RefundId, RefundRequest
from graph.store.identifiers import Sighting
from graph.times import parse_time

if TYPE_CHECKING:
    from graph.exchange.tables import RawRow

MEMBER_COLUMNS = ("member_id", "referrer_id", "joined_at")
ORDER_COLUMNS = ("order_id", "member_id", "amount_minor", "currency", "status", "completed_at")
REFUND_COLUMNS = ("refund_id", "order_id", "amount_minor", "refunded_at")
IDENTIFIER_COLUMNS = ("member_id", "kind", "value", "first_seen")


def enrolment(row: RawRow, phone_region: str = "CN") -> Enrolment:
    """The enrolment that a row of members.csv wishes; raises Refused."""
    _refuse_broken_row(row)
    return Enrolment(
        member_id=members.member_id(_given(row, "member_id")),
        referrer_id=members.member_id(row["referrer_id"], "referrer_id") if row["referrer_id"] else None,
        joined_at=parse_time(_given(row, "joined_at"), "joined_at"),
        name=row.get("name") or None,
        phone=phone(row["phone"], phone_region) if row.get("phone") else None,
        id_number=identity.id_number(row["id_number"]) if row.get("id_number") else None,
    )


def sighting(row: RawRow) -> Sighting:
    """The sighting that a row of identifiers.csv reports; raises Refused. The store reads the value."""
    _refuse_broken_row(row)
    return Sighting(
        member_id=members.member_id(_given(row, "member_id")),
        kind=identity.identifier_kind(_given(row, "kind")),
        value=_given(row, "value"),
        seen_at=parse_time(_given(row, "first_seen"), "first_seen"),
    )


def purchase(row: RawRow) -> Purchase:
    """The purchase that a row of orders.csv reports; raises Refused."""
    _refuse_broken_row(row)
    status = order_status(_given(row, "status"))
    completed = status is OrderStatus.COMPLETED
    return Purchase(
        order_id=OrderId(members.identifier(_given(row, "order_id"), "order_id")),
        member_id=members.member_id(_given(row, "member_id")),
        amount_minor=money.amount_minor(_given(row, "amount_minor")),
        currency=money.currency_code(_given(row, "currency")),
        status=status,
        completed_at=parse_time(_given(row, "completed_at"), "completed_at") if completed else None,
    )


def refund_request(row: RawRow) -> RefundRequest:
    """The refund that a row of refunds.csv reports; raises Refused."""
    _refuse_broken_row(row)
    return RefundRequest(
        refund_id=RefundId(members.identifier(_given(row, "refund_id"), "refund_id")),
        order_id=OrderId(members.identifier(_given(row, "order_id"), "order_id")),
        amount_minor=money.amount_minor(_given(row, "amount_minor")),
        refunded_at=parse_time(_given(row, "refunded_at"), "refunded_at"),
    )


def _given(row: RawRow, column: str) -> str:
    value = row[column]
    if not value:
        raise InvalidInput(column, f"{column} is empty.", code="MISSING_VALUE")
    return value


def _refuse_broken_row(row: RawRow) -> None:
    if SURPLUS in row:
        raise InvalidInput("row", "The row has more cells than the header.", code="EXTRA_CELLS")
    if any("\udc80" <= character <= "\udcff" for value in row.values() if not value.isascii() for character in value):
        raise InvalidInput("row", "The row is not UTF-8 text.", code="BAD_ENCODING")
