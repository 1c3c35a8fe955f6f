"""What may be in a request's body and headers, and which documents a manifest lets pass."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import pytest
from starlette.requests import ClientDisconnect

from api.guard import edge
from api.guard.body import decode, read, refuse_headers
from api.guard.refusal import Refusal
from api.guard.trusted import Trusted, digest
from graph.errors import InvalidInput
from graph.principals import Principal, Role
from graph.settings import Settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

JSON = {"content-type": "application/json"}
TEXT = "{ plans { id } }"
MEMBER = Principal("ada", frozenset({Role.MEMBER}))
ANALYST = Principal("ann", frozenset({Role.ANALYST}))


Said = tuple[int, str, dict[str, str], dict[str, int | str]]
CLOSE = {"connection": "close"}


def said(refusal: pytest.ExceptionInfo[Refusal]) -> Said:
    """All that a refusal carries."""
    return refusal.value.status, refusal.value.code, refusal.value.headers, refusal.value.values


MEDIA_TYPE: Said = (415, "UNSUPPORTED_MEDIA_TYPE", CLOSE, {})
ENCODING: Said = (415, "UNSUPPORTED_ENCODING", CLOSE, {})
TOO_LARGE: Said = (413, "BODY_TOO_LARGE", CLOSE, {"limit": 65_536})


@pytest.mark.parametrize(
    ("headers", "answer"),
    [
        (JSON, None),
        ({"content-type": "application/json; charset=utf-8"}, None),
        ({"content-type": " application/json ; charset=utf-8 "}, None),
        ({"content-type": 'Application/JSON;charset="UTF-8"'}, None),
        ({"content-type": "application/json; charset=gbk"}, MEDIA_TYPE),
        ({"content-type": "application/json; charset=utf-8; charset=gbk"}, MEDIA_TYPE),
        ({"content-type": "application/jsonp"}, MEDIA_TYPE),
        ({"content-type": "text/plain; application/json"}, MEDIA_TYPE),
        ({}, MEDIA_TYPE),
        (JSON | {"content-encoding": "gzip"}, ENCODING),
        (JSON | {"content-encoding": ""}, ENCODING),
        (JSON | {"content-encoding": " Identity"}, None),
        (JSON | {"content-length": "65537"}, TOO_LARGE),
        (JSON | {"content-length": "9" * 5000}, TOO_LARGE),
        (JSON | {"content-length": "0" * 18 + "1"}, TOO_LARGE),
        (JSON | {"content-length": "0" * 17 + "1"}, None),
        (JSON | {"content-length": "65536"}, None),
        (JSON | {"content-length": "-1"}, None),
    ],
)
def test_headers(headers: dict[str, str], answer: Said | None) -> None:
    if answer is None:
        refuse_headers(headers, 65_536)
    else:
        with pytest.raises(Refusal) as refusal:
            refuse_headers(headers, 65_536)
        assert said(refusal) == answer


async def pieces(*parts: bytes | Exception) -> AsyncIterator[bytes]:
    for part in parts:
        if isinstance(part, Exception):
            raise part
        yield part


async def test_a_body_is_all_of_its_pieces_up_to_the_limit() -> None:
    assert await read(JSON, pieces(b"{", b'"a"', b": 1}"), 8, 5) == b'{"a": 1}'
    with pytest.raises(Refusal) as refusal:
        await read(JSON, pieces(b"{", b'"a"', b": 10}"), 8, 5)
    assert said(refusal) == (413, "BODY_TOO_LARGE", CLOSE, {"limit": 8})


async def test_a_length_that_is_too_much_is_refused_before_the_first_piece() -> None:
    with pytest.raises(Refusal) as refusal:
        await read(JSON | {"content-length": "9"}, pieces(b"{}"), 8, 5)
    assert said(refusal) == (413, "BODY_TOO_LARGE", CLOSE, {"limit": 8})


async def test_a_client_that_leaves_is_answered_all_the_same() -> None:
    with pytest.raises(Refusal) as refusal:
        await read(JSON, pieces(b"{", ClientDisconnect()), 8, 5)
    assert said(refusal) == (408, "BODY_TOO_SLOW", CLOSE, {})
    with pytest.raises(Refusal) as refusal:
        await read({}, pieces(b"{", ClientDisconnect()), 8, 5)
    assert said(refusal) == MEDIA_TYPE


async def test_a_refused_client_that_stalls_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    async def stall() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.sleep(60)

    monkeypatch.setattr(edge, "DROP_S", 0.05)
    async with asyncio.timeout(5):
        with pytest.raises(Refusal) as refusal:
            await read({}, stall(), 8, 5)
    assert said(refusal) == MEDIA_TYPE


async def test_of_what_is_too_long_so_much_is_dropped_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = 0

    async def flood() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(1000):
            sent += 10
            yield b" " * 10

    monkeypatch.setattr(edge, "DROP_BYTES", 100)
    with pytest.raises(Refusal):
        await read({}, flood(), 65_536, 5)
    assert sent == 110


async def test_a_body_that_drips_is_given_up() -> None:
    async def drip() -> AsyncIterator[bytes]:
        while True:
            yield b" "
            await asyncio.sleep(0.01)

    with pytest.raises(Refusal) as refusal:
        await read(JSON, drip(), 65_536, 0.05)
    assert said(refusal) == (408, "BODY_TOO_SLOW", CLOSE, {})


@pytest.mark.parametrize("opening", ["[", '{"a": ', '[{"a": '])
@pytest.mark.parametrize("coded", [str, str.encode])
def test_json_nests_32_deep_and_no_deeper(opening: str, coded: Callable[[str], str | bytes]) -> None:
    each = sum(map(opening.count, "[{"))
    closing = "".join({"[": "]", "{": "}"}[sign] for sign in reversed(opening) if sign in "[{")
    deep = 32 // each - 1
    inside = '{"b": ' * (31 - each * deep)
    fine = '{"variables": ' + inside + opening * deep + "1" + closing * deep + "}" * len(inside.split()) + "}"
    assert decode(coded(fine))["variables"]
    with pytest.raises(Refusal) as refusal:
        decode(coded(fine.replace("1", "[]")))
    assert said(refusal) == (400, "JSON_TOO_DEEP", {}, {"limit": 32})


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "BAD_JSON"),
        ("{", "BAD_JSON"),
        ('{"a": NaN}', "BAD_JSON"),
        ("[" * 5000 + "]" * 5000, "BAD_JSON"),
        ('[{"query": "{ plans { id } }"}]', "BATCH_REFUSED"),
        ('"query"', "BAD_REQUEST"),
        ("null", "BAD_REQUEST"),
        ('{"a": 1, "a": 1}', "JSON_KEY_REPEATED"),
    ],
)
def test_what_is_no_request(text: str, code: str) -> None:
    for sent in (text, text.encode()):
        with pytest.raises(Refusal) as refusal:
            decode(sent)
        assert said(refusal) == (400, code, {}, {})


def test_a_request_is_what_was_sent() -> None:
    assert decode('{"query": "{ a }", "variables": {"n": [1, 2], "m": {}}}') == {
        "query": "{ a }",
        "variables": {"n": [1, 2], "m": {}},
    }


def test_brackets_next_to_each_other_are_not_deep() -> None:
    assert decode(json.dumps({"variables": [[[n]] for n in range(100)]}))["variables"][99] == [[99]]


def test_a_key_named_twice_is_refused_at_any_depth() -> None:
    for text in ('{"a": 1, "a": 1}', '{"a": [{"b": {"c": 1, "c": 2}}]}', '{"a": 1, "\\u0061": 2}'):
        with pytest.raises(Refusal, match="JSON_KEY_REPEATED"):
            decode(text)


def test_a_hash_stands_for_its_document() -> None:
    trusted = Trusted("prefer", {digest(TEXT): TEXT})
    assert trusted.named({"documentId": digest(TEXT)}) == TEXT
    assert trusted.named({"documentId": f"sha256:{digest(TEXT)}"}) == TEXT
    assert trusted.named({"extensions": {"persistedQuery": {"version": 1, "sha256Hash": digest(TEXT)}}}) == TEXT
    assert trusted.named({"documentId": digest(TEXT).upper(), "query": TEXT}) == TEXT
    assert trusted.named({"query": "{ __typename }"}) == "{ __typename }"
    assert trusted.named({}) is None
    for extensions in ([], {}, {"persistedQuery": []}, {"persistedQuery": {}}):
        assert trusted.named({"query": TEXT, "extensions": extensions}) == TEXT
    for name in ("0" * 64, "", 5, [], "x" * 60_000):
        with pytest.raises(Refusal) as refusal:
            trusted.named({"documentId": name})
        assert said(refusal) == (400, "PERSISTED_QUERY_NOT_FOUND", {}, {})
    with pytest.raises(Refusal) as refusal:
        trusted.named({"documentId": digest(TEXT), "query": "{ __typename }"})
    assert said(refusal) == (400, "PERSISTED_QUERY_MISMATCH", {}, {})


def test_a_document_is_known_by_the_sha_256_of_its_utf_8() -> None:
    assert digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert digest("\ud800") != digest("\udfff")


def test_where_documents_must_be_known_only_analysts_bring_their_own() -> None:
    trusted = Trusted("require", {digest(TEXT): TEXT})
    trusted.refuse(TEXT, MEMBER)
    trusted.refuse("{ __typename }", ANALYST)
    trusted.refuse("{ __typename }", Principal("root", frozenset({Role.ADMIN})))
    for other in (MEMBER, Principal("fin", frozenset({Role.FINANCE}))):
        with pytest.raises(Refusal) as refusal:
            trusted.refuse("{ __typename }", other)
        assert said(refusal) == (400, "UNTRUSTED_DOCUMENT", {}, {})
    for mode in ("prefer", "off"):
        Trusted(mode, {}).refuse("{ __typename }", MEMBER)


def test_a_manifest_is_believed_only_if_its_hashes_are_right(tmp_path: Path) -> None:
    file = tmp_path / "manifest.json"
    settings = Settings(trusted_documents="require", trusted_manifest=file)
    assert unusable(settings) == "the file cannot be read (FileNotFoundError)"
    file.write_text("{")
    assert unusable(settings) == "the file cannot be read (JSONDecodeError)"
    for wrong in ({digest(TEXT): TEXT + " "}, {digest(TEXT): TEXT, "a": TEXT}, {digest("5"): 5}, [TEXT], None):
        file.write_text(json.dumps(wrong))
        assert unusable(settings) == "it must be an object of texts by their SHA-256"
    file.write_text(json.dumps({digest(TEXT): TEXT}))
    assert Trusted.of(settings) == Trusted("require", {digest(TEXT): TEXT})
    assert unusable(Settings(trusted_documents="prefer")) == "it must be set where trusted_documents is not off"
    assert Trusted.of(Settings(trusted_manifest=file)) == Trusted("off", {})


def unusable(settings: Settings) -> str:
    """Why a manifest is not believed."""
    with pytest.raises(InvalidInput) as refused:
        Trusted.of(settings)
    assert (refused.value.field, refused.value.code) == ("trusted_manifest", "BAD_SETTING")
    before, _, why = refused.value.message.partition(" cannot be used: ")
    assert before == "THREEFOLD_TRUSTED_MANIFEST"
    return why.removesuffix(".")


async def test_what_is_too_long_is_taken_a_little_further_so_that_the_answer_is_seen() -> None:
    sent = 0

    async def flood() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 10_000
            yield b" " * 10_000

    with pytest.raises(Refusal, match="BODY_TOO_LARGE"):
        await read(JSON, flood(), 65_536, 5)
    assert 65_536 < sent < 2_000_000
