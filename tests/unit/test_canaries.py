"""The scanner that looks for canaries finds what it must."""

from __future__ import annotations

import base64

import pytest
from canaries import PHONES, encodings, id_number, packed, phone

from graph.identity import id_number as checked
from graph.privacy.phones import phone as canonical


@pytest.mark.parametrize("before", ["", "a", "ab", "abc", "abcd"])
def test_base64_and_hex_are_found_wherever_the_value_stands(before: str) -> None:
    for encoding in ("utf-8", "utf-16-le"):
        raw = before.encode() + f"{phone(7)} after".encode(encoding)
        found = {name for name, needle in encodings(PHONES) if needle in base64.b64encode(raw)}
        assert any(name.startswith("base64+") for name in found)
        for name, text in (("hex", raw.hex()), ("HEX", raw.hex().upper())):
            assert any(needle in text.encode() for coded, needle in encodings(PHONES) if coded == name)


def test_canaries_are_valid_and_distinct() -> None:
    numbers = range(2200)
    assert len({checked(id_number(number)) for number in numbers}) == len(numbers)
    assert all(canonical(phone(number)) == "+86" + phone(number) for number in (0, 31, 1199))


def test_a_packed_text_has_four_bits_a_digit() -> None:
    assert len(packed(phone(7))) == 5
    assert len(packed("+86" + phone(7))) == 6
    assert packed("0" * 11) == bytes(5)
