"""Public keys that verify tokens, each bound to the one algorithm of its type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt import PyJWK
from jwt.exceptions import PyJWTError

if TYPE_CHECKING:
    from collections.abc import Mapping

PublicKey: TypeAlias = Ed25519PublicKey | EllipticCurvePublicKey | RSAPublicKey

ALGORITHM_OF: dict[tuple[str | None, str | None], str] = {
    ("OKP", "Ed25519"): "EdDSA",
    ("EC", "P-256"): "ES256",
    ("RSA", None): "RS256",
}
"""By key type and curve: there is no other way to an algorithm, least of all by a token's own word."""
RSA_BITS = range(2048, 8193)
MAX_KID = 256


@dataclass(frozen=True, slots=True)
class VerificationKey:
    """What a signature is held against."""

    kid: str
    algorithm: str
    key: PublicKey


class KeySource(Protocol):
    """Where verification keys come from."""

    async def key(self, kid: str) -> VerificationKey | None:
        """The key of this id. An id is a name to look up, and never an address. Raises Unavailable."""


def read_key(jwk: Mapping[str, Any]) -> VerificationKey | None:
    """The key of a JWK (RFC 7517), or None for one that is not for verifying signatures of ours."""
    kid, kind, uses = jwk.get("kid"), (jwk.get("kty"), jwk.get("crv")), jwk.get("key_ops", ["verify"])
    usable = (
        isinstance(kid, str)
        and 0 < len(kid) <= MAX_KID
        and all(value is None or isinstance(value, str) for value in kind)
        and jwk.get("use", "sig") == "sig"
        and isinstance(uses, list)
        and "verify" in uses
        and "d" not in jwk
    )
    algorithm = ALGORITHM_OF.get(kind) if usable else None
    if algorithm is None or jwk.get("alg", algorithm) != algorithm:
        return None
    try:
        key = PyJWK(dict(jwk), algorithm).key
    except (PyJWTError, ValueError, TypeError):
        return None
    if not isinstance(key, PublicKey) or (isinstance(key, RSAPublicKey) and key.key_size not in RSA_BITS):
        return None
    return VerificationKey(str(kid), algorithm, key)
