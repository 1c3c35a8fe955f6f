"""API keys as texts: their form, what is stored of them, and which of them hold."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from graph.access.api_keys import ApiKey, key_id_of, matching, new_key, secret_hash
from graph.errors import Unauthenticated
from graph.members import MemberId
from graph.principals import Principal, Role

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
KEY_ID, TEXT = new_key()
KEY = ApiKey(KEY_ID, secret_hash(TEXT), "shop", frozenset({Role.INGEST}), None, "ops", NOON)


def reason(text: str, keys: dict[str, ApiKey], now: datetime = NOON) -> str:
    with pytest.raises(Unauthenticated) as refusal:
        matching(text, keys, now)
    assert TEXT not in refusal.value.reason
    return refusal.value.reason


def test_a_new_key_has_an_id_of_16_digits_and_a_secret_of_64() -> None:
    key_id, text = new_key()
    assert re.fullmatch(r"tfk_[0-9a-f]{16}_[0-9a-f]{64}", text)
    assert key_id_of(text) == key_id
    others = {new_key() for _ in range(50)}
    assert len({key_id for key_id, _ in others}) == len({text[-64:] for _, text in others}) == 50


def test_what_is_stored_is_the_sha_256_of_the_text() -> None:
    assert secret_hash("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.mark.parametrize("text", ["", TEXT[:-1], TEXT + "0", TEXT + "\n", TEXT.upper(), TEXT.replace("_", "-"), KEY_ID])
def test_what_has_not_the_form_of_a_key_is_none(text: str) -> None:
    assert reason(text, {KEY_ID: KEY}) == "the API key has not the form of one"


def test_a_key_is_found_by_its_id_and_held_to_its_secret() -> None:
    assert matching(TEXT, {KEY_ID: KEY}, NOON) is KEY
    other = TEXT[:-1] + ("0" if TEXT[-1] != "0" else "1")
    assert reason(other, {KEY_ID: KEY}) == f"the secret of the API key {KEY_ID} is wrong"


def test_an_unknown_key_is_refused_whatever_its_secret() -> None:
    assert reason(TEXT, {}) == "no API key that holds has this id"
    assert reason(TEXT, {"0" * 16: KEY}) == "no API key that holds has this id"


def test_a_key_holds_until_the_moment_of_its_end() -> None:
    keys = {KEY_ID: replace(KEY, expires_at=NOON)}
    assert matching(TEXT, keys, NOON - timedelta(microseconds=1)) is keys[KEY_ID]
    assert reason(TEXT, keys) == f"the API key {KEY_ID} has expired"


def test_a_keys_principal_bears_a_name_that_no_token_can() -> None:
    roles = frozenset({Role.MEMBER})
    key = replace(KEY, name="portal", roles=roles, member_id=MemberId("ada"), expires_at=NOON)
    assert key.principal == Principal("key:portal", roles, MemberId("ada"), NOON)
