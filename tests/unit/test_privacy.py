"""Sealed values, wrapped keys, keyed hashes and the register of erasures, without a database."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.errors import InvalidInput
from graph.identity import IdentifierKind, IdentityField
from graph.privacy.canonical import canonical
from graph.privacy.erasure_register import ErasureRegister
from graph.privacy.key_file import KeyFile, with_new_master, without_master
from graph.privacy.keyring import Keyring
from graph.privacy.master_keys import FileMasterKeys, GivenMasterKeys
from graph.privacy.phones import phone
from graph.privacy_errors import DecryptionFailed, PersonErased, PrivacyBroken

if TYPE_CHECKING:
    from pathlib import Path

NAME, PHONE = IdentityField.NAME, IdentityField.PHONE
PLAIN = {NAME: "张三", PHONE: "+8613800138000"}


def keyring_at(folder: Path) -> Keyring:
    file = KeyFile(folder / "keys.json")
    return Keyring(file, FileMasterKeys(file), ErasureRegister(folder / "erasures.jsonl", file))


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    return keyring_at(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "13800138000",
        "138 0013 8000",
        "138-0013-8000",
        "(138) 0013 8000",
        "+86 138 0013 8000",
        "0086 13800138000",
        "86 138-0013-8000",
        "8613800138000",
        "".join(chr(ord(digit) + 0xFEE0) for digit in "13800138000"),
        "\uff0b86\u300013800138000",
    ],
)
def test_every_way_to_write_a_phone_is_one(text: str) -> None:
    assert phone(text) == "+8613800138000"


def test_a_phone_abroad_keeps_its_country() -> None:
    assert phone("+1 650 253 0000") == "+16502530000"
    assert phone("(650) 253-0000", "US") == "+16502530000"


@pytest.mark.parametrize("text", ["", "1380013800", "138001380000", "12800138000", "abc", "+999123456789", "1" * 40])
def test_what_is_no_phone_is_refused_without_being_shown(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        phone(text)
    assert (refused.value.code, refused.value.field) == ("BAD_PHONE", "phone")
    assert refused.value.message == "phone is no phone number."


def test_what_is_sealed_opens(keyring: Keyring) -> None:
    person = keyring.seal("m1", PLAIN)
    assert {name: keyring.open(person, name) for name in PLAIN} == PLAIN
    assert keyring.open(person, IdentityField.ID_NUMBER) is None
    assert keyring_at(keyring.files.path.parent).open(person, NAME) == "张三"


def test_the_same_value_is_never_sealed_twice_alike(keyring: Keyring) -> None:
    first, second = keyring.seal("m1", PLAIN), keyring.seal("m1", PLAIN)
    assert first.wrapped != second.wrapped
    assert first.values[NAME] != second.values[NAME]
    assert "张三".encode() not in first.values[NAME]


def test_a_value_moved_to_another_person_does_not_open(keyring: Keyring) -> None:
    with pytest.raises(DecryptionFailed):
        keyring.open(replace(keyring.seal("m1", PLAIN), member_id="m2"), NAME)


def test_a_value_moved_to_another_person_with_an_open_key_does_not_open(keyring: Keyring) -> None:
    person = keyring.seal("m1", PLAIN)
    keyring.open(person, NAME)
    with pytest.raises(DecryptionFailed):
        keyring.open(replace(person, member_id="m2"), NAME)


def test_a_value_moved_to_another_field_does_not_open(keyring: Keyring) -> None:
    person = keyring.seal("m1", PLAIN)
    with pytest.raises(DecryptionFailed):
        keyring.open(replace(person, values={NAME: person.values[PHONE]}), NAME)


def test_a_value_under_the_key_of_another_of_the_same_person_does_not_open(keyring: Keyring) -> None:
    person, other = keyring.seal("m1", PLAIN), keyring.seal("m1", PLAIN)
    with pytest.raises(DecryptionFailed):
        keyring.open(replace(person, wrapped=other.wrapped), NAME)


def test_a_value_of_another_installation_does_not_open(tmp_path: Path) -> None:
    here, there = keyring_at(tmp_path / "here"), keyring_at(tmp_path / "there")
    there.files.change(lambda keys: replace(here.files.keys(), installation=keys.installation))
    with pytest.raises(DecryptionFailed):
        there.open(here.seal("m1", PLAIN), NAME)


@settings(deadline=None)
@given(st.data())
def test_no_bit_of_a_sealed_value_or_key_may_change(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    keyring = keyring_at(tmp_path_factory.mktemp("keys"))
    person = keyring.seal("m1", PLAIN)
    assert person.wrapped is not None
    which = data.draw(st.sampled_from(["value", "key"]))
    flipped = bytearray(person.values[NAME] if which == "value" else person.wrapped)
    place = data.draw(st.integers(0, 8 * len(flipped) - 1))
    flipped[place // 8] ^= 1 << place % 8
    changed = (
        replace(person, values={NAME: bytes(flipped)}) if which == "value" else replace(person, wrapped=bytes(flipped))
    )
    with pytest.raises(DecryptionFailed) as failed:
        keyring.open(changed, NAME)
    assert "张三" not in failed.value.message + failed.value.why


@settings(deadline=None)
@given(st.binary(max_size=80))
def test_what_is_no_sealed_value_fails_by_name(tmp_path_factory: pytest.TempPathFactory, rubbish: bytes) -> None:
    keyring = keyring_at(tmp_path_factory.mktemp("keys"))
    person = keyring.seal("m1", PLAIN)
    with pytest.raises(DecryptionFailed):
        keyring.open(replace(person, values={NAME: rubbish}), NAME)
    with pytest.raises(DecryptionFailed):
        keyring.rewrapped("m1", rubbish)


def test_a_failed_opening_is_logged_without_the_value(keyring: Keyring, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(DecryptionFailed):
        keyring.open(replace(keyring.seal("m1", PLAIN), member_id="m2"), NAME)
    (record,) = caplog.records
    assert record.levelname == "ERROR"
    assert "member m2, field name" in record.getMessage()


def test_a_key_file_is_its_owners_alone(keyring: Keyring) -> None:
    keyring.seal("m1", PLAIN)
    keyring.register.append("m2")
    for path in (keyring.files.path, keyring.register.path):
        assert path.stat().st_mode & 0o077 == 0, path
    assert keyring.files.path.parent.stat().st_mode & 0o777 != 0


def test_after_a_rotation_both_master_keys_open_and_the_new_one_wraps(keyring: Keyring) -> None:
    before = keyring.seal("m1", PLAIN)
    other = keyring_at(keyring.files.path.parent)
    keyring.files.change(with_new_master)
    after = other.seal("m2", PLAIN)
    assert before.kid != after.kid == keyring.masters.active
    assert [other.open(person, NAME) for person in (before, after)] == ["张三", "张三"]
    kid, wrapped = keyring.rewrapped("m1", before.wrapped or b"")
    assert kid == after.kid
    keyring.files.change(lambda keys: without_master(keys, before.kid or ""))
    assert keyring_at(keyring.files.path.parent).open(replace(before, kid=kid, wrapped=wrapped), NAME) == "张三"
    with pytest.raises(DecryptionFailed) as failed:
        keyring_at(keyring.files.path.parent).open(before, NAME)
    assert before.kid in failed.value.why


def test_a_key_file_that_lacks_a_key_opens_nothing(keyring: Keyring) -> None:
    person = keyring.seal("m1", PLAIN)
    row = json.loads(keyring.files.path.read_text())
    for broken in ({**row, "index": {}}, {**row, "active": "k"}, {**row, "register": "AA=="}, [], {}):
        keyring.files.path.write_text(json.dumps(broken))
        with pytest.raises(PrivacyBroken):
            keyring_at(keyring.files.path.parent).open(person, NAME)


def test_master_keys_may_come_from_the_environment(tmp_path: Path) -> None:
    first, second = (base64.b64encode(bytes([n]) * 32).decode() for n in (1, 2))
    file = KeyFile(tmp_path / "keys.json")
    register = ErasureRegister(tmp_path / "erasures.jsonl", file)
    person = Keyring(file, GivenMasterKeys.read(f"a={first}"), register).seal("m1", PLAIN)
    rotated = Keyring(file, GivenMasterKeys.read(f"b={second},a={first}"), register)
    assert (person.kid, rotated.seal("m2", PLAIN).kid) == ("a", "b")
    assert rotated.open(person, NAME) == "张三"
    with pytest.raises(DecryptionFailed):
        Keyring(file, GivenMasterKeys.read(f"b={second}"), register).open(person, NAME)


@pytest.mark.parametrize("text", ["", "kid", "a=AAAA", "=" + "A" * 43 + "=", "a=\u00e9"])
def test_master_keys_that_are_none_are_refused_without_being_shown(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        GivenMasterKeys.read(text)
    assert refused.value.message.startswith("THREEFOLD_MASTER_KEYS must be pairs kid=key, ")
    assert text == "" or text not in refused.value.message.replace("kid=key", "")


def test_equal_values_have_equal_tokens_and_kinds_keep_apart(keyring: Keyring, tmp_path: Path) -> None:
    tokens = {kind: keyring.token(kind, "same") for kind in IdentifierKind}
    assert len(set(tokens.values())) == len(IdentifierKind)
    assert tokens == {kind: keyring_at(tmp_path).token(kind, "same") for kind in IdentifierKind}
    assert all(token.startswith("1:") for token in tokens.values())
    other = keyring_at(tmp_path / "other")
    assert other.token(IdentifierKind.PHONE, "same") != tokens[IdentifierKind.PHONE]


def test_each_kind_is_read_by_its_own_rules() -> None:
    assert canonical(IdentifierKind.PHONE, "138 0013 8000") == "+8613800138000"
    assert canonical(IdentifierKind.ID_NUMBER, "11010519491231002x") == "11010519491231002X"
    assert canonical(IdentifierKind.IP, "::FFFF:192.0.2.1") == "192.0.2.1"
    assert canonical(IdentifierKind.ADDRESS, " Main  ST ") == "main st"


@pytest.mark.parametrize("kind", IdentifierKind)
def test_a_refusal_names_the_field_that_was_read(kind: IdentifierKind) -> None:
    for named, field in ((canonical_in, "payee"), (canonical, "value")):
        with pytest.raises(InvalidInput) as refused:
            named(kind, "\0")
        assert refused.value.field == field
        assert field in refused.value.message


def canonical_in(kind: IdentifierKind, text: str) -> str:
    return canonical(kind, text, field="payee")


def test_a_phone_without_a_country_is_of_the_region() -> None:
    assert canonical(IdentifierKind.PHONE, "(650) 253-0000", "US") == "+16502530000"


def test_a_phone_with_an_extension_is_no_phone() -> None:
    with pytest.raises(InvalidInput):
        phone("+1 650 253 0000 ext. 5")


def test_who_is_in_the_register_stays_unreadable(keyring: Keyring) -> None:
    person, other = keyring.seal("erased-member", PLAIN), keyring.seal("m2", PLAIN)
    assert keyring.open(person, NAME)
    assert keyring_at(keyring.files.path.parent).register.append("erased-member") == 1
    with pytest.raises(PersonErased, match="Member erased-member was erased"):
        keyring.open(person, NAME)
    with pytest.raises(PersonErased, match="Member erased-member was erased"):
        keyring.seal("erased-member", PLAIN)
    assert keyring.open(other, NAME) == "张三"
    assert keyring.register.append("erased-member") == 1
    assert b"erased-member" not in keyring.register.path.read_bytes()


def test_a_register_that_was_edited_opens_nothing(keyring: Keyring) -> None:
    person = keyring.seal("m9", PLAIN)
    for member in ("m1", "m2", "m3"):
        keyring.register.append(member)
    first, second, third = keyring.register.path.read_bytes().splitlines(keepends=True)
    edited = second.replace(b'"at": "2', b'"at": "1')
    swapped = first.replace(b'"number": 1', b'"number": 2')
    for lines in (
        [second, third],
        [first, third],
        [first, edited, third],
        [first, second, b"{}\n"],
        [first, swapped],
        [first, first],
    ):
        keyring.register.path.write_bytes(b"".join(lines))
        with pytest.raises(PrivacyBroken):
            keyring_at(keyring.files.path.parent).open(person, NAME)


def test_a_line_cut_off_by_a_crash_is_written_anew(keyring: Keyring) -> None:
    keyring.register.append("m1")
    with keyring.register.path.open("ab") as file:
        file.write(b'{"number": 2, "at')
    again = keyring_at(keyring.files.path.parent).register
    assert (again.count, again.append("m2"), again.append("m3")) == (1, 2, 3)
    assert keyring_at(keyring.files.path.parent).register.count == 3
