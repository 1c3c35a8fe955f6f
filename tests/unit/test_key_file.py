"""The key file, the keys in it, and the master keys that come from elsewhere."""

from __future__ import annotations

import base64
import fcntl
import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from graph.errors import InvalidInput
from graph.identity import IdentifierKind
from graph.privacy.key_file import KeyFile, Keys, new_keys, with_new_master, without_master
from graph.privacy.master_keys import FileMasterKeys, GivenMasterKeys
from graph.privacy_errors import PrivacyBroken

if TYPE_CHECKING:
    from pathlib import Path


def is_now(text: str) -> bool:
    moment = datetime.fromisoformat(text)
    return moment.utcoffset() == timedelta(0) and timedelta(0) <= datetime.now(UTC) - moment < timedelta(minutes=1)


def key_of(number: int) -> str:
    return base64.b64encode(bytes([number]) * 32).decode()


def test_new_keys_are_random_and_of_256_bits() -> None:
    keys, others = new_keys(), new_keys()
    (master,) = keys.masters.values()
    assert list(keys.masters) == [keys.active]
    assert list(keys.index) == list(IdentifierKind)
    every = [key for made in (keys, others) for key in (*made.index.values(), made.register)]
    every += [key.key for made in (keys, others) for key in made.masters.values()]
    assert len(set(every)) == len(every) == 2 * (len(IdentifierKind) + 2)
    assert {len(base64.b64decode(key)) for key in every} == {32}
    assert re.fullmatch("[0-9a-f]{16}", keys.installation)
    assert keys.installation != others.installation
    assert is_now(master.made_at)
    assert (master.idle_since, keys.index_version) == (None, "1")


def test_the_name_of_a_master_key_begins_with_its_day() -> None:
    keys = new_keys()
    assert re.fullmatch(f"{datetime.now(UTC):%Y%m%d}-[0-9a-f]{{8}}", keys.active)
    assert keys.active != new_keys().active


def test_no_key_is_shown() -> None:
    keys = new_keys()
    shown = repr(keys) + repr(KeyFile)
    for secret in (*keys.index.values(), keys.register, *[key.key for key in keys.masters.values()]):
        assert secret not in shown


def test_a_new_master_takes_the_place_of_the_one_before_and_of_nothing_else() -> None:
    keys = new_keys()
    later = with_new_master(keys)
    old, new = later.masters.values()
    assert list(later.masters) == [keys.active, later.active]
    assert replace(old, idle_since=None) == keys.masters[keys.active]
    assert old.idle_since
    assert is_now(old.idle_since)
    assert old.idle_since == new.made_at
    assert new.idle_since is None
    assert new.key != old.key
    assert replace(later, active=keys.active, masters=keys.masters) == keys


def test_a_master_key_is_removed_unless_it_is_the_active_one() -> None:
    keys = with_new_master(new_keys())
    old = next(iter(keys.masters))
    assert without_master(keys, old) == replace(keys, masters={keys.active: keys.masters[keys.active]})
    with pytest.raises(ValueError, match=r"^the active key cannot be removed$"):
        without_master(keys, keys.active)


def test_a_key_file_is_made_once_and_read_until_it_changes(tmp_path: Path) -> None:
    file, other = KeyFile(tmp_path / "keys.json"), KeyFile(tmp_path / "keys.json")
    assert not file.exists
    made = file.keys()
    assert file.keys() is made
    assert file.exists
    assert other.keys() == made
    assert file.keys() is file.keys()
    stamp = file.path.stat().st_ino
    assert other.change(lambda keys: keys) == made
    assert file.path.stat().st_ino == stamp, "what did not change is not written"
    assert other.keys() == made
    later = other.change(with_new_master)
    assert file.keys() == other.keys() == later != made
    assert json.loads(file.path.read_text())["active"] == later.active


def test_a_change_is_alone_until_it_is_done(tmp_path: Path) -> None:
    file = KeyFile(tmp_path / "keys.json")

    def is_free() -> bool:
        with (tmp_path / "keys.lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True

    seen: list[bool] = []

    def work(keys: Keys) -> Keys:
        seen.append(is_free())
        return keys

    file.change(work)
    assert (seen, is_free()) == ([False], True)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"active": "k"}, "lacks a key."),
        ({"register": "AA=="}, "lacks a key."),
        ({"index": {}}, "lacks a key."),
        ({"masters": {}}, "lacks a key."),
        ({"masters": []}, "cannot be read as a key file."),
        ({"register": 7}, "cannot be read as a key file."),
        ({"one": "more"}, "cannot be read as a key file."),
    ],
)
def test_a_key_file_that_is_none_says_so(tmp_path: Path, change: dict[str, object], why: str) -> None:
    file = KeyFile(tmp_path / "keys.json")
    file.keys()
    file.path.write_text(json.dumps(json.loads(file.path.read_text()) | change))
    with pytest.raises(PrivacyBroken) as broken:
        file.keys()
    assert broken.value.message == f"{file.path} {why}"


@pytest.mark.parametrize(
    "text",
    [
        f"a={key_of(1)},b={key_of(2)}",
        f"a={key_of(1)}\nb={key_of(2)}\n",
        f" a={key_of(1)} ,, b={key_of(2)},",
    ],
)
def test_given_master_keys_are_a_list_of_which_the_first_is_active(text: str) -> None:
    given = GivenMasterKeys.read(text)
    assert given.active == "a"
    assert [given.has(kid) for kid in ("a", "b", "c", "")] == [True, True, False, False]
    kid, wrapped = given.wrap(b"k" * 32, b"here")
    assert kid == "a"
    assert GivenMasterKeys.read(f"a={key_of(1)}").unwrap(wrapped, b"here") == b"k" * 32
    with pytest.raises(ValueError, match=r"^it was changed, or belongs elsewhere$"):
        given.unwrap(wrapped, b"there")
    with pytest.raises(KeyError, match="a"):
        GivenMasterKeys.read(f"b={key_of(2)}").unwrap(wrapped, b"here")


def test_the_kid_of_a_given_key_has_up_to_64_ascii_characters() -> None:
    assert GivenMasterKeys.read(f"{'k' * 64}={key_of(1)}").active == "k" * 64


@pytest.mark.parametrize(
    "text",
    [
        "",
        ",",
        key_of(1),
        f"={key_of(1)}",
        f"{'k' * 65}={key_of(1)}",
        f"\u00e9={key_of(1)}",
        f"a={key_of(1)},a={key_of(2)}",
        f"a={key_of(1)},b=",
        f"a={key_of(1)[:-4]}",
        f"a={key_of(1)[:8]}*{key_of(1)[8:]}",
    ],
)
def test_what_is_no_list_of_keys_is_refused_by_the_settings_name(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        GivenMasterKeys.read(text)
    assert (refused.value.field, refused.value.code) == ("master_keys", "BAD_SETTING")


def test_the_key_file_says_which_master_keys_are_here(tmp_path: Path) -> None:
    file = KeyFile(tmp_path / "keys.json")
    masters = FileMasterKeys(file)
    first = masters.active
    file.change(with_new_master)
    assert masters.active != first
    assert [masters.has(kid) for kid in (first, masters.active, "k")] == [True, True, False]
