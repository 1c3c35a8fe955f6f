"""What may be in a request's body and headers, and which documents a manifest lets pass."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import pytest

from api.guard.body import decode, read, refuse_headers
from api.guard.refusal import Refusal
from api.guard.trusted import Trusted, digest
from graph.errors import InvalidInput
from graph.principals import Principal, Role
from graph.settings import Settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

JSON = {"content-type": "application/json"}
TEXT = "{ plans { id } }"
MEMBER = Principal("ada", frozenset({Role.MEMBER}))
ANALYST = Principal("ann", frozenset({Role.ANALYST}))


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        (JSON, None),
        ({"content-type": "application/json; charset=utf-8"}, None),
        ({"content-type": 'Application/JSON;charset="UTF-8"'}, None),
        ({"content-type": "application/json; charset=gbk"}, "UNSUPPORTED_MEDIA_TYPE"),
        ({"content-type": "application/jsonp"}, "UNSUPPORTED_MEDIA_TYPE"),
        ({"content-type": "text/plain; application/json"}, "UNSUPPORTED_MEDIA_TYPE"),
        ({}, "UNSUPPORTED_MEDIA_TYPE"),
        (JSON | {"content-encoding": "gzip"}, "UNSUPPORTED_ENCODING"),
        (JSON | {"content-encoding": "identity"}, None),
        (JSON | {"content-length": "65537"}, "BODY_TOO_LARGE"),
        (JSON | {"content-length": "9" * 5000}, "BODY_TOO_LARGE"),
        (JSON | {"content-length": "65536"}, None),
    ],
)
def test_headers(headers: dict[str, str], code: str | None) -> None:
    if code is None:
        refuse_headers(headers, 65_536)
    else:
        with pytest.raises(Refusal, match=code):
            refuse_headers(headers, 65_536)


async def test_a_body_that_drips_is_given_up() -> None:
    async def drip() -> AsyncIterator[bytes]:
        while True:
            yield b" "
            await asyncio.sleep(0.01)

    with pytest.raises(Refusal, match="BODY_TOO_SLOW") as refused:
        await read(JSON, drip(), 65_536, 0.05)
    assert (refused.value.status, refused.value.headers) == (408, {"connection": "close"})


@pytest.mark.parametrize(("depth", "fine"), [(31, True), (32, False)])
def test_json_nests_so_deep_and_no_deeper(depth: int, fine: bool) -> None:
    body = b'{"variables": ' + b"[" * depth + b"]" * depth + b"}"
    if fine:
        decode(body)
    else:
        with pytest.raises(Refusal, match="JSON_TOO_DEEP"):
            decode(body)


def test_brackets_next_to_each_other_are_not_deep() -> None:
    assert decode(json.dumps({"variables": [[[n]] for n in range(100)]}))["variables"][99] == [[99]]


def test_a_key_named_twice_is_refused_at_any_depth() -> None:
    for body in ('{"a": 1, "a": 1}', '{"a": [{"b": {"c": 1, "c": 2}}]}', '{"a": 1, "\\u0061": 2}'):
        with pytest.raises(Refusal, match="JSON_KEY_REPEATED"):
            decode(body)


def test_a_hash_stands_for_its_document() -> None:
    trusted = Trusted("prefer", {digest(TEXT): TEXT})
    assert trusted.named({"documentId": digest(TEXT)}) == TEXT
    assert trusted.named({"documentId": f"sha256:{digest(TEXT)}"}) == TEXT
    assert trusted.named({"extensions": {"persistedQuery": {"version": 1, "sha256Hash": digest(TEXT)}}}) == TEXT
    assert trusted.named({"query": "{ __typename }"}) == "{ __typename }"
    for name in ("0" * 64, "", 5, [], "x" * 60_000):
        with pytest.raises(Refusal, match="PERSISTED_QUERY_NOT_FOUND"):
            trusted.named({"documentId": name})
    with pytest.raises(Refusal, match="PERSISTED_QUERY_MISMATCH"):
        trusted.named({"documentId": digest(TEXT), "query": "{ __typename }"})


def test_where_documents_must_be_known_only_analysts_bring_their_own() -> None:
    trusted = Trusted("require", {digest(TEXT): TEXT})
    trusted.refuse(TEXT, MEMBER)
    trusted.refuse("{ __typename }", ANALYST)
    with pytest.raises(Refusal, match="UNTRUSTED_DOCUMENT"):
        trusted.refuse("{ __typename }", MEMBER)
    for mode in ("prefer", "off"):
        Trusted(mode, {}).refuse("{ __typename }", MEMBER)


def test_a_manifest_is_believed_only_if_its_hashes_are_right(tmp_path: Path) -> None:
    file = tmp_path / "manifest.json"
    settings = Settings(trusted_documents="require", trusted_manifest=file)
    with pytest.raises(InvalidInput, match="cannot be read"):
        Trusted.of(settings)
    file.write_text(json.dumps({digest(TEXT): TEXT + " "}))
    with pytest.raises(InvalidInput, match="by their SHA-256"):
        Trusted.of(settings)
    file.write_text(json.dumps({digest(TEXT): TEXT}))
    assert Trusted.of(settings).texts == {digest(TEXT): TEXT}
    with pytest.raises(InvalidInput, match="must be set"):
        Trusted.of(Settings(trusted_documents="prefer"))


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
