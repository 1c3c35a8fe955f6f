"""The slow, plain recount of rules.md §3 and §4 (no refunds): lists and loops over rows, nothing of the product's.

`recount(members, orders, plans)` answers with what is paid, as a sorted list of
(order_id, rule, beneficiary_id, level, slot, anchor_order_id, amount_minor).
"""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from math import floor
from typing import Any

SLOT_DEFAULTS = {
    "slots_bp": [2000, 3000, 5000],
    "base": "own",
    "qualify": "first_order",
    "min_order_minor": 1,
    "anchor": "oldest",
    "window_days": None,
    "max_cycles": None,
    "bank": "none",
    "mode": "slot",
    "allow_over_100": False,
}
LEVEL_DEFAULTS = {"levels_bp": [], "eligible": "any", "compression": False}

Row = dict[str, Any]
Paid = tuple[str, str, str, int | None, int | None, str | None, int]


def half_up(value: Fraction) -> int:
    return floor(value + Fraction(1, 2))


def recount(members: list[Row], orders: list[Row], plan_of: Any) -> list[Paid]:
    """`plan_of(order_number)` is the plan document in force at the order of that row, counted from 0."""
    referrer = {row["member_id"]: row["referrer_id"] or None for row in members}
    books: dict[str, Row] = {}
    bought: set[str] = set()
    paid: list[Paid] = []
    for number, row in enumerate(orders):
        order = {
            "id": row["order_id"],
            "buyer": row["member_id"],
            "net": int(row["amount_minor"]),
            "currency": row["currency"],
            "at": datetime.fromisoformat(row["completed_at"]),
            "first": row["member_id"] not in bought,
            "plan": plan_of(number),
        }
        paid += commissions(order, referrer, bought)
        anchor(books.setdefault(order["buyer"], new_book()), order, paid)
        above = referrer[order["buyer"]]
        if above:
            referral(books.setdefault(above, new_book()), above, order, paid)
        bought.add(order["buyer"])
    return sorted(paid, key=str)


def new_book() -> Row:
    return {"anchors": [], "waiting": []}


def section(order: Row, name: str, defaults: Row) -> Row | None:
    document = order["plan"]
    if document.get(name) is None or order["currency"] not in (document.get("currencies") or [order["currency"]]):
        return None
    return defaults | document[name]


def anchor(book: Row, order: Row, paid: list[Paid]) -> None:
    rule = section(order, "three_for_one", SLOT_DEFAULTS)
    if rule is None:
        return
    book["anchors"].append({"order": order, "rule": rule, "slots": []})
    for waiting in list(book["waiting"]):
        if fill(book, order["buyer"], waiting, paid):
            book["waiting"].remove(waiting)


def referral(book: Row, owner: str, order: Row, paid: list[Paid]) -> None:
    rule = section(order, "three_for_one", SLOT_DEFAULTS)
    if rule is None or order["net"] < rule["min_order_minor"]:
        return
    if rule["qualify"] == "first_order" and not order["first"]:
        return
    if not fill(book, owner, order, paid) and rule["bank"] == "keep":
        book["waiting"].append(order)


def fill(book: Row, owner: str, order: Row, paid: list[Paid]) -> bool:
    rule = section(order, "three_for_one", SLOT_DEFAULTS)
    assert rule is not None
    received = sum(1 for a in book["anchors"] if a["slots"])
    fitting = [
        a
        for a in book["anchors"]
        if len(a["slots"]) < len(a["rule"]["slots_bp"])
        and a["order"]["currency"] == order["currency"]
        and (a["slots"] or rule["max_cycles"] is None or received < rule["max_cycles"])
        and near(a, order)
    ]
    if not fitting:
        return False
    chosen = fitting[0] if rule["anchor"] == "oldest" else fitting[-1]
    chosen["slots"].append((order, worth(chosen, order)))
    if chosen["rule"]["mode"] == "slot":
        pay_slot(chosen, len(chosen["slots"]), owner, paid)
    elif len(chosen["slots"]) == len(chosen["rule"]["slots_bp"]):
        for position in range(1, len(chosen["slots"]) + 1):
            pay_slot(chosen, position, owner, paid)
    return True


def near(anchor_: Row, order: Row) -> bool:
    days = anchor_["rule"]["window_days"]
    return days is None or abs((order["at"] - anchor_["order"]["at"]).total_seconds()) <= days * 86_400


def worth(anchor_: Row, order: Row) -> int:
    rule, own = anchor_["rule"], anchor_["order"]["net"]
    rates, k = rule["slots_bp"], len(anchor_["slots"])
    if rule["base"] == "own":
        upto = half_up(Fraction(own * sum(rates[: k + 1]), 10_000))
        return upto - half_up(Fraction(own * sum(rates[:k]), 10_000))
    base = order["net"] if rule["base"] == "referee" else min(order["net"], own)
    due = half_up(Fraction(base * rates[k], 10_000))
    if rule["allow_over_100"]:
        return due
    cap = half_up(Fraction(own * sum(rates), 10_000))
    return min(due, cap - sum(amount for _, amount in anchor_["slots"]))


def pay_slot(anchor_: Row, position: int, owner: str, paid: list[Paid]) -> None:
    order, amount = anchor_["slots"][position - 1]
    if amount:
        paid.append((order["id"], "rebate", owner, None, position, anchor_["order"]["id"], amount))


def commissions(order: Row, referrer: dict[str, str | None], bought: set[str]) -> list[Paid]:
    rule = section(order, "levels", LEVEL_DEFAULTS)
    if rule is None:
        return []
    upline = []
    step = referrer[order["buyer"]]
    while step:
        upline.append(step)
        step = referrer[step]
    may = [m for m in upline if rule["eligible"] == "any" or m in bought]
    takers: list[str | None] = list(may) if rule["compression"] else [m if m in may else None for m in upline]
    paid: list[Paid] = []
    for level, (member, rate) in enumerate(zip(takers, rule["levels_bp"], strict=False), start=1):
        amount = half_up(Fraction(order["net"] * rate, 10_000))
        if member and amount:
            paid.append((order["id"], "commission", member, level, None, None, amount))
    return paid
