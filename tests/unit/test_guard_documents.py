"""How deep a document may be, what is remembered of it, and how often its fields may repeat."""

from __future__ import annotations

import re

import pytest
from graphql import GraphQLError

from api.guard import documents as module
from api.guard import repeats
from api.guard.documents import Documents
from api.guard.limits import Limits
from api.guard.manifest import trusted_text
from api.guard.refusal import Refusal
from api.guard.trusted import digest
from api.messages import Language
from api.schema import schema
from graph.settings import Settings

Said = tuple[int, str, dict[str, int | str]]


def documents(tokens: int = 1000) -> Documents:
    return Documents(schema.core, tokens, 12)


def refusal(text: str) -> Said | None:
    known = documents()
    try:
        known.measured(known.known(text), {})
    except Refusal as refused:
        return refused.status, refused.code, refused.values
    return None


DEEP = (400, "DOCUMENT_TOO_DEEP", {"limit": 12})
DEEP_INSIDE = (400, "DOCUMENT_TOO_DEEP", {"limit": 16})


def nested(opening: str, times: int, inside: str = "__typename") -> str:
    return opening * times + inside + " }" * times


def chain(links: int) -> str:
    """Fragments each of which spreads the next inside another selection set."""
    parts = [f"fragment f{n} on Query {{ ... {{ ...f{n + 1} }} }}" for n in range(links)]
    return " ".join(["{ ...f0 }", *parts, f"fragment f{links} on Query {{ __typename }}"])


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("{ " + nested("a { ", 11, "a") + " }", None),
        ("{ " + nested("a { ", 12, "a") + " }", DEEP),
        ("{ ...f } fragment f on A { " + nested("a { ", 11, "a") + " }", None),
        ("{ ...f } fragment f on A { " + nested("a { ", 12, "a") + " }", DEEP),
        ("{ a { ...f } } fragment f on A { " + nested("a { ", 11, "a") + " }", DEEP),
        ("{ ...f a { ...f } } fragment f on A { " + nested("a { ", 10, "a") + " }", None),
        ("{ ...f a { ...f } } fragment f on A { " + nested("a { ", 11, "a") + " }", DEEP),
        ("{ a } fragment f on A { " + nested("a { ", 12, "a") + " }", DEEP),
        ("{ a } fragment f on __Type { " + nested("a { ", 15, "a") + " }", None),
        ("{ a } fragment f on __Type { " + nested("a { ", 16, "a") + " }", DEEP_INSIDE),
        ("{ " + nested("... { ", 47) + " }", None),
        ("{ " + nested("... { ", 48) + " }", DEEP),
        ("{ ...f } fragment f on A { " + nested("... { ", 46) + " }", None),
        ("{ ...f } fragment f on A { " + nested("... { ", 47) + " }", DEEP),
        ("{ a } fragment f on A { " + nested("... { ", 47) + " }", None),
        ("{ a } fragment f on A { " + nested("... { ", 48) + " }", DEEP),
        ("{ " + nested("a { ", 11, nested("... { ", 36)) + " }", None),
        ("{ " + nested("a { ", 11, nested("... { ", 37)) + " }", DEEP),
        (chain(23), None),
        (chain(24), DEEP),
        ("{ __schema { " + nested("a { ", 14, "a") + " } }", None),
        ("{ __schema { " + nested("a { ", 15, "a") + " } }", DEEP_INSIDE),
        ("{ __schema { " + nested("... { ", 62) + " } }", None),
        ("{ __schema { " + nested("... { ", 63) + " } }", DEEP_INSIDE),
        ("{ ...a } fragment a on A { ...a }", (400, "FRAGMENT_CYCLE", {"fragment": "a"})),
        ("{ a } fragment a on A { b { ...a } }", (400, "FRAGMENT_CYCLE", {"fragment": "a"})),
        (f"{{ ...{'n' * 101} }}", (400, "UNKNOWN_FRAGMENT", {"fragment": "n" * 100})),
        (
            f"{{ ...{'n' * 101} }} fragment {'n' * 101} on A {{ ...{'n' * 101} }}",
            (400, "FRAGMENT_CYCLE", {"fragment": "n" * 100}),
        ),
        (
            " ".join(f"query q{n} {{ __typename }}" for n in range(11)),
            (400, "TOO_MANY_OPERATIONS", {"limit": 10, "found": 11}),
        ),
        (
            "{ a } " + " ".join(f"fragment f{n} on A {{ a }}" for n in range(31)),
            (400, "TOO_MANY_FRAGMENTS", {"limit": 30, "found": 31}),
        ),
        ("{ a } " + " ".join(f"fragment f{n} on A {{ a }}" for n in range(30)), None),
    ],
)
def test_what_the_walk_refuses(text: str, refused: Said | None) -> None:
    assert refusal(text) == refused


def test_a_document_is_parsed_once() -> None:
    known = documents()
    first = known.known("{ plans { id } }")
    assert known.known("{ plans { id } }") is first
    assert known.known("{ plans { id } } ") is not first
    known.forget("{ plans { id } }")
    assert known.known("{ plans { id } }") is not first
    known.forget("never seen")


def test_those_that_were_asked_for_last_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "REMEMBERED", 2)
    known = documents()
    a, b = known.known("{ a }"), known.known("{ b }")
    assert known.known("{ a }") is a
    known.known("{ c }")
    assert known.known("{ a }") is a
    assert known.known("{ b }") is not b


def test_a_document_has_so_many_tokens_and_no_more() -> None:
    assert documents(5).known("{ a b c }")
    with pytest.raises(GraphQLError, match="more than 5"):
        documents(5).known("{ a b c d }")


@pytest.mark.parametrize("end", ["\n", "\r"])
def test_a_document_has_2000_line_ends_and_no_more(end: str) -> None:
    assert documents().known("{" + end * 2000 + "a }")
    with pytest.raises(Refusal) as refused:
        documents().known("{" + end * 1000 + "\n\r" * 500 + end + "a }")
    assert (refused.value.status, refused.value.code, refused.value.values) == (400, "TOO_MANY_LINES", {"limit": 2000})


ROWS = "{ nodes { id } }"
PAGE = f"query ($n: Int! = 7, $m: Int) {{ members(first: $n) {ROWS} more: members(first: $m) {ROWS} }}"


def test_a_document_is_measured_once_for_each_set_of_sizes() -> None:
    known = documents()
    page = known.known(PAGE)
    first = known.measured(page, {"n": 1, "m": 2})
    assert known.measured(page, {"m": 2, "n": 1, "other": 9}) is first
    assert known.measured(page, {"n": 2, "m": 1}) is not first
    assert page.sizes == ("m", "n")
    missing = known.measured(page, {"m": 2})
    assert missing is known.measured(page, {"m": 2})
    assert missing is not known.measured(page, {"n": None, "m": 2})
    assert [found[""].cost for found in (first, missing)] == [20 + 3 * 11, 20 + 9 * 11]
    for strange in (None, "2", [2], {"a": 2}, 2.0, True):
        assert known.measured(page, {"n": strange, "m": 2})[""].cost == 20 + 102 * 11


def test_so_many_sets_of_sizes_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SIZES_REMEMBERED", 2)
    known = documents()
    page = known.known(PAGE)
    for number in (1, 2, 3):
        known.measured(page, {"n": number, "m": 1})
    assert len(page.measures) == 1
    known.measured(page, {"n": 4, "m": 1})
    assert len(page.measures) == 2


def test_names_that_were_almost_right_are_told_only_where_they_may_be() -> None:
    known = documents()
    wrong = known.known("{ plan { id } }")
    told, bare = known.errors(wrong, suggesting=True), known.errors(wrong, suggesting=False)
    assert re.search("Did you mean", told[0].message)
    assert not re.search("Did you mean", bare[0].message)
    assert known.errors(wrong, suggesting=True) is told
    assert known.errors(wrong, suggesting=False) is bare
    assert known.errors(known.known("{ plans { id } }"), suggesting=True) == []


def test_validation_ends_after_20_errors() -> None:
    known = documents()
    many = known.known("{ " + " ".join(f"nothing{n}" for n in range(50)) + " }")
    found = known.errors(many, suggesting=False)
    assert len(found) == 21
    assert "Too many validation errors" in found[-1].message


def test_repeats_are_counted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    known = documents()
    twice = known.known("{ a a }")
    known.refuse_repeats(twice)
    monkeypatch.setattr(repeats, "PAIRS", 0)
    known.refuse_repeats(twice)
    with pytest.raises(Refusal):
        known.refuse_repeats(known.known("{ a a a }"))


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("{ a b c d }", 0),
        ("{ a a }", 1),
        ("{ a a a a }", 6),
        ("{ b: a a: b a b }", 2),
        ("{ a { b } a { b } }", 2),
        ("{ a { b b } a { b } a }", 3 + 3),
        ("{ a ... { a ... on A { a } } }", 3),
        ("{ ...f ...f } fragment f on A { a b }", 0),
        ("{ ...f a } fragment f on A { a b }", 1),
        ("{ a { ...f b } c { ...f b } } fragment f on A { b }", 2),
        ("{ ...f ...g } fragment f on A { ...g b } fragment g on A { a b }", 1),
        ("{ ...f } fragment f on A { a a }", 1),
        ("{ b } fragment f on A { a a }", 1),
        ("query x { a a } query y { a a }", 2),
    ],
)
def test_pairs_of_fields_that_come_to_one_place(monkeypatch: pytest.MonkeyPatch, text: str, pairs: int) -> None:
    known = documents()
    monkeypatch.setattr(repeats, "PAIRS", pairs)
    known.refuse_repeats(known.known(text))
    monkeypatch.setattr(repeats, "PAIRS", pairs - 1)
    if pairs:
        with pytest.raises(Refusal) as refused:
            known.refuse_repeats(known.known(text + " "))
        assert (refused.value.status, refused.value.code) == (400, "TOO_MANY_REPEATS")
        assert refused.value.values == {"limit": pairs - 1}


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("{ a b { c } }", 3),
        ("{ a ... { b } }", 3),
        ("{ ...f ...f } fragment f on A { a b }", 4),
        ("{ a } fragment f on A { a b }", 3),
    ],
)
def test_so_many_selections_are_looked_at(monkeypatch: pytest.MonkeyPatch, text: str, steps: int) -> None:
    known = documents()
    monkeypatch.setattr(repeats, "STEPS", steps)
    known.refuse_repeats(known.known(text))
    monkeypatch.setattr(repeats, "STEPS", steps - 1)
    with pytest.raises(Refusal) as refused:
        known.refuse_repeats(known.known(text + " "))
    assert (refused.value.status, refused.value.code) == (400, "TOO_MANY_REPEATS")
    assert refused.value.values == {"limit": 2000}


def test_a_refusal_is_said_to_programs_and_to_people() -> None:
    refusal = Refusal(429, code="RATE_LIMITED", headers={"retry-after": "2"}, cost=5, retry_after_s=2)
    said = refusal.outward(Language.EN)
    assert said["message"] == "The budget is spent; try again in 2 s."
    assert re.fullmatch("[0-9a-f]{16}", said["extensions"].pop("requestId"))
    assert said == {
        "message": said["message"],
        "extensions": {"code": "RATE_LIMITED", "cost": 5, "retryAfterS": 2},
    }
    error = refusal.as_error(Language.ZH_CN)
    assert error.message == "\u914d\u989d\u5df2\u7528\u5b8c\uff0c\u8bf7\u5728 2 \u79d2\u540e\u91cd\u8bd5\u3002"
    assert error.extensions
    assert error.extensions["code"] == "RATE_LIMITED"
    assert (refusal.status, refusal.headers, str(refusal)) == (429, {"retry-after": "2"}, "RATE_LIMITED")
    assert Refusal(400, code="BAD_JSON").headers == {}


def test_an_installation_sets_its_limits() -> None:
    settings = Settings(
        max_body_bytes=70_001,
        max_tokens=702,
        max_depth=13,
        max_fields=304,
        max_aliases=16,
        max_directives=27,
        max_cost=5008,
    )
    assert Limits.of(settings) == Limits(70_001, 702, 13, 304, 16, 27, 5008)
    assert Limits.of(Settings()) == Limits()


@pytest.mark.parametrize(
    "text", ["{ plans { id } }", "query ($n: Int!) { members(first: $n) { nodes { id } } }", "{ plans { id } }\n"]
)
def test_what_would_be_executed_is_trusted_as_it_is_written(text: str) -> None:
    assert trusted_text(text) == (digest(text), text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{ plan { id } }", "Did you mean"),
        ("{ a", "Syntax Error: Expected Name, found <EOF>."),
        ("{ " + "a" * 60_000 + " b" * 1000 + " }", "more than 1000 tokens"),
        ("{ ...f }", "no fragment"),
        ("{ " + "plans { id } " * 60 + "}", "repeat"),
        ("{ members(first: 100) { nodes { downline(first: 100) { nodes { id } } } } }", "5000"),
    ],
)
def test_what_would_not_be_executed_is_not_trusted(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=re.escape(why)):
        trusted_text(text)
