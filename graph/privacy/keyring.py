"""Seals and opens what is known of a person, and hashes what they are looked up by.

Each person has a random key of their own, which a master key wraps. Destroying the wrapped key destroys the values,
also in every later backup; for earlier ones, the register of erasures makes this keyring refuse.
"""

from __future__ import annotations

import base64
import hmac
import logging
import os
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from graph.identity import IdentifierKind, IdentityField
from graph.privacy.sealing import KEY_BYTES, bound_to, seal, taken_apart
from graph.privacy_errors import DecryptionFailed, PersonErased

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graph.privacy.erasure_register import ErasureRegister
    from graph.privacy.key_file import KeyFile
    from graph.privacy.master_keys import MasterKeys

log = logging.getLogger(__name__)
REMEMBERED, REMEMBERED_S = 4096, 60.0
PERSON_KEY, PERSON_KID = "key", "p1"
"""The field name under which the person's own key is bound, and what their values name it by."""


@dataclass(frozen=True, slots=True)
class SealedPerson:
    """What is stored of a person: their wrapped key, None once erased or without any value, and their sealed values."""

    member_id: str
    kid: str | None
    wrapped: bytes | None
    values: Mapping[IdentityField, bytes]


@dataclass(slots=True)
class Keyring:
    """One for a process. Opened keys are remembered for a minute, and forgotten with the next erasure anywhere."""

    files: KeyFile
    masters: MasterKeys
    register: ErasureRegister
    _open: OrderedDict[tuple[str, bytes], tuple[float, AESGCM]] = field(default_factory=OrderedDict, repr=False)
    _erasures: object = None
    _index: tuple[object, dict[IdentifierKind, bytes]] | None = field(default=None, repr=False)

    @property
    def installation(self) -> str:
        """Whose key file this is: the database notes it with the first sealed value."""
        return self.files.keys().installation

    def seal(self, member_id: str, plain: Mapping[IdentityField, str]) -> SealedPerson:
        """The values under a new key of the person; raises PersonErased for one who was erased."""
        if self.register.holds(member_id):
            raise PersonErased(member_id)
        key, installation = os.urandom(KEY_BYTES), self.installation
        kid, wrapped = self.masters.wrap(key, bound_to(installation, member_id, PERSON_KEY))
        cipher = AESGCM(key)
        values = {
            name: seal(cipher, PERSON_KID, text.encode(), bound_to(installation, member_id, name))
            for name, text in plain.items()
        }
        return SealedPerson(member_id, kid, wrapped, values)

    def open(self, person: SealedPerson, name: IdentityField) -> str | None:
        """A value, None if there is none. Raises PersonErased and DecryptionFailed."""
        sealed = person.values.get(name)
        if sealed is None:
            return None
        if self.register.holds(person.member_id):
            raise PersonErased(person.member_id)
        if self._erasures != self.register.stamp:
            self.forget()
            self._erasures = self.register.stamp
        bound = bound_to(self.installation, person.member_id, name)
        try:
            return _opened(self._cipher(person), sealed, bound)
        except KeyError as unknown:
            raise self._failed(person, name, f"the key {unknown} is not here") from None
        except (ValueError, InvalidTag) as fault:
            raise self._failed(person, name, str(fault) or "it was changed, or belongs elsewhere") from None

    def rewrapped(self, member_id: str, wrapped: bytes) -> tuple[str, bytes]:
        """A person's key under the active master key. Raises DecryptionFailed."""
        bound = bound_to(self.installation, member_id, PERSON_KEY)
        try:
            return self.masters.wrap(self.masters.unwrap(wrapped, bound), bound)
        except KeyError as unknown:
            raise self._failed(SealedPerson(member_id, None, None, {}), "key", f"no key {unknown}") from None
        except ValueError as fault:
            raise self._failed(SealedPerson(member_id, None, None, {}), "key", str(fault)) from None

    def token(self, kind: IdentifierKind, canonical: str) -> str:
        """What a canonical value is found by: equal for equal values, and telling nothing without the key."""
        keys = self.files.keys()
        if self._index is None or self._index[0] is not keys:
            self._index = (keys, {kind: base64.b64decode(keys.index[kind]) for kind in IdentifierKind})
        digest = hmac.digest(self._index[1][kind], canonical.encode(), sha256)
        return f"{keys.index_version}:{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"

    def forget(self) -> None:
        """Drops every opened key."""
        self._open.clear()

    def _cipher(self, person: SealedPerson) -> AESGCM:
        if person.wrapped is None:
            raise ValueError("the person's key is gone")
        now, place = time.monotonic(), (person.member_id, person.wrapped)
        while self._open and next(iter(self._open.values()))[0] <= now:
            self._open.popitem(last=False)
        if place not in self._open:
            if len(self._open) >= REMEMBERED:
                self._open.popitem(last=False)
            bound = bound_to(self.installation, person.member_id, PERSON_KEY)
            self._open[place] = (now + REMEMBERED_S, AESGCM(self.masters.unwrap(person.wrapped, bound)))
        return self._open[place][1]

    def _failed(self, person: SealedPerson, name: str, why: str) -> DecryptionFailed:
        log.error("A sealed value did not open: member %s, field %s: %s", person.member_id, name, why)
        return DecryptionFailed(person.member_id, name, why)


def _opened(cipher: AESGCM, sealed: bytes, bound: bytes) -> str:
    parts = taken_apart(sealed)
    if parts.kid != PERSON_KID:
        raise KeyError(parts.kid)
    return cipher.decrypt(parts.nonce, parts.ciphertext, bound).decode()
