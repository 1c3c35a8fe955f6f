"""Cursors: opaque, exact, and only good for who asked, for what was asked, and as they were given out."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.paging import LARGEST, Cursors, Keyset
from api.types.node import global_id, parse_global_id
from graph.errors import InvalidInput
from graph.members import MemberId
from graph.principals import Principal, Role

KEY = b"k" * 32
ADA = Principal("ada", frozenset({Role.MEMBER}), MemberId("ada"))
PLACES = Keyset("places", (0, ""))
OF_ADA = Cursors(KEY, ADA).of(PLACES, "ada")


@given(st.integers(-LARGEST, LARGEST), st.text(st.characters(exclude_categories=["Cs"])))
def test_a_cursor_leads_back_to_its_place(number: int, key: str) -> None:
    assert OF_ADA.place(OF_ADA.cursor((number, key))) == (number, key)


def test_no_cursor_is_the_start() -> None:
    assert OF_ADA.place(None) == (0, "")


def refused(cursor: str) -> bool:
    with pytest.raises(InvalidInput) as refusal:
        OF_ADA.place(cursor)
    return refusal.value.code == "BAD_CURSOR"


@pytest.mark.parametrize(
    "other",
    [
        Cursors(KEY, ADA).of(PLACES, "bo"),
        Cursors(KEY, ADA).of(PLACES),
        Cursors(KEY, ADA).of(PLACES, "ada", "ada"),
        Cursors(KEY, ADA).of(Keyset("others", (0, "")), "ada"),
        Cursors(KEY, Principal("bo", ADA.roles, ADA.member_id)).of(PLACES, "ada"),
        Cursors(KEY, Principal("ada", ADA.roles, MemberId("bo"))).of(PLACES, "ada"),
        Cursors(b"l" * 32, ADA).of(PLACES, "ada"),
    ],
    ids=["member", "none", "more", "order", "principal", "viewer", "installation"],
)
def test_a_borrowed_cursor_is_refused(other: object) -> None:
    assert refused(other.cursor((1, "x")))  # type: ignore[attr-defined]


def test_a_cursor_edited_in_any_byte_is_refused() -> None:
    raw = urlsafe_b64decode(OF_ADA.cursor((1, "x")))
    for at in range(len(raw)):
        assert refused(urlsafe_b64encode(raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]).decode())
        assert refused(urlsafe_b64encode(raw[:at]).decode())


@pytest.mark.parametrize("cursor", ["", "x", "%%%", "艾达", "AAAA", urlsafe_b64encode(b'["places",1,"x"]').decode()])
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    assert refused(cursor)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_a_global_id_leads_back_to_its_key(key: str) -> None:
    assert parse_global_id(global_id("Member", key)) == ("Member", key)
