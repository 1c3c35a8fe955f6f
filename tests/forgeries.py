"""Tokens that must not pass, each made from one that would, and each with the reason for which it is refused."""

from __future__ import annotations

import hmac
import json
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from graph.access.signing_key import LOCAL_ISSUER, thumbprint

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

AUDIENCE = "threefold"
HOUR = 3600


def b64(octets: bytes) -> str:
    return urlsafe_b64encode(octets).rstrip(b"=").decode()


@dataclass(frozen=True, slots=True)
class Forge:
    """Makes tokens by hand, with a key that the API knows. A change to None leaves the member out."""

    private: Ed25519PrivateKey

    def token(self, header: dict[str, Any] | None = None, **claims: Any) -> str:
        return self.signed(json.dumps(self.header(**(header or {}))), json.dumps(self.claims(**claims)))

    def header(self, **changes: Any) -> dict[str, Any]:
        whole = {"alg": "EdDSA", "typ": "JWT", "kid": thumbprint(self.private)} | changes
        return {name: value for name, value in whole.items() if value is not None}

    def claims(self, **changes: Any) -> dict[str, Any]:
        now = int(time.time())
        times = {"iat": now, "exp": now + HOUR}
        whole = {"sub": "eve", "iss": LOCAL_ISSUER, "aud": AUDIENCE, "roles": ["analyst"]} | times | changes
        return {name: value for name, value in whole.items() if value is not None}

    def signed(self, header: str, claims: str) -> str:
        text = f"{b64(header.encode())}.{b64(claims.encode())}"
        return f"{text}.{b64(self.private.sign(text.encode()))}"

    def keyed_by_the_public_key(self, public: bytes) -> str:
        """HS256 with what everybody knows as the secret."""
        text = ".".join(b64(json.dumps(part).encode()) for part in (self.header(alg="HS256"), self.claims()))
        return f"{text}.{b64(hmac.digest(public, text.encode(), 'sha256'))}"

    @property
    def pem(self) -> bytes:
        return self.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    @property
    def raw(self) -> bytes:
        return self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def forge_of(path: Path) -> Forge:
    """A forge with the key of this file."""
    private = load_pem_private_key(path.read_bytes(), None)
    assert isinstance(private, Ed25519PrivateKey)
    return Forge(private)


def _edited(forge: Forge) -> str:
    header, _, signature = forge.token().split(".")
    return f"{header}.{b64(json.dumps(forge.claims(roles=['admin'])).encode())}.{signature}"


def _twice(text: str, member: str, value: str) -> str:
    return text[:-1] + f', "{member}": {value}}}'


def _as_json(forge: Forge) -> str:
    header, payload, signature = forge.token().split(".")
    return b64(json.dumps({"protected": header, "payload": payload, "signature": signature}).encode())


def _stranger(forge: Forge) -> str:
    """Another key's signature under the id of a known one."""
    known = thumbprint(forge.private)
    return Forge(Ed25519PrivateKey.generate()).token({"kid": known})


def _jwk(forge: Forge) -> dict[str, str]:
    return {"kty": "OKP", "crv": "Ed25519", "x": b64(forge.raw)}


NOT_KNOWN, HOLD, HEADER, CLAIMS = "no key has", "does not hold", "header has", "claims are refused"

FORGERIES: dict[str, tuple[str, Callable[[Forge], str]]] = {
    "alg none, unsigned": ("compact form", lambda f: f.token({"alg": "none"}).rpartition(".")[0] + "."),
    "alg none, signed": ("not that of its key", lambda f: f.token({"alg": "none"})),
    "alg nOnE": ("not that of its key", lambda f: f.token({"alg": "nOnE"})),
    "alg missing": ("lacks kid or alg", lambda f: f.token({"alg": None})),
    "alg a list": ("lacks kid or alg", lambda f: f.token({"alg": ["EdDSA"]})),
    "HS256 by the public PEM": ("not that of its key", lambda f: f.keyed_by_the_public_key(f.pem)),
    "HS256 by the public bytes": ("not that of its key", lambda f: f.keyed_by_the_public_key(f.raw)),
    "RS256 over an Ed25519 key": ("not that of its key", lambda f: f.token({"alg": "RS256"})),
    "two parts": ("compact form", lambda f: f.token().rpartition(".")[0]),
    "five parts": ("compact form", lambda f: f.token() + ".a.b"),
    "JSON instead of parts": ("compact form", _as_json),
    "padding": ("compact form", lambda f: f.token() + "=="),
    "too long": ("too long", lambda f: f.token(roles=["analyst"] * 2000)),
    "header no JSON": ("strict JSON", lambda f: f.signed("{", json.dumps(f.claims()))),
    "header a list": ("no JSON object", lambda f: f.signed("[]", json.dumps(f.claims()))),
    "claims a text": ("no JSON object", lambda f: f.signed(json.dumps(f.header()), '"eve"')),
    "claims not UTF-8": ("strict JSON", lambda f: b64(json.dumps(f.header()).encode()) + "._w.AA"),
    "alg twice": ("strict JSON", lambda f: f.signed(_twice(json.dumps(f.header()), "alg", '"none"'), "{}")),
    "roles twice": (
        "strict JSON",
        lambda f: f.signed(json.dumps(f.header()), _twice(json.dumps(f.claims()), "roles", '["admin"]')),
    ),
    "exp NaN": ("strict JSON", lambda f: f.token(exp=float("nan"))),
    "kid missing": ("lacks kid or alg", lambda f: f.token({"kid": None})),
    "kid a number": ("lacks kid or alg", lambda f: f.token({"kid": 1})),
    "kid a path": (NOT_KNOWN, lambda f: f.token({"kid": "../../dev/null"})),
    "kid an address": (NOT_KNOWN, lambda f: f.token({"kid": "http://127.0.0.1:1/jwks"})),
    "kid of nobody": (NOT_KNOWN, lambda f: Forge(Ed25519PrivateKey.generate()).token()),
    "kid of another key": (HOLD, _stranger),
    "crit unknown": (HEADER, lambda f: f.token({"crit": ["exp"], "exp": 1})),
    "crit empty": (HEADER, lambda f: f.token({"crit": []})),
    "b64 false": (HEADER, lambda f: f.token({"b64": False, "crit": ["b64"]})),
    "jku": (HEADER, lambda f: f.token({"jku": "https://127.0.0.1/jwks"})),
    "x5u": (HEADER, lambda f: f.token({"x5u": "https://127.0.0.1/cert"})),
    "jwk": (HEADER, lambda f: f.token({"jwk": _jwk(f)})),
    "zip": (HEADER, lambda f: f.token({"zip": "DEF"})),
    "typ of another kind": ("typ is not JWT", lambda f: f.token({"typ": "dpop+jwt"})),
    "typ a number": ("typ is not JWT", lambda f: f.token({"typ": 1})),
    "signature cut off": (HOLD, lambda f: f.token()[:-4]),
    "signature of one byte": (HOLD, lambda f: f.token().rpartition(".")[0] + ".AA"),
    "claims edited": (HOLD, _edited),
    "wrong audience": ("InvalidAudienceError", lambda f: f.token(aud="other")),
    "wrong issuer": ("InvalidIssuerError", lambda f: f.token(iss="https://elsewhere.example")),
    "expired": ("ExpiredSignatureError", lambda f: f.token(iat=int(time.time()) - HOUR, exp=int(time.time()) - 60)),
    "not yet valid": ("ImmatureSignatureError", lambda f: f.token(nbf=int(time.time()) + 60)),
    "issued in the future": ("ImmatureSignatureError", lambda f: f.token(iat=int(time.time()) + 60)),
    "valid for too long": ("is valid for", lambda f: f.token(exp=int(time.time()) + 10**6)),
    "valid for ever": ("is valid for", lambda f: f.token(exp=10**30)),
    "exp a text": ("whole seconds", lambda f: f.token(exp=str(int(time.time()) + HOUR))),
    "exp a fraction": ("whole seconds", lambda f: f.token(exp=time.time() + HOUR)),
    "iat true": ("whole seconds", lambda f: f.token(iat=True)),
    **{
        f"{name} missing": ("MissingRequiredClaimError", lambda f, name=name: f.token(**{name: None}))  # type: ignore[misc]
        for name in ("sub", "exp", "iat", "iss", "aud", "roles")
    },
    "sub a number": (HOLD, lambda f: f.token(sub=1)),
    "sub with a space": (CLAIMS, lambda f: f.token(sub="eve admin")),
    "sub of an API key": ("name of API keys", lambda f: f.token(sub="key:shop")),
    "an old role": (CLAIMS, lambda f: f.token(roles=["analyst", "superuser"])),
    "a role in capitals": (CLAIMS, lambda f: f.token(roles=["ADMIN"])),
    "no role": (CLAIMS, lambda f: f.token(roles=[])),
    "roles a text": ("list of texts", lambda f: f.token(roles="admin")),
    "roles of lists": ("list of texts", lambda f: f.token(roles=[["admin"]])),
    "finance and admin": (CLAIMS, lambda f: f.token(roles=["finance", "admin"])),
    "member without an id": (CLAIMS, lambda f: f.token(roles=["member"])),
    "member id without the role": (CLAIMS, lambda f: f.token(member_id="ada")),
    "member id a list": ("must be a text", lambda f: f.token(roles=["member"], member_id=["ada"])),
}
