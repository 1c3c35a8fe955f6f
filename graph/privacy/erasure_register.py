"""The register of erasures: who must stay unreadable, whatever an older backup brings back.

A file beside the key file, one JSON object a line, appended and forced to the disk. It names nobody: `person` is a
keyed hash of the member's id. `mac` is over the line and the mac before it, so that no line can be changed, removed or
put in between; that none is missing at the end, the number noted in the database tells.
"""

from __future__ import annotations

import base64
import hmac
import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from graph.audit import canonical
from graph.privacy.key_file import locked, stamp_of
from graph.privacy_errors import PrivacyBroken
from graph.times import stored

if TYPE_CHECKING:
    from pathlib import Path

    from graph.privacy.key_file import KeyFile


@dataclass(slots=True)
class ErasureRegister:
    """The register at one path. Any number of processes may append."""

    path: Path
    keys: KeyFile
    _people: frozenset[str] = frozenset()
    stamp: tuple[int, int, int] | None = None
    """Changes with every erasure that this process has seen."""

    @property
    def count(self) -> int:
        """How many erasures it holds; raises PrivacyBroken as `holds` does."""
        self.refresh()
        return len(self._people)

    def holds(self, member_id: str) -> bool:
        """Whether this person was erased; raises PrivacyBroken if the register was changed."""
        self.refresh()
        return bool(self._people) and self._person(member_id) in self._people

    def refresh(self) -> None:
        """Reads what was appended since."""
        stamp = stamp_of(self.path)
        if stamp != self.stamp:
            self._people = self._read()[0] if stamp else frozenset()
            self.stamp = stamp

    def append(self, member_id: str) -> int:
        """Notes an erasure for good; how many there are now. The same person again changes nothing."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        person = self._person(member_id)
        with locked(self.path.with_suffix(".lock")):
            people, last = self._read() if self.path.exists() else (frozenset(), "")
            if person not in people:
                at = stored(datetime.now(UTC))
                number = len(people) + 1
                mac = self._mac(number, at, person, last)
                line = json.dumps({"number": number, "at": at, "person": person, "mac": mac}) + "\n"
                descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
                try:
                    os.write(descriptor, line.encode())
                    os.fsync(descriptor)
                finally:
                    os.close(descriptor)
                _sync_folder(self.path.parent)
        self.refresh()
        return len(self._people)

    def _read(self) -> tuple[frozenset[str], str]:
        people: set[str] = set()
        last = ""
        for line in self.path.read_bytes().splitlines():
            try:
                row = json.loads(line)
                number, at, person, mac = (row[name] for name in ("number", "at", "person", "mac"))
                expected = self._mac(len(people) + 1, str(at), str(person), last)
                if number != len(people) + 1 or not hmac.compare_digest(expected, str(mac)):
                    raise ValueError("the mac differs")
            except (ValueError, TypeError, KeyError) as fault:
                raise PrivacyBroken(f"Line {len(people) + 1} of {self.path} was changed.") from fault
            people.add(person)
            last = mac
        return frozenset(people), last

    def _person(self, member_id: str) -> str:
        return _text(hmac.digest(self._key(), canonical("person", member_id), sha256))

    def _mac(self, number: int, at: str, person: str, before: str) -> str:
        return _text(hmac.digest(self._key(), canonical("erasure", str(number), at, person, before), sha256))

    def _key(self) -> bytes:
        return base64.b64decode(self.keys.keys().register)


def _text(digest: bytes) -> str:
    return base64.urlsafe_b64encode(digest).decode()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
