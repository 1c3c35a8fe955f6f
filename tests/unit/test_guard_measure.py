"""What the guard counts in a document, and what it refuses before anything is validated."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from graphql import get_introspection_query, parse
from hypothesis import given
from hypothesis import strategies as st

from api.guard.documents import Documents
from api.guard.guard import refuse_excess
from api.guard.limits import Limits
from api.guard.refusal import Refusal
from api.schema import schema

if TYPE_CHECKING:
    from api.guard.measure import Measure

LIMITS = Limits()
PAGE_SCRIPT = Path(__file__).parents[2] / "api/static/graphiql/page.js"


def documents() -> Documents:
    return Documents(schema.core, LIMITS.tokens, LIMITS.depth)


def measures(text: str, **variables: object) -> dict[str, Measure]:
    known = documents()
    return known.measured(known.known(text), variables)


def measure(text: str, **variables: object) -> Measure:
    (found,) = measures(text, **variables).values()
    return found


def refused(text: str, **variables: object) -> str | None:
    """The code with which a document is refused, or None."""
    known = documents()
    try:
        for found in known.measured(known.known(text), variables).values():
            refuse_excess(found, LIMITS)
        known.refuse_repeats(known.known(text))
    except Refusal as refusal:
        return refusal.code
    return None


def test_what_is_written_in_a_fragment_counts_where_it_is_spread() -> None:
    plain = measure('{ member(memberId: "a") { x: id @skip(if: true) name } }')
    spread = measure('{ member(memberId: "a") { ...f } } fragment f on Member { x: id @skip(if: true) name }')
    assert (plain.depth, plain.fields, plain.aliases, plain.directives) == (2, 3, 1, 1)
    assert spread == plain


def test_two_spreads_count_twice() -> None:
    once = measure("{ ...f } fragment f on Query { plans { id } }")
    twice = measure("{ ...f ...f } fragment f on Query { plans { id } }")
    assert (twice.fields, twice.cost) == (2 * once.fields, 2 * once.cost)


def test_a_page_costs_its_rows() -> None:
    assert measure("{ members(first: 1) { nodes { id } } }").cost == 10 + 11
    assert measure("{ members(first: 7) { nodes { id } } }").cost == 10 + 7 * 11
    assert measure("{ members { nodes { id } } }").cost == 10 + 20 * 11
    assert measure("{ members(first: 7) { edges { node { id } } nodes { id } } }").cost == 10 + 7 * 21 + 7 * 11


def test_pages_inside_pages_multiply() -> None:
    inner = "downline(first: 10) { nodes { id } }"
    assert measure(f"{{ members(first: 5) {{ nodes {{ {inner} }} }} }}").cost == 10 + 5 * (10 + 10 + 10 * 11)


def test_a_page_in_a_fragment_costs_the_rows_of_where_it_is_spread() -> None:
    text = "{ members(first: 3) { ...p } } fragment p on MemberConnection { nodes { id } }"
    assert measure(text).cost == 10 + 3 * 11


@pytest.mark.parametrize(
    ("declared", "given", "rows"),
    [
        ("Int!", {"n": 4}, 4),
        ("Int!", {}, 100),
        ("Int!", {"n": None}, 100),
        ("Int!", {"n": "4"}, 100),
        ("Int!", {"n": True}, 100),
        ("Int!", {"n": -5}, 1),
        ("Int!", {"n": 2**31 - 1}, 100),
        ("Int! = 6", {}, 6),
        ("Int! = 6", {"n": 4}, 4),
    ],
)
def test_a_variable_costs_what_it_says_or_the_worst(declared: str, given: dict[str, object], rows: int) -> None:
    found = measure(f"query ($n: {declared}) {{ members(first: $n) {{ nodes {{ id }} }} }}", **given)
    assert found.cost == 10 + rows * 11


def test_the_same_document_is_measured_anew_for_other_sizes() -> None:
    known = documents()
    document = known.known("query ($n: Int!) { members(first: $n) { nodes { id } } }")
    costs = [known.measured(document, {"n": n})[""].cost for n in (1, 2, 1, 99)]
    assert costs == [21, 32, 21, 10 + 99 * 11]


def test_a_money_mutation_stands_alone() -> None:
    pay = (
        'requestWithdrawal(input: {memberId: "a", currency: "CNY", amountMinor: 1, idempotencyKey: "k"}) { __typename }'
    )
    enroll = 'enrollMember(input: {memberId: "a"}) { __typename }'
    assert refused(f"mutation {{ {pay} }}") is None
    assert refused(f"mutation {{ {pay} b: {pay} }}") == "MONEY_MUTATION_NOT_ALONE"
    assert refused(f"mutation {{ {pay} {enroll} }}") == "MONEY_MUTATION_NOT_ALONE"
    assert refused(f"mutation {{ ...m ...m }} fragment m on Mutation {{ {pay} }}") == "MONEY_MUTATION_NOT_ALONE"
    assert refused(f"mutation {{ {enroll} b: {enroll} }}") is None
    many = " ".join(f"e{n}: {enroll}" for n in range(11))
    assert refused(f"mutation {{ {many} }}") == "TOO_MANY_MUTATIONS"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }", "FRAGMENT_CYCLE"),
        ("{ plans { id } } fragment a on Query { ...a }", "FRAGMENT_CYCLE"),
        ("{ ...nobody }", "UNKNOWN_FRAGMENT"),
        ("{ " + "a { " * 12 + "b" + " }" * 13, "DOCUMENT_TOO_DEEP"),
        ("{ " + "a { " * 11 + "b" + " }" * 12, None),
        ("{ ...f } fragment f on Query { " + "a { " * 12 + "b" + " }" * 13, "DOCUMENT_TOO_DEEP"),
        ("{ " + "... { " * 48 + "__typename" + " }" * 49, "DOCUMENT_TOO_DEEP"),
        ("{ " + "a " * 301 + "}", "TOO_MANY_FIELDS"),
        ("{ " + " ".join(f"a{n}: plans {{ id }}" for n in range(16)) + " }", "TOO_MANY_ALIASES"),
        ("{ " + " ".join(f"a{n}: plans {{ id }}" for n in range(15)) + " }", None),
        ("{ plans { id " + "@skip(if: true) " * 21 + "} }", "TOO_MANY_DIRECTIVES"),
        ("{ " + "plans { id } " * 60 + "}", "TOO_MANY_REPEATS"),
        (" ".join(f"query q{n} {{ __typename }}" for n in range(11)), "TOO_MANY_OPERATIONS"),
        ("{ members(first: 100) { nodes { downline(first: 100) { nodes { id } } } } }", "TOO_COSTLY"),
        ("{ " + "\n" * 2001 + "__typename }", "TOO_MANY_LINES"),
    ],
)
def test_what_is_refused(text: str, code: str | None) -> None:
    assert refused(text) == code


@pytest.mark.parametrize("links", [20, 28, 60])
def test_a_fragment_chain_is_refused_and_not_walked_two_to_the_n_times(links: int) -> None:
    parts = [f"fragment f{n} on Member {{ ...f{n + 1} ...f{n + 1} }}" for n in range(links)]
    text = '{ member(memberId: "a") { ...f0 } } ' + " ".join(parts) + f" fragment f{links} on Member {{ id }}"
    assert refused(text) in {"TOO_MANY_FIELDS", "TOO_MANY_FRAGMENTS"}


def test_graphiql_may_ask_for_the_schema() -> None:
    text = get_introspection_query()
    assert refused(text) is None
    (found,) = measures(text).values()
    assert found.introspects
    assert not measure("{ plans { __typename } }").introspects
    assert measure('{ ...f } fragment f on Query { __type(name: "Query") { name } }').introspects


def test_introspection_has_a_depth_of_its_own_even_in_a_circle() -> None:
    circle = "type { fields { " * 10 + "name" + " } }" * 10
    assert refused(f"{{ __schema {{ types {{ fields {{ {circle} }} }} }} }}") == "DOCUMENT_TOO_DEEP"
    assert refused("{ " + "__schema { " * 60 + "x" + " }" * 61) == "DOCUMENT_TOO_DEEP"


BRICKS = [
    "plans {",
    "members(first: $n) {",
    "nodes {",
    "... {",
    "... on Member {",
    "...f ",
    "...g ",
    "a: id ",
    "id ",
    "__schema {",
]


@given(st.lists(st.lists(st.sampled_from(BRICKS), max_size=40), min_size=1, max_size=4))
def test_every_document_that_parses_is_measured_or_refused(parts: list[list[str]]) -> None:
    texts = ["".join(part) + "id" + "}" * sum(brick.count("{") for brick in part) for part in parts]
    names = ["f", "g", "h"]
    fragments = " ".join(f"fragment {name} on Query {{ {text} }}" for name, text in zip(names, texts[1:], strict=False))
    text = f"query ($n: Int) {{ {texts[0]} }} {fragments}"
    parse(text)
    refused(text, n=3)
