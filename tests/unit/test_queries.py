"""The loader of query files refuses what does not match its own header."""

from __future__ import annotations

import pytest

from graph.errors import QueryFileInvalid
from graph.store.queries import load, names, parse

GOOD = """// Members, and more
// over two lines.
// access   read
// param    ids        list[str]   which
// column   member_id  str?        may be null
UNWIND $ids AS id // not a $parameter
RETURN 'nor $this' + id AS member_id
"""


def test_a_header_is_read() -> None:
    query = parse("member/some", GOOD)
    assert query.title == "Members, and more over two lines."
    assert (query.access, query.scan_allowed) == ("read", False)
    assert (query.params, query.columns) == ({"ids": "list[str]"}, {"member_id": "str?"})


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("// Members, and more\n// over two lines.\n", "", "title"),
        ("// access   read\n", "", "access"),
        ("access   read", "access   sometimes", "access"),
        ("// param    ids        list[str]   which\n", "", "ids"),
        ("$ids", "['a']", "ids"),
        ("list[str]   which", "list[float]", "float"),
        ("// column", "// column   member_id  str\n// column", "twice"),
        ("AS member_id\n", "AS member_id", "no end"),
    ],
)
def test_a_wrong_header_is_refused(old: str, new: str, why: str) -> None:
    assert old in GOOD
    with pytest.raises(QueryFileInvalid, match=why):
        parse("member/some", GOOD.replace(old, new))


def test_a_missing_file_is_named() -> None:
    with pytest.raises(QueryFileInvalid, match="member/nothing"):
        load("member/nothing")


def test_every_file_has_a_right_header() -> None:
    for name in names():
        assert load(name).title
