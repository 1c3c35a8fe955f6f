"""For how long an opened key is remembered, and what is said where a value does not open."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest

from graph.identity import IdentifierKind, IdentityField
from graph.privacy import keyring as module
from graph.privacy.erasure_register import ErasureRegister
from graph.privacy.key_file import KeyFile, new_keys
from graph.privacy.keyring import Keyring, SealedPerson
from graph.privacy.master_keys import FileMasterKeys, MasterKeys
from graph.privacy_errors import DecryptionFailed

if TYPE_CHECKING:
    from pathlib import Path

NAME, PHONE = IdentityField.NAME, IdentityField.PHONE


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@dataclass
class Counting:
    """Master keys that remember whose key they unwrapped."""

    masters: MasterKeys
    unwrapped: list[bytes] = field(default_factory=list)

    @property
    def active(self) -> str:
        return self.masters.active

    def has(self, kid: str) -> bool:
        return self.masters.has(kid)

    def wrap(self, key: bytes, bound: bytes) -> tuple[str, bytes]:
        return self.masters.wrap(key, bound)

    def unwrap(self, wrapped: bytes, bound: bytes) -> bytes:
        self.unwrapped.append(wrapped)
        return self.masters.unwrap(wrapped, bound)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(module, "time", made)
    return made


@pytest.fixture
def counting(tmp_path: Path) -> Counting:
    return Counting(FileMasterKeys(KeyFile(tmp_path / "keys.json")))


@pytest.fixture
def keyring(tmp_path: Path, counting: Counting) -> Keyring:
    file = KeyFile(tmp_path / "keys.json")
    return Keyring(file, counting, ErasureRegister(tmp_path / "erasures.jsonl", file))


def test_an_opened_key_is_remembered_for_a_minute(keyring: Keyring, counting: Counting, clock: Clock) -> None:
    person = keyring.seal("m1", {NAME: "Ada", PHONE: "+8613800138000"})
    for seconds, opened in ((0, 1), (59.9, 1), (0.1, 2), (59.9, 2), (60.1, 3)):
        clock.now += seconds
        assert (keyring.open(person, NAME), keyring.open(person, PHONE)) == ("Ada", "+8613800138000")
        assert len(counting.unwrapped) == opened


def test_each_opened_key_has_its_own_minute(keyring: Keyring, counting: Counting, clock: Clock) -> None:
    first, second = (keyring.seal(name, {NAME: "Ada"}) for name in ("m1", "m2"))
    for person, seconds in ((first, 0), (second, 40), (second, 40), (first, 0)):
        clock.now += seconds
        keyring.open(person, NAME)
    assert counting.unwrapped == [first.wrapped, second.wrapped, first.wrapped]


def test_so_many_opened_keys_are_remembered_and_the_oldest_forgotten(
    keyring: Keyring, counting: Counting, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "REMEMBERED", 3)
    people = [keyring.seal(f"m{number}", {NAME: "Ada"}) for number in range(4)]
    order = [0, 1, 2, 0, 2, 3, 3, 1, 2, 0]
    for number in order:
        keyring.open(people[number], NAME)
    assert counting.unwrapped == [people[number].wrapped for number in (0, 1, 2, 3, 0)]


def test_every_opened_key_is_forgotten_with_an_erasure_anywhere(keyring: Keyring, counting: Counting) -> None:
    person = keyring.seal("m1", {NAME: "Ada"})
    keyring.open(person, NAME)
    keyring.open(person, NAME)
    assert len(counting.unwrapped) == 1
    ErasureRegister(keyring.register.path, keyring.files).append("m2")
    keyring.open(person, NAME)
    keyring.open(person, NAME)
    assert len(counting.unwrapped) == 2


def test_tokens_follow_the_key_file(keyring: Keyring) -> None:
    first = keyring.token(IdentifierKind.IP, "192.0.2.1")
    assert keyring.token(IdentifierKind.IP, "192.0.2.1") == first
    keyring.files.change(lambda keys: replace(keys, index=new_keys().index, index_version="2"))
    second = keyring.token(IdentifierKind.IP, "192.0.2.1")
    assert (first[:2], second[:2]) == ("1:", "2:")
    assert second[2:] != first[2:]


def failure(keyring: Keyring, person: SealedPerson) -> tuple[str, str, str]:
    with pytest.raises(DecryptionFailed) as failed:
        keyring.open(person, NAME)
    return failed.value.member_id, failed.value.field, failed.value.why


def test_why_a_value_does_not_open_is_said_without_it(keyring: Keyring) -> None:
    person = keyring.seal("m1", {NAME: "Ada"})
    sealed = person.values[NAME]
    elsewhere = "it was changed, or belongs elsewhere"
    of_m1 = ("m1", "name")
    assert failure(keyring, replace(person, wrapped=None)) == (*of_m1, "the person's key is gone")
    assert failure(keyring, replace(person, values={NAME: sealed[:-1] + bytes([sealed[-1] ^ 1])})) == (
        *of_m1,
        elsewhere,
    )
    assert failure(keyring, replace(person, values={NAME: b"\x01"})) == (*of_m1, "the version is unknown")
    strange = sealed.replace(b"p1", b"p2", 1)
    assert failure(keyring, replace(person, values={NAME: strange})) == (*of_m1, "the key 'p2' is not here")
    assert failure(keyring, replace(person, member_id="m2")) == ("m2", "name", elsewhere)


def test_why_a_key_is_not_wrapped_anew_is_said(keyring: Keyring, caplog: pytest.LogCaptureFixture) -> None:
    wrapped = keyring.seal("m1", {}).wrapped
    assert wrapped
    for member, key, why in (
        ("m1", b"\x01", "the version is unknown"),
        ("m1", b"\x01\x02k0" + bytes(60), "no key 'k0'"),
        ("m2", wrapped, "it was changed, or belongs elsewhere"),
    ):
        caplog.clear()
        with pytest.raises(DecryptionFailed) as failed:
            keyring.rewrapped(member, key)
        assert (failed.value.member_id, failed.value.field, failed.value.why) == (member, "key", why)
        assert caplog.messages == [f"A sealed value did not open: member {member}, field key: {why}"]
