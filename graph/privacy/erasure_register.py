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
                descriptor = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
                try:
                    os.ftruncate(descriptor, len(_whole(self.path.read_bytes())))
                    os.write(descriptor, line.encode())
                    os.fsync(descriptor)
                finally:
                    os.close(descriptor)
                _sync_folder(self.path.parent)
        self.refresh()
        return len(self._people)

    def _read(self) -> tuple[frozenset[str], str]:
        """Who is in it, and the last mac. A last line cut off by a crash, which nobody was told of, is left out."""
        people: set[str] = set()
        last = ""
        for line in _whole(self.path.read_bytes()).splitlines():
            mac = self._checked(line, len(people) + 1, last)
            if mac is None:
                raise PrivacyBroken(f"Line {len(people) + 1} of {self.path} was changed.")
            people.add(json.loads(line)["person"])
            last = mac
        return frozenset(people), last

    def _checked(self, line: bytes, number: int, before: str) -> str | None:
        """The mac of a line that is what was once appended here."""
        try:
            row = json.loads(line)
            expected = self._mac(number, str(row["at"]), str(row["person"]), before)
            as_it_was = row["number"] == number and hmac.compare_digest(expected, str(row["mac"]))
        except (ValueError, TypeError, KeyError):
            return None
        return expected if as_it_was else None

    def _person(self, member_id: str) -> str:
        return _text(hmac.digest(self._key(), canonical("person", member_id), sha256))

    def _mac(self, number: int, at: str, person: str, before: str) -> str:
        return _text(hmac.digest(self._key(), canonical("erasure", str(number), at, person, before), sha256))

    def _key(self) -> bytes:
        return base64.b64decode(self.keys.keys().register)


def _whole(lines: bytes) -> bytes:
    return lines[: lines.rfind(b"\n") + 1]


def _text(digest: bytes) -> str:
    return base64.urlsafe_b64encode(digest).decode()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
