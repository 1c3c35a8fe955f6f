"""Canonical forms, refusals that keep the value to themselves, and masks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

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
    assert (refused.value.code, refused.value.field) == (code, "id_number")
    assert not text or text not in refused.value.message


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("110105491231002", "payee has the old form of 15 digits; the one of 18 is needed."),
        ("11010519491231002", "payee must have 17 digits and a check character."),
        ("990105194912310027", "payee names no region or no day of birth."),
        ("11010519491331002X", "payee names no region or no day of birth."),
        ("110105194912310021", "The check character of payee does not fit."),
    ],
)
def test_what_is_wrong_with_an_id_number_is_said_of_the_field_that_has_it(text: str, why: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        identity.id_number(text, "payee")
    assert (refused.value.message, refused.value.field) == (why, "payee")


def test_a_day_of_birth_is_believed_from_1880_until_today() -> None:
    today = datetime.now(UTC).date()
    tomorrow = today + timedelta(days=1)
    for born in ("18800101", f"{today:%Y%m%d}"):
        first = f"110105{born}002"
        assert identity.id_number(first + check_character(first)) == first + check_character(first)
    for born in ("18791231", f"{tomorrow:%Y%m%d}"):
        first = f"110105{born}002"
        with pytest.raises(InvalidInput, match="day of birth"):
            identity.id_number(first + check_character(first))


@pytest.mark.parametrize("kind", IdentifierKind)
def test_a_kind_is_read_by_its_name(kind: IdentifierKind) -> None:
    assert identity.identifier_kind(kind.value) is kind


def test_an_unknown_kind_is_answered_with_the_known_ones() -> None:
    with pytest.raises(InvalidInput) as refused:
        identity.identifier_kind("shoe_size")
    assert (refused.value.field, refused.value.code) == ("kind", "BAD_IDENTIFIER_KIND")
    assert refused.value.message == ("kind must be one of device, ip, payment, payout, address, phone, id_number.")
    with pytest.raises(InvalidInput, match=r"^of must be one of device, ") as refused:
        identity.identifier_kind("Phone", "of")
    assert refused.value.field == "of"


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
    with pytest.raises(InvalidInput) as refused:
        identity.ip_address(text)
    assert (refused.value.field, refused.value.code) == ("value", "BAD_IP")
    assert refused.value.message == "value is no IP address."


def test_an_address_is_caseless_and_an_account_is_not() -> None:
    address = identity.free_value(IdentifierKind.ADDRESS, "  Main  Street 1 ")
    assert address == identity.free_value(IdentifierKind.ADDRESS, "main street " + full_width("1"))
    assert identity.free_value(IdentifierKind.PAYMENT, "6222 0212-3456") == "622202123456"
    assert identity.free_value(IdentifierKind.DEVICE, "aB-1") != identity.free_value(IdentifierKind.DEVICE, "ab-1")


@pytest.mark.parametrize("text", ["", " ", "a\0b", "a\u202eb", "a\ud800", "x" * 501])
def test_what_cannot_be_shown_identifies_nobody(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        identity.free_value(IdentifierKind.DEVICE, text)
    assert (refused.value.field, refused.value.code) == ("value", "BAD_IDENTIFIER")
    assert refused.value.message == "value must be 1 to 500 printable characters."


@pytest.mark.parametrize("text", ["x", "x" * 500])
def test_what_can_be_shown_has_one_to_five_hundred_characters(text: str) -> None:
    assert identity.free_value(IdentifierKind.DEVICE, text) == text


@pytest.mark.parametrize("kind", [IdentifierKind.PAYMENT, IdentifierKind.PAYOUT])
def test_only_an_account_of_digits_loses_its_dashes(kind: IdentifierKind) -> None:
    for dash in "-\u2010\u2011\u2013\u2014\uff0d":
        assert identity.free_value(kind, f"6222{dash}0212 3456") == "622202123456"
    assert identity.free_value(kind, "GB-12 ab-34") == "GB-12 ab-34"
    assert identity.free_value(IdentifierKind.DEVICE, "6222-0212") == "6222-0212"


@pytest.mark.parametrize(
    ("text", "dialled"),
    [
        ("0086 138", "+86138"),
        ("86 138-0013-8000", "+8613800138000"),
        ("86 128-0013-8000", "8612800138000"),
        ("8613800138000 1", "86138001380001"),
        ("(010) 6552-9988", "01065529988"),
        ("+1 (650) 253.0000", "+16502530000"),
    ],
)
def test_what_is_dialled(text: str, dialled: str) -> None:
    assert identity.dialled(text) == dialled


@pytest.mark.parametrize(
    ("name", "masked"),
    [("张三", "张*"), ("张三丰", "张**"), ("Ada Lovelace", "A*** L***"), ("Öz", "Ö***"), ("张", "张*"), ("", "")],
)
def test_a_masked_name_shows_first_characters(name: str, masked: str) -> None:
    assert identity.mask_name(name) == masked


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("+8613800138000", "138****8000"),
        ("+14155552671", "+1****2671"),
        ("+866552998800", "655****8800"),
        ("+354123456", "+3****3456"),
        ("+86655299880", "****"),
        ("+86123456", "****"),
        ("", "****"),
    ],
)
def test_a_masked_phone_shows_its_ends(phone: str, masked: str) -> None:
    assert identity.mask_phone(phone) == masked


def test_a_masked_id_number_shows_neither_birth_nor_serial() -> None:
    assert identity.mask_id_number("110101199003071234") == "1101**********1234"
    assert identity.mask_id_number("1") == "*" * 18
    assert identity.mask_id_number("1101011990030712345") == "*" * 18
