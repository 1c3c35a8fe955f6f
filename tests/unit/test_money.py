"""Integers and half up, rules.md §1."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.errors import InvalidInput
from graph.money import MAX_AMOUNT_MINOR, amount_minor, currency_code, formatted, half_up, share


@given(st.integers(0, 10**20), st.integers(1, 10**9))
def test_half_up_is_the_nearest_whole_number_and_halves_rise(numerator: int, denominator: int) -> None:
    assert half_up(numerator, denominator) == floor(Fraction(numerator, denominator) + Fraction(1, 2))


@given(st.integers(1, MAX_AMOUNT_MINOR), st.integers(0, 10_000))
def test_a_share_is_never_more_than_the_whole(amount: int, rate_bp: int) -> None:
    assert 0 <= share(amount, rate_bp) <= amount


@given(st.integers(1, MAX_AMOUNT_MINOR), st.lists(st.integers(0, 10_000)))
def test_cumulative_shares_add_up_to_the_whole(amount: int, cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), 10_000]
    rates = [after - before for before, after in pairwise(edges)]
    parts = [share(amount, sum(rates[: k + 1])) - share(amount, sum(rates[:k])) for k in range(len(rates))]
    assert sum(parts) == amount
    assert min(parts) >= 0


@pytest.mark.parametrize(
    "text", ["0", "-1", "+1", "1.0", "1e3", "", " ", "NaN", "0x10", "\uff11\uff12", str(2**53), "9" * 5000]
)
def test_amounts_that_are_none(text: str) -> None:
    with pytest.raises(InvalidInput):
        amount_minor(text)


@pytest.mark.parametrize("text", ["1", " 29900 ", "007", str(MAX_AMOUNT_MINOR)])
def test_amounts_that_are(text: str) -> None:
    assert amount_minor(text) == int(text)


@pytest.mark.parametrize("code", ["cny", "XYZ", "", "RMB", "CNY "])
def test_codes_that_are_no_currency(code: str) -> None:
    with pytest.raises(InvalidInput):
        currency_code(code)


def test_amounts_are_shown_with_their_currency() -> None:
    assert formatted(-4485, "CNY") == "-44.85 CNY"
    assert formatted(5, "CNY") == "0.05 CNY"
    assert formatted(1200, "JPY") == "1200 JPY"
    assert formatted(1234567, "KWD") == "1234.567 KWD"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("29.90", "'29.90' is not a whole number of minor units, such as 29900."),
        ("٣", "'٣' is not a whole number of minor units, such as 29900."),
        ("0", "The amount must be from 1 to 9007199254740991 minor units."),
        ("9007199254740992", "The amount must be from 1 to 9007199254740991 minor units."),
        ("1" * 5000, "The amount must be from 1 to 9007199254740991 minor units."),
    ],
)
def test_what_is_no_amount_is_told_why(text: str, message: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        amount_minor(text)
    assert (caught.value.field, caught.value.message, caught.value.code) == ("amount_minor", message, "BAD_AMOUNT")


def test_the_largest_amount_is_exact() -> None:
    assert amount_minor("9007199254740991") == 2**53 - 1
    assert amount_minor(" 1 ") == 1


def test_what_is_no_currency_is_told_why() -> None:
    with pytest.raises(InvalidInput) as caught:
        currency_code("cny")
    refusal = caught.value
    assert (refusal.field, refusal.code) == ("currency", "BAD_CURRENCY")
    assert refusal.message == "'cny' is not an ISO 4217 currency code, such as CNY."


def test_nothing_has_no_sign() -> None:
    assert [formatted(amount, "CNY") for amount in (-1, 0, 1)] == ["-0.01 CNY", "0.00 CNY", "0.01 CNY"]
