"""What an earlier version of this code sealed, hashed and noted is still read: the values below were written by one."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from graph.identity import IdentifierKind, IdentityField
from graph.privacy.erasure_register import ErasureRegister
from graph.privacy.key_file import KeyFile
from graph.privacy.keyring import Keyring, SealedPerson
from graph.privacy.master_keys import FileMasterKeys, GivenMasterKeys
from graph.privacy.sealing import Envelope, taken_apart
from graph.privacy_errors import PrivacyBroken

if TYPE_CHECKING:
    from pathlib import Path

NAME = IdentityField.NAME
WRAPPED = (
    "01026b316f3989c49cbe13be905807c4c7375753b412c8df12bb6a2c6662325b20e3"
    "4439bb25c70c10aee2df75e71548d296f2b3143b1bb48b953bea10c6fd35"
)
SEALED = "01027031ca6a327c35f1fad8b660c6097cc4a4b9830d826ba148d183e5f9e854340bcd4a82d1"
PERSON = SealedPerson("m1", "k1", bytes.fromhex(WRAPPED), {NAME: bytes.fromhex(SEALED)})
TOKENS = {
    IdentifierKind.DEVICE: "1:xYJpjE6UPe9_gV3uwAQ7Co8ptQuyp0WM09s8liIR0Q0",
    IdentifierKind.IP: "1:5HclE20sdK3n26GkPffa1UkBRsWJZcpiHWybEaI4bc0",
    IdentifierKind.PAYMENT: "1:JFjA2ic5FGdkatJ6o0oOytSAyaG6haEL1q3GeTm_72w",
    IdentifierKind.PAYOUT: "1:XA5YnoGks4av0LIflKxse0lYRHT22s2tCHhHXER_GIo",
    IdentifierKind.ADDRESS: "1:U5DiDxgaHdO5WmbOodo9d0TGFI4OuniQ3cHCOaBK7Q8",
    IdentifierKind.PHONE: "1:9gz79nWHsC99-RtdzS9khKg9HyPnJoW4DREiiCmGRRU",
    IdentifierKind.ID_NUMBER: "1:2Wh88es0XLmfEeIPcYQzw67pOwwPkYQBpCcSLgUbpIc",
}
FIRST = (
    '{"number": 1, "at": "2026-11-23T20:49:31.598227Z", "person": "orUkoY--1WXpSbpKpHVj1I0_mqg4TOY5X44NCeWgV2k="'
    ', "mac": "EIL7GLcz9OJ9pTJzniI1gyARew0TuqSEhW5mCl9lq40="}'
)
SECOND = (
    '{"number": 2, "at": "2026-11-23T20:49:31.620434Z", "person": "5Td1CK21tRK0DNZ0o4g3LHP4oLZOSuNrGbDYj6iI_0s="'
    ', "mac": "BTY5NzuS6pZSJf0iLzAd6nbPNDWPYC-Mvh6-vMKO5CA="}'
)
REGISTER = f"{FIRST}\n{SECOND}\n"


def key_of(number: int) -> str:
    return base64.b64encode(bytes([number]) * 32).decode()


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    """Over the two files as they were left."""
    row = {
        "installation": "0011223344556677",
        "active": "k1",
        "masters": {"k1": {"key": key_of(1), "made_at": "2026-01-01T12:00:00Z", "idle_since": None}},
        "index": {kind: key_of(number) for number, kind in enumerate(TOKENS, 10)},
        "register": key_of(9),
        "index_version": "1",
    }
    (tmp_path / "keys.json").write_text(json.dumps(row))
    (tmp_path / "erasures.jsonl").write_text(REGISTER)
    file = KeyFile(tmp_path / "keys.json")
    return Keyring(file, FileMasterKeys(file), ErasureRegister(tmp_path / "erasures.jsonl", file))


def test_a_value_that_was_sealed_opens(keyring: Keyring) -> None:
    assert keyring.open(PERSON, NAME) == "张三"
    given = Keyring(keyring.files, GivenMasterKeys.read(f"k1={key_of(1)}"), keyring.register)
    assert given.open(PERSON, NAME) == "张三"


@pytest.mark.parametrize(("kind", "token"), TOKENS.items())
def test_a_value_that_was_hashed_is_found(keyring: Keyring, kind: IdentifierKind, token: str) -> None:
    assert keyring.token(kind, "same") == token


def test_who_was_erased_stays_erased(keyring: Keyring) -> None:
    assert [keyring.register.holds(member) for member in ("m7", "m8", "m9")] == [False, True, True]
    assert keyring.register.append("m8") == 2
    assert keyring.register.append("m7") == 3


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"number": 2', '"number": 3'),
        ("20:49:31.620434Z", "20:49:31.620435Z"),
        ("5Td1CK21tRK0DNZ0o4g3LHP4oLZOSuNrGbDYj6iI_0s=", "orUkoY--1WXpSbpKpHVj1I0_mqg4TOY5X44NCeWgV2k="),
        ("5Td1CK21", "6Td1CK21"),
        ("BTY5NzuS", "CTY5NzuS"),
        ('"person": "5', '"persons": "5'),
        ('{"number": 2', '["number", 2'),
    ],
)
def test_no_part_of_a_line_of_the_register_may_change(keyring: Keyring, before: str, after: str) -> None:
    path = keyring.register.path
    path.write_text(REGISTER.replace(before, after))
    with pytest.raises(PrivacyBroken) as broken:
        keyring.register.holds("m8")
    assert broken.value.message == f"Line 2 of {path} was changed."


def test_a_register_goes_on_where_it_ended(keyring: Keyring) -> None:
    assert keyring.register.append("m7") == 3
    *earlier, last = keyring.register.path.read_text().splitlines(keepends=True)
    assert "".join(earlier) == REGISTER
    row = json.loads(last)
    assert list(row) == ["number", "at", "person", "mac"]
    assert row["number"] == 3
    at = datetime.fromisoformat(row["at"])
    assert at.utcoffset() == timedelta(0)
    assert timedelta(0) <= datetime.now(UTC) - at < timedelta(minutes=1)


def test_the_files_are_made_in_a_folder_of_their_own_with_their_locks_beside_them(tmp_path: Path) -> None:
    folder = tmp_path / "some" / "where"
    register = ErasureRegister(folder / "erasures.jsonl", KeyFile(tmp_path / "keys" / "of" / "ours" / "keys.json"))
    assert register.count == 0
    assert not register.holds("m1")
    assert register.append("m1") == 1
    assert {file.name for file in folder.iterdir()} == {"erasures.jsonl", "erasures.lock"}
    assert {file.name for file in register.keys.path.parent.iterdir()} == {"keys.json", "keys.lock"}
    for made in (folder, register.keys.path.parent):
        assert made.stat().st_mode & 0o777 == 0o700


def test_a_register_that_is_gone_holds_nobody(keyring: Keyring) -> None:
    assert keyring.register.count == 2
    keyring.register.path.unlink()
    assert (keyring.register.count, keyring.register.stamp) == (0, None)


def test_a_sealed_value_has_a_version_a_kid_a_nonce_and_a_tag() -> None:
    shortest = b"\x01\x02k1" + b"n" * 12 + b"t" * 16
    assert taken_apart(shortest) == Envelope("k1", b"n" * 12, b"t" * 16)
    assert taken_apart(shortest + b"more") == Envelope("k1", b"n" * 12, b"t" * 16 + b"more")
    for short in (shortest[:-1], shortest[:4], b"\x01\x00"):
        with pytest.raises(ValueError, match=r"^it is too short$"):
            taken_apart(short)
    for strange in (b"", b"\x01", b"\x02" + shortest[1:]):
        with pytest.raises(ValueError, match=r"^the version is unknown$"):
            taken_apart(strange)
