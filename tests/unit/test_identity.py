"""Canonical forms, refusals that keep the value to themselves, and masks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph import identity
from graph.errors import InvalidInput
from graph.identity import IdentifierKind

VALID_ID = "11010519491231002X"
WEIGHTS = [2**place % 11 for place in range(17, 0, -1)]


def full_width(text: str) -> str:
    return "".join(chr(ord(character) + 0xFEE0) for character in text)


def check_character(seventeen: str) -> str:
    """ISO 7064 MOD 11-2 as the standard states it: all 18 weighted characters sum to 1 modulo 11."""
    rest = (1 - sum(int(d) * w for d, w in zip(seventeen, WEIGHTS, strict=True))) % 11
    return "X" if rest == 10 else str(rest)


@pytest.mark.parametrize(
    "text",
    [
        VALID_ID,
        "11010519491231002x",
        " 110105 19491231 002x ",
        "110105-19491231-002X",
        full_width("11010519491231002X"),
        full_width("11010519491231002x"),
    ],
)
def test_every_way_to_write_an_id_number_is_one(text: str) -> None:
    assert identity.id_number(text) == VALID_ID


@given(st.dates(min_value=identity.OLDEST, max_value=identity.date(2020, 1, 1)), st.integers(0, 999))
def test_a_right_check_character_is_taken_and_every_other_refused(born: identity.date, serial: int) -> None:
    first = f"310104{born:%Y%m%d}{serial:03d}"
    right = check_character(first)
    assert identity.id_number(first + right) == first + right
    for other in set("0123456789X") - {right}:
        with pytest.raises(InvalidInput):
            identity.id_number(first + other)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("110105491231002", "OLD_ID_NUMBER"),
        ("110105194912310021", "BAD_ID_NUMBER"),
        ("11010519491331002X", "BAD_ID_NUMBER"),
        ("110105194902300022", "BAD_ID_NUMBER"),
        ("990105194912310027", "BAD_ID_NUMBER"),
        ("11010519491231002", "BAD_ID_NUMBER"),
        ("X1010519491231002X", "BAD_ID_NUMBER"),
        ("", "BAD_ID_NUMBER"),
        ("1101051949123\u0661002X", "BAD_ID_NUMBER"),
        ("110105209912310020", "BAD_ID_NUMBER"),
    ],
)
def test_what_is_no_id_number_is_refused_without_being_shown(text: str, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        identity.id_number(text)
    assert refused.value.code == code
    assert not text or text not in refused.value.message


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:DB8:0:0::1", "2001:db8::1"),
        (f" {full_width('192')}.0.2.7 ", "192.0.2.7"),
    ],
)
def test_an_ip_address_has_one_form(text: str, canonical: str) -> None:
    assert identity.ip_address(text) == canonical


@pytest.mark.parametrize("text", ["192.0.2.07", "192.0.2", "localhost", ""])
def test_what_is_no_ip_address_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="no IP address"):
        identity.ip_address(text)


def test_an_address_is_caseless_and_an_account_is_not() -> None:
    address = identity.free_value(IdentifierKind.ADDRESS, "  Main  Street 1 ")
    assert address == identity.free_value(IdentifierKind.ADDRESS, "main street " + full_width("1"))
    assert identity.free_value(IdentifierKind.PAYMENT, "6222 0212-3456") == "622202123456"
    assert identity.free_value(IdentifierKind.DEVICE, "aB-1") != identity.free_value(IdentifierKind.DEVICE, "ab-1")


@pytest.mark.parametrize("text", ["", " ", "a\0b", "a\u202eb", "a\ud800", "x" * 501])
def test_what_cannot_be_shown_identifies_nobody(text: str) -> None:
    with pytest.raises(InvalidInput):
        identity.free_value(IdentifierKind.DEVICE, text)


@pytest.mark.parametrize(
    ("name", "masked"),
    [("张三", "张*"), ("张三丰", "张**"), ("Ada Lovelace", "A*** L***"), ("Öz", "Ö***"), ("张", "张*"), ("", "")],
)
def test_a_masked_name_shows_first_characters(name: str, masked: str) -> None:
    assert identity.mask_name(name) == masked


@pytest.mark.parametrize(
    ("phone", "masked"),
    [("+8613800138000", "138****8000"), ("+14155552671", "+1****2671"), ("+86123456", "****"), ("", "****")],
)
def test_a_masked_phone_shows_its_ends(phone: str, masked: str) -> None:
    assert identity.mask_phone(phone) == masked


def test_a_masked_id_number_shows_neither_birth_nor_serial() -> None:
    assert identity.mask_id_number("110101199003071234") == "1101**********1234"
    assert identity.mask_id_number("1") == "*" * 18
