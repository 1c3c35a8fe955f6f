"""Amounts are integers of minor units, rates integer basis points; there is no float in any path of money."""

from __future__ import annotations

from graph.currencies import MINOR_DIGITS
from graph.errors import InvalidInput

BASIS_POINTS = 10_000
MAX_AMOUNT_MINOR = 2**53 - 1
"""The largest amount accepted: what every JSON client can still read exactly."""


def half_up(numerator: int, denominator: int) -> int:
    """`R(n/d)` of rules.md §1: the quotient rounded half up, for numerator ≥ 0 and denominator > 0."""
    return (2 * numerator + denominator) // (2 * denominator)


def share(amount_minor: int, rate_bp: int) -> int:
    """The part of an amount that a rate in basis points takes, half up to the minor unit."""
    return half_up(amount_minor * rate_bp, BASIS_POINTS)


def currency_code(text: str) -> str:
    """An ISO 4217 code as given; raises InvalidInput for anything else."""
    if text not in MINOR_DIGITS:
        raise InvalidInput("currency", f"{text!r} is not an ISO 4217 currency code, such as CNY.", code="BAD_CURRENCY")
    return text


def amount_minor(value: str | int) -> int:
    """A positive whole number of minor units; raises InvalidInput for zero, signs, fractions and overflow."""
    text = str(value).strip()
    if not (text.isascii() and text.isdigit()):
        raise InvalidInput(
            "amount_minor",
            f"{text!r} is not a whole number of minor units, such as 29900.",
            code="BAD_AMOUNT",
        )
    amount = int(text) if len(text) <= 16 else MAX_AMOUNT_MINOR + 1
    if not 1 <= amount <= MAX_AMOUNT_MINOR:
        raise InvalidInput(
            "amount_minor", f"The amount must be from 1 to {MAX_AMOUNT_MINOR} minor units.", code="BAD_AMOUNT"
        )
    return amount


def formatted(amount: int, currency: str) -> str:
    """The amount as people read it, with its code: `-44.85 CNY`, `1200 JPY`."""
    digits = MINOR_DIGITS[currency]
    sign = "-" if amount < 0 else ""
    whole, part = divmod(abs(amount), 10**digits)
    return f"{sign}{whole}.{part:0{digits}d} {currency}" if digits else f"{sign}{whole} {currency}"
