"""The local signing key: tokens for development and small installations, where no identity provider is set."""

from __future__ import annotations

import fcntl
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from graph.access.keys import VerificationKey
from graph.errors import SigningKeyBroken
from graph.local.private_file import write_private

if TYPE_CHECKING:
    from pathlib import Path

    from graph.principals import Principal

LOCAL_ISSUER = "threefold"
"""The issuer of tokens signed here, unless another is set."""


@dataclass(slots=True)
class SigningKey:
    """An Ed25519 key in a private file, made when the first token is signed. Removing the file ends its tokens."""

    path: Path
    _read: tuple[tuple[int, int, int], Ed25519PrivateKey] | None = field(default=None, repr=False)
    """The key, with the file's identity when it was read."""

    async def key(self, kid: str) -> VerificationKey | None:
        """The one key, if it has this id; none before the first token. Raises SigningKeyBroken."""
        private = self._load()
        if private is None:
            return None
        known = thumbprint(private)
        return VerificationKey(known, "EdDSA", private.public_key()) if kid == known else None

    def sign(self, principal: Principal, ttl: timedelta, issuer: str, audience: str) -> str:
        """A token for a principal, valid from now for `ttl`."""
        private = self._load() or self._make()
        now = datetime.now(UTC)
        claims = {
            "sub": principal.name,
            "iss": issuer,
            "aud": audience,
            "iat": int(now.timestamp()),
            "exp": int((now + ttl).timestamp()),
            "roles": sorted(principal.roles),
        }
        if principal.member_id is not None:
            claims["member_id"] = principal.member_id
        return jwt.encode(claims, private, algorithm="EdDSA", headers={"kid": thumbprint(private)})

    def _load(self) -> Ed25519PrivateKey | None:
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return None
        identity = (found.st_ino, found.st_mtime_ns, found.st_size)
        if self._read is None or self._read[0] != identity:
            if found.st_mode & 0o077:
                raise SigningKeyBroken(f"Others may read {self.path}, which signs tokens.")
            self._read = identity, _parse(self.path)
        return self._read[1]

    def _make(self) -> Ed25519PrivateKey:
        """One key, even if several processes find none at once."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self.path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            found = self._load()
            if found is None:
                found = Ed25519PrivateKey.generate()
                text = found.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
                write_private(self.path, text)
            return found


def thumbprint(private: Ed25519PrivateKey) -> str:
    """The id of a key: the thumbprint of its public half (RFC 7638, RFC 8037)."""
    public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    text = '{"crv":"Ed25519","kty":"OKP","x":"' + _base64url(public) + '"}'
    return _base64url(sha256(text.encode()).digest())


def _base64url(octets: bytes) -> str:
    return urlsafe_b64encode(octets).rstrip(b"=").decode()


def _parse(path: Path) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError) as fault:
        raise SigningKeyBroken(f"{path} holds no private key.") from fault
    if not isinstance(key, Ed25519PrivateKey):
        raise SigningKeyBroken(f"{path} holds a key of another kind than Ed25519.")
    return key
