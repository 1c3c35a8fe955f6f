"""The key file: master keys, the keys of the blind indexes and of the register of erasures. 0600, outside the database.

Read anew whenever it has changed, so that every process knows a new master key at once. Losing it is losing every
sealed value; a copy of it lets whoever also has the database read them all.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import secrets
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from graph.identity import IdentifierKind
from graph.local.private_file import write_private
from graph.privacy.sealing import KEY_BYTES
from graph.privacy_errors import PrivacyBroken
from graph.times import stored

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

INDEX_VERSION = "1"


@dataclass(frozen=True, slots=True)
class MasterKey:
    """One key that wraps persons' keys. `idle_since` is when another took its place."""

    key: str = field(repr=False)
    made_at: str
    idle_since: str | None = None

    @property
    def secret(self) -> bytes:
        """The key itself."""
        return base64.b64decode(self.key)


@dataclass(frozen=True, slots=True)
class Keys:
    """What the file holds. Keys are base64; `index` has one for each kind of identifier."""

    installation: str
    active: str
    masters: dict[str, MasterKey]
    index: dict[str, str] = field(repr=False)
    register: str = field(repr=False)
    index_version: str = INDEX_VERSION


@dataclass(slots=True)
class KeyFile:
    """The file at one path, made at first use."""

    path: Path
    _read: Keys | None = field(default=None, repr=False)
    _stamp: tuple[int, int, int] | None = None

    @property
    def exists(self) -> bool:
        """Whether it was made."""
        return self.path.exists()

    def keys(self) -> Keys:
        """What it holds now; raises PrivacyBroken if that cannot be read."""
        stamp = stamp_of(self.path)
        if stamp is None:
            self.change(lambda keys: keys)
            stamp = stamp_of(self.path)
        if self._read is None or stamp != self._stamp:
            self._read, self._stamp = self._parse(), stamp
        return self._read

    def change(self, work: Callable[[Keys], Keys]) -> Keys:
        """Replaces the file by what work makes of it, one process at a time."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with locked(self.path.with_suffix(".lock")):
            earlier = self._parse() if self.exists else new_keys()
            later = work(earlier)
            if later is not earlier or not self.exists:
                write_private(self.path, json.dumps(asdict(later), indent=2) + "\n")
        self._read = None
        return later

    def _parse(self) -> Keys:
        try:
            row = json.loads(self.path.read_text(encoding="utf-8"))
            masters = {kid: MasterKey(**key) for kid, key in row.pop("masters").items()}
            keys = Keys(masters=masters, **row)
            sizes = {len(base64.b64decode(key)) for key in (*keys.index.values(), keys.register)}
            if sizes != {KEY_BYTES} or keys.active not in keys.masters or set(keys.index) != set(IdentifierKind):
                raise PrivacyBroken(f"{self.path} lacks a key.")
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as fault:
            raise PrivacyBroken(f"{self.path} cannot be read as a key file.") from fault
        return keys


def new_keys() -> Keys:
    """Keys for an installation that has none."""
    kid = new_kid()
    return Keys(
        installation=secrets.token_hex(8),
        active=kid,
        masters={kid: MasterKey(_random_key(), stored(datetime.now(UTC)))},
        index={kind: _random_key() for kind in IdentifierKind},
        register=_random_key(),
    )


def with_new_master(keys: Keys) -> Keys:
    """The same with a new active master key; those before it go on opening what they wrapped."""
    now, kid = stored(datetime.now(UTC)), new_kid()
    before = keys.masters | {keys.active: replace(keys.masters[keys.active], idle_since=now)}
    return replace(keys, active=kid, masters=before | {kid: MasterKey(_random_key(), now)})


def without_master(keys: Keys, kid: str) -> Keys:
    """The same without a master key that is not active."""
    if kid == keys.active:
        raise ValueError("the active key cannot be removed")
    return replace(keys, masters={name: key for name, key in keys.masters.items() if name != kid})


def new_kid() -> str:
    """A name for a master key that no other has, beginning with the day it was made."""
    return f"{datetime.now(UTC):%Y%m%d}-{secrets.token_hex(4)}"


def stamp_of(path: Path) -> tuple[int, int, int] | None:
    """What changes whenever a file does; None if there is none."""
    try:
        found = os.stat(path)  # noqa: PTH116  twice as fast, and on the way of every sealed value
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Holds a lock file, waiting for whoever has it."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _random_key() -> str:
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
