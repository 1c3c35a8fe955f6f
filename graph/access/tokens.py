"""JSON Web Tokens (RFC 7519, read as RFC 8725 asks): signed by a known key, for us, for now, with roles that we know.

header   alg: that of the key; kid: a known one; typ: JWT or at+jwt, if any; no crit, no keys or addresses of keys
claims   sub, iss, aud, iat, exp, roles: a list of ours; member_id with the role member; nbf, if any
"""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import jwt
from jwt.exceptions import PyJWTError

from graph.errors import InvalidInput, Unauthenticated
from graph.members import identifier
from graph.principals import Principal, granted

if TYPE_CHECKING:
    from graph.access.keys import KeySource, VerificationKey

MAX_BYTES = 8192
LEEWAY_S = 10
"""How far apart the clocks of the provider and of this machine may be."""
REQUIRED = ("sub", "exp", "iat", "iss", "aud", "roles")
TYPES = {"jwt", "at+jwt", "application/jwt", "application/at+jwt"}
FORBIDDEN = {"crit", "b64", "jku", "jwk", "x5u", "x5c", "zip", "enc"}
"""Headers that change how a token is to be read, or bring the key along: none is understood here."""
KEY_PREFIX = "key:"
"""What the names of API keys' principals begin with, so that no token can pass for one in the audit."""
_COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Verified:
    """A token that held, and when it was issued (Unix seconds)."""

    principal: Principal
    issued_at: int


@dataclass(frozen=True, slots=True)
class TokenVerifier:
    """Verifies tokens of one issuer for one audience."""

    keys: KeySource
    issuer: str
    audience: str
    max_s: int
    """The longest time that a token may be valid for."""

    async def verify(self, token: str) -> Verified:
        """The principal of a token. Raises Unauthenticated, and Unavailable when no keys can be had."""
        if len(token) > MAX_BYTES:
            raise Unauthenticated("the token is too long")
        if not _COMPACT.fullmatch(token):
            raise Unauthenticated("the token is no JWS in compact form")
        header, payload, _ = token.split(".")
        _strict_object(payload)
        kid, algorithm = _read_header(_strict_object(header))
        key = await self.keys.key(kid)
        if key is None:
            raise Unauthenticated("no key has the token's kid")
        if algorithm != key.algorithm:
            raise Unauthenticated("the token's alg is not that of its key")
        return self._read_claims(self._decode(token, key))

    def _decode(self, token: str, key: VerificationKey) -> dict[str, Any]:
        """The claims, once signature, issuer, audience and times have held."""
        try:
            return jwt.decode(
                token,
                key.key,
                algorithms=[key.algorithm],
                issuer=self.issuer,
                audience=self.audience,
                leeway=LEEWAY_S,
                options={"require": list(REQUIRED)},
            )
        except (PyJWTError, ValueError, TypeError) as fault:
            raise Unauthenticated(f"the token does not hold: {type(fault).__name__}") from None

    def _read_claims(self, claims: dict[str, Any]) -> Verified:
        moments = [claims[name] for name in ("iat", "exp", "nbf") if name in claims]
        if any(type(moment) is not int for moment in moments):
            raise Unauthenticated("iat, exp and nbf must be whole seconds")
        issued, expires = moments[:2]
        if not 0 < expires - issued <= self.max_s:
            raise Unauthenticated(f"the token is valid for {expires - issued} s, not for 1 to {self.max_s}")
        words, member_id = claims["roles"], claims.get("member_id")
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            raise Unauthenticated("roles must be a list of texts")
        if not isinstance(member_id, str | None):
            raise Unauthenticated("member_id must be a text")
        try:
            name = identifier(claims["sub"], "sub")
            roles, member = granted(words, member_id)
        except InvalidInput as fault:
            raise Unauthenticated(f"the token's claims are refused: {fault.message}") from None
        if name.startswith(KEY_PREFIX):
            raise Unauthenticated("the token's sub is a name of API keys")
        return Verified(Principal(name, roles, member, datetime.fromtimestamp(expires, UTC)), issued)


def _read_header(header: dict[str, Any]) -> tuple[str, str]:
    """The kid and the algorithm that a header names."""
    if header.keys() & FORBIDDEN:
        raise Unauthenticated(f"the token's header has {', '.join(sorted(header.keys() & FORBIDDEN))}")
    kind, kid, algorithm = header.get("typ", "JWT"), header.get("kid"), header.get("alg")
    if not isinstance(kind, str) or kind.lower() not in TYPES:
        raise Unauthenticated("the token's typ is not JWT")
    if not isinstance(kid, str) or not isinstance(algorithm, str):
        raise Unauthenticated("the token's header lacks kid or alg")
    return kid, algorithm


def _strict_object(segment: str) -> dict[str, Any]:
    """A segment's JSON object, in which no name may stand twice: readers would differ in which one counts."""
    try:
        text = urlsafe_b64decode(segment + "=" * (-len(segment) % 4)).decode()
        found = json.loads(text, object_pairs_hook=_once_each, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Unauthenticated("a part of the token is no strict JSON") from None
    if not isinstance(found, dict):
        raise Unauthenticated("a part of the token is no JSON object")
    return found


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _no_number(word: str) -> float:
    raise ValueError(word)
