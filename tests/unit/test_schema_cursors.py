"""Cursors: opaque, exact, and only good for the order that gave them out."""

from __future__ import annotations

from base64 import urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.paging import LARGEST, Keyset
from api.types.node import global_id, parse_global_id
from graph.errors import InvalidInput

PLACES = Keyset("places", (0, ""))


@given(st.integers(-LARGEST, LARGEST), st.text(st.characters(exclude_categories=["Cs"])))
def test_a_cursor_leads_back_to_its_place(number: int, key: str) -> None:
    assert PLACES.place(PLACES.cursor((number, key))) == (number, key)


def test_no_cursor_is_the_start() -> None:
    assert PLACES.place(None) == (0, "")


def _text(content: str) -> str:
    return urlsafe_b64encode(content.encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "%%%",
        "艾达",
        _text("5"),
        _text("null"),
        _text("{}"),
        _text("[]"),
        _text('["places"]'),
        _text('["places", "0", ""]'),
        _text('["places", true, ""]'),
        _text('["places", 0, "", 1]'),
        _text('["other", 0, ""]'),
        _text(f'["places", {2**63}, ""]'),
        _text('["places", 1e999, ""]'),
        _text('["places", ' + "9" * 5000 + ', ""]'),
        _text("[" * 100_000),
        Keyset("other", (0, "")).cursor((0, "")),
    ],
)
def test_what_is_no_cursor_of_this_order_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        PLACES.place(cursor)
    assert refusal.value.code == "BAD_CURSOR"


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_a_global_id_leads_back_to_its_key(key: str) -> None:
    assert parse_global_id(global_id("Member", key)) == ("Member", key)
