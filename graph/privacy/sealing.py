"""One sealed value: AES-256-GCM with a random nonce, bound to where it belongs.

    1 byte version ‖ 1 byte length of kid ‖ kid ‖ 12 bytes nonce ‖ ciphertext and 16 bytes tag

The associated data are not stored: whoever opens a value says what it must be. A value that was changed, or moved to
another person, field or installation, does not open.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graph.audit import canonical

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION, KEY_BYTES, NONCE_BYTES, TAG_BYTES = 1, 32, 12, 16


@dataclass(frozen=True, slots=True)
class Envelope:
    """The parts of a sealed value."""

    kid: str
    nonce: bytes
    ciphertext: bytes


def bound_to(installation: str, member_id: str, field: str) -> bytes:
    """The associated data: bytes that no other place has."""
    return canonical("sealed", str(VERSION), installation, member_id, field)


def seal(key: AESGCM, kid: str, plain: bytes, bound: bytes) -> bytes:
    """A sealed value. The nonce is random: at most 2³² values a key, of which a person has a handful."""
    nonce, name = os.urandom(NONCE_BYTES), kid.encode()
    return bytes((VERSION, len(name))) + name + nonce + key.encrypt(nonce, plain, bound)


def taken_apart(sealed: bytes) -> Envelope:
    """The parts; raises ValueError for what is no sealed value of this version."""
    if len(sealed) < 2 or sealed[0] != VERSION:
        raise ValueError("the version is unknown")
    start = 2 + sealed[1]
    if len(sealed) < start + NONCE_BYTES + TAG_BYTES:
        raise ValueError("it is too short")
    return Envelope(sealed[2:start].decode(), sealed[start : start + NONCE_BYTES], sealed[start + NONCE_BYTES :])
