"""Which tokens hold: one of ours, and none that was changed, forged, or meant for somebody else."""

from __future__ import annotations

import json
import stat
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from forgeries import AUDIENCE, FORGERIES, HOUR, Forge, forge_of
from hypothesis import given
from hypothesis import strategies as st

from graph.access.keys import VerificationKey, read_key
from graph.access.opening import sign_token
from graph.access.signing_key import LOCAL_ISSUER, SigningKey
from graph.access.tokens import TokenVerifier
from graph.errors import InvalidInput, SigningKeyBroken, Unauthenticated
from graph.principals import Principal, Role
from graph.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

DAY = 86_400
ANALYST = Principal("eve", frozenset({Role.ANALYST}))


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("home") / "access" / "signing_key.pem"
    SigningKey(path).sign(ANALYST, timedelta(hours=1), LOCAL_ISSUER, AUDIENCE)
    return path


@pytest.fixture(scope="module")
def forge(path: Path) -> Forge:
    return forge_of(path)


@pytest.fixture(scope="module")
def verifier(path: Path) -> TokenVerifier:
    return TokenVerifier(SigningKey(path), LOCAL_ISSUER, AUDIENCE, DAY)


async def reason(verifier: TokenVerifier, token: str) -> str:
    with pytest.raises(Unauthenticated) as refusal:
        await verifier.verify(token)
    assert refusal.value.message == "A valid token or API key is needed."
    assert len(token) < 40 or token not in refusal.value.reason
    return refusal.value.reason


async def test_a_token_of_ours_says_who_asks(verifier: TokenVerifier, path: Path) -> None:
    signed = SigningKey(path).sign(ANALYST, timedelta(hours=1), LOCAL_ISSUER, AUDIENCE)
    principal = (await verifier.verify(signed)).principal
    assert (principal.name, principal.roles, principal.member_id) == ("eve", {Role.ANALYST}, None)
    assert principal.expires_at is not None
    assert timedelta(minutes=59) < principal.expires_at - datetime.now(UTC) <= timedelta(hours=1)


async def test_what_is_forged_would_hold_without_the_forgery(verifier: TokenVerifier, forge: Forge) -> None:
    assert (await verifier.verify(forge.token())).principal.roles == {Role.ANALYST}
    member = await verifier.verify(forge.token(roles=["member"], member_id="ada", aud=["other", AUDIENCE]))
    assert member.principal.member_id == "ada"
    for kind in ("at+jwt", None):
        await verifier.verify(forge.token({"typ": kind}))


@pytest.mark.parametrize("name", FORGERIES)
async def test_a_forgery_is_refused_for_its_own_reason(verifier: TokenVerifier, forge: Forge, name: str) -> None:
    why, make = FORGERIES[name]
    assert why in await reason(verifier, make(forge))


@given(where=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
async def test_a_token_with_any_bit_flipped_is_refused(
    verifier: TokenVerifier, forge: Forge, where: float, bit: int
) -> None:
    token = forge.token()
    place = int(where * len(token))
    flipped = token[:place] + chr(ord(token[place]) ^ (1 << bit)) + token[place + 1 :]
    await reason(verifier, flipped)


@given(st.text(max_size=100) | st.binary(max_size=100).map(lambda octets: f"{octets.hex()}.{octets.hex()}.aa"))
async def test_nonsense_is_refused_and_breaks_nothing(verifier: TokenVerifier, text: str) -> None:
    await reason(verifier, text)


async def test_a_shorter_maximum_refuses_what_was_valid(path: Path, forge: Forge) -> None:
    strict = TokenVerifier(SigningKey(path), LOCAL_ISSUER, AUDIENCE, HOUR - 1)
    assert "is valid for 3600 s" in await reason(strict, forge.token())


async def test_a_token_is_valid_for_one_second_to_the_maximum(verifier: TokenVerifier, forge: Forge) -> None:
    now = int(time.time())
    for begun, ended in ((now, now + 1), (now + 1 - DAY, now + 1), (now, now + DAY)):
        verified = await verifier.verify(forge.token(iat=begun, exp=ended))
        assert (verified.issued_at, verified.principal.expires_at) == (begun, datetime.fromtimestamp(ended, UTC))
    for begun, ended in ((now, now), (now, now - 1), (now, now + DAY + 1)):
        assert "the token is valid for" in await reason(verifier, forge.token(iat=begun, exp=ended))


async def test_clocks_may_be_ten_seconds_apart(verifier: TokenVerifier, forge: Forge) -> None:
    now = int(time.time())
    await verifier.verify(forge.token(iat=now - 60, exp=now - 5))
    await verifier.verify(forge.token(iat=now + 5, nbf=now + 5))
    assert "Expired" in await reason(verifier, forge.token(iat=now - 60, exp=now - 12))
    assert "Immature" in await reason(verifier, forge.token(iat=now + 20))
    assert "Immature" in await reason(verifier, forge.token(nbf=now + 20))


async def test_a_token_that_says_when_it_begins_says_it_in_whole_seconds(verifier: TokenVerifier, forge: Forge) -> None:
    now = int(time.time())
    assert (await verifier.verify(forge.token(nbf=now))).issued_at <= now + 1
    for begin in (now + 0.5, str(now)):
        assert await reason(verifier, forge.token(nbf=begin)) == "iat, exp and nbf must be whole seconds"


async def test_a_token_of_8192_characters_is_read_and_one_more_is_not(verifier: TokenVerifier, forge: Forge) -> None:
    fill = next(n for n in range(9000) if len(forge.token(jti="x" * n)) >= 8190)
    sizes = {len(token): token for n in range(6) if (token := forge.token(jti="x" * (fill + n)))}
    assert await verifier.verify(sizes[8192])
    assert (
        await reason(verifier, next(token for size, token in sizes.items() if size > 8192)) == "the token is too long"
    )


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"sub": "eve admin"}, "the token's claims are refused: sub must be"),
        ({"roles": ["root"]}, "the token's claims are refused: There is no role 'root'"),
        ({"sub": "key:shop"}, "the token's sub is a name of API keys"),
        ({"roles": "admin"}, "roles must be a list of texts"),
        ({"member_id": 7}, "member_id must be a text"),
    ],
)
async def test_the_reason_begins_with_what_is_wrong(
    verifier: TokenVerifier, forge: Forge, changed: dict[str, Any], why: str
) -> None:
    assert (await reason(verifier, forge.token(**changed))).startswith(why)


@pytest.mark.parametrize(
    ("header", "why"),
    [
        ({"crit": [], "jku": "x"}, "the token's header has crit, jku"),
        ({"typ": "dpop+jwt"}, "the token's typ is not JWT"),
        ({"kid": None}, "the token's header lacks kid or alg"),
        ({"kid": "nobody"}, "no key has the token's kid"),
        ({"alg": "none"}, "the token's alg is not that of its key"),
    ],
)
async def test_the_reason_names_what_a_header_has(
    verifier: TokenVerifier, forge: Forge, header: dict[str, Any], why: str
) -> None:
    assert await reason(verifier, forge.token(header)) == why


async def test_what_is_no_token_is_called_so(verifier: TokenVerifier, forge: Forge) -> None:
    assert await reason(verifier, "abc") == "the token is no JWS in compact form"
    assert await reason(verifier, forge.signed("{", "{}")) == "a part of the token is no strict JSON"
    assert await reason(verifier, forge.signed("[]", "{}")) == "a part of the token is no JSON object"


async def test_a_removed_key_takes_its_tokens_along(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    verifier = TokenVerifier(SigningKey(path), LOCAL_ISSUER, AUDIENCE, DAY)
    old = SigningKey(path).sign(ANALYST, timedelta(hours=1), LOCAL_ISSUER, AUDIENCE)
    await verifier.verify(old)
    path.unlink()
    assert "no key has" in await reason(verifier, old)
    new = SigningKey(path).sign(ANALYST, timedelta(hours=1), LOCAL_ISSUER, AUDIENCE)
    await verifier.verify(new)
    assert "no key has" in await reason(verifier, old)


async def test_the_signing_key_is_private_or_is_not_used(tmp_path: Path) -> None:
    path = tmp_path / "access" / "key.pem"
    SigningKey(path).sign(ANALYST, timedelta(hours=1), LOCAL_ISSUER, AUDIENCE)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    path.chmod(0o640)
    with pytest.raises(SigningKeyBroken, match="Others may read"):
        await SigningKey(path).key("any")
    path.chmod(0o600)
    path.write_text("nothing")
    with pytest.raises(SigningKeyBroken, match="no private key"):
        await SigningKey(path).key("any")


class Published:
    """Keys of a JWKS that stands still."""

    def __init__(self, rows: Iterable[dict[str, Any]]) -> None:
        self.known = {key.kid: key for row in rows if (key := read_key(row))}

    async def key(self, kid: str) -> VerificationKey | None:
        return self.known.get(kid)


EC = ec.generate_private_key(ec.SECP256R1())
RSA = rsa.generate_private_key(65537, 2048)


def jwk(private: Any, algorithm: str, **more: Any) -> dict[str, Any]:
    return json.loads(jwt.get_algorithm_by_name(algorithm).to_jwk(private.public_key())) | {"kid": algorithm} | more


@pytest.mark.parametrize(("private", "algorithm", "other"), [(EC, "ES256", "RS256"), (RSA, "RS256", "PS256")])
async def test_a_key_verifies_by_the_algorithm_of_its_type_alone(private: Any, algorithm: str, other: str) -> None:
    verifier = TokenVerifier(Published([jwk(private, algorithm)]), LOCAL_ISSUER, AUDIENCE, DAY)
    claims = Forge(Ed25519PrivateKey.generate()).claims()
    token = jwt.encode(claims, private, algorithm, headers={"kid": algorithm})
    assert (await verifier.verify(token)).principal.name == "eve"
    swapped = jwt.encode(claims, "a secret of more than enough bytes", "HS256", headers={"kid": algorithm})
    assert "not that of its key" in await reason(verifier, swapped)
    if private is RSA:
        swapped = jwt.encode(claims, private, other, headers={"kid": algorithm})
        assert "not that of its key" in await reason(verifier, swapped)


@pytest.mark.parametrize(
    "row",
    [
        jwk(EC, "ES256", use="enc"),
        jwk(EC, "ES256", alg="ES384"),
        jwk(EC, "ES256", key_ops=["sign"]),
        jwk(EC, "ES256", key_ops=None),
        jwk(EC, "ES256", kid=None),
        jwk(EC, "ES256", kid=""),
        jwk(EC, "ES256", kid=7),
        jwk(EC, "ES256", crv="P-384"),
        jwk(EC, "ES256", crv=["P-256"]),
        jwk(EC, "ES256", x="AAAA"),
        jwk(EC, "ES256", d="AAAA"),
        jwk(RSA, "RS256", n="!"),
        jwk(rsa.generate_private_key(65537, 1024), "RS256"),  # noqa: S505  too weak, as it shows
        {"kty": "oct", "kid": "shared", "k": "c2VjcmV0", "alg": "HS256"},
        {},
    ],
    ids=str,
)
def test_a_published_key_that_is_not_for_us_is_left_aside(row: dict[str, Any]) -> None:
    assert read_key(row) is None


@pytest.mark.parametrize("kid", ["k", "k" * 256])
def test_a_published_key_has_a_name_of_up_to_256_characters(kid: str) -> None:
    key = read_key(jwk(EC, "ES256", kid=kid))
    assert key
    assert (key.kid, key.algorithm) == (kid, "ES256")
    assert read_key(jwk(EC, "ES256", kid="k" * 257)) is None


def test_no_token_is_signed_here_beside_a_provider_or_for_too_long(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, token_max_s=60)
    with pytest.raises(InvalidInput, match="1 to 60 seconds"):
        sign_token(settings, ANALYST, timedelta(seconds=61))
    provided = Settings(home=tmp_path, jwks_url="https://id.example/jwks", token_issuer="https://id.example")
    with pytest.raises(InvalidInput, match="identity provider"):
        sign_token(provided, ANALYST, timedelta(seconds=60))
    assert not list(tmp_path.iterdir())
