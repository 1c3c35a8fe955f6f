"""Master keys wrap persons' keys. They come from the key file, from the environment, or from a service of yours.

A key management service is one more class with these methods, given to `Keyring` in `graph/wiring.py`: `wrap`
and `unwrap` call the service with the person's 32 bytes and `bound` as its encryption context, and the service's
key never comes here. Both are called once a person and then remembered for a minute; raise KeyError for a kid that
the service does not know, and ValueError where it refuses.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from graph.errors import InvalidInput
from graph.privacy.sealing import KEY_BYTES, seal, taken_apart

if TYPE_CHECKING:
    from graph.privacy.key_file import KeyFile


class MasterKeys(Protocol):
    """Whoever can wrap and unwrap persons' keys."""

    @property
    def active(self) -> str:
        """The kid of the key that wraps now."""
        ...

    def has(self, kid: str) -> bool:
        """Whether what this key wrapped can be opened here."""
        ...

    def wrap(self, key: bytes, bound: bytes) -> tuple[str, bytes]:
        """A person's key wrapped by the active key, and the kid of that key."""
        ...

    def unwrap(self, wrapped: bytes, bound: bytes) -> bytes:
        """The person's key; raises KeyError for a kid that is not here, ValueError for what does not open."""
        ...


@dataclass(slots=True)
class FileMasterKeys:
    """Those of the key file."""

    file: KeyFile
    _ciphers: dict[str, AESGCM] = field(default_factory=dict, repr=False)

    @property
    def active(self) -> str:
        """As the file says now."""
        return self.file.keys().active

    def has(self, kid: str) -> bool:
        """As the file says now."""
        return kid in self.file.keys().masters

    def wrap(self, key: bytes, bound: bytes) -> tuple[str, bytes]:
        """By the key that is active now."""
        kid = self.active
        return kid, seal(self._cipher(kid), kid, key, bound)

    def unwrap(self, wrapped: bytes, bound: bytes) -> bytes:
        """By the key that the value names."""
        return _unwrap(self._cipher(taken_apart(wrapped).kid), wrapped, bound)

    def _cipher(self, kid: str) -> AESGCM:
        secret = self.file.keys().masters[kid].secret
        if kid not in self._ciphers:
            self._ciphers[kid] = AESGCM(secret)
        return self._ciphers[kid]


@dataclass(frozen=True, slots=True)
class GivenMasterKeys:
    """Those of THREEFOLD_MASTER_KEYS: `kid=base64` pairs joined by commas, the first being active."""

    active: str
    _ciphers: dict[str, AESGCM] = field(repr=False)

    @classmethod
    def read(cls, text: str) -> GivenMasterKeys:
        """Raises InvalidInput for what is no list of keys of 32 bytes, without showing it."""
        ciphers: dict[str, AESGCM] = {}
        for pair in filter(None, text.replace("\n", ",").split(",")):
            kid, _, key = pair.strip().partition("=")
            try:
                secret = base64.b64decode(key, validate=True)
            except ValueError:
                secret = b""
            if not kid or kid in ciphers or not kid.isascii() or len(kid) > 64 or len(secret) != KEY_BYTES:
                break
            ciphers[kid] = AESGCM(secret)
        else:
            if ciphers:
                return cls(next(iter(ciphers)), ciphers)
        raise InvalidInput(
            "master_keys",
            "THREEFOLD_MASTER_KEYS must be pairs kid=key, joined by commas, each key 32 bytes in base64.",
            code="BAD_SETTING",
        )

    def has(self, kid: str) -> bool:
        """Among those given."""
        return kid in self._ciphers

    def wrap(self, key: bytes, bound: bytes) -> tuple[str, bytes]:
        """By the first key."""
        return self.active, seal(self._ciphers[self.active], self.active, key, bound)

    def unwrap(self, wrapped: bytes, bound: bytes) -> bytes:
        """By the key that the value names."""
        return _unwrap(self._ciphers[taken_apart(wrapped).kid], wrapped, bound)


def _unwrap(cipher: AESGCM, wrapped: bytes, bound: bytes) -> bytes:
    parts = taken_apart(wrapped)
    try:
        return cipher.decrypt(parts.nonce, parts.ciphertext, bound)
    except InvalidTag:
        raise ValueError("it was changed, or belongs elsewhere") from None
