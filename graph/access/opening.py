"""What verifies tokens, and what signs them, as the settings say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graph.access.authenticator import Authenticator
from graph.access.signing_key import LOCAL_ISSUER, SigningKey
from graph.access.tokens import TokenVerifier
from graph.errors import InvalidInput

if TYPE_CHECKING:
    from datetime import timedelta

    from graph.access.keys import KeySource
    from graph.principals import Principal
    from graph.settings import Settings
    from graph.store.api_keys import ApiKeyStore
    from graph.store.revocations import RevocationStore


def open_authenticator(settings: Settings, api_keys: ApiKeyStore, revocations: RevocationStore) -> Authenticator:
    """Over the identity provider's keys, or the local one. Raises InvalidInput for a provider without an issuer."""
    if settings.jwks_url and not settings.token_issuer:
        raise InvalidInput(
            "token_issuer", "THREEFOLD_JWKS_URL needs THREEFOLD_TOKEN_ISSUER beside it.", code="BAD_SETTING"
        )
    keys = _provider_keys(settings.jwks_url) if settings.jwks_url else _signing_key(settings)
    issuer = settings.token_issuer or LOCAL_ISSUER
    verifier = TokenVerifier(keys, issuer, settings.token_audience, settings.token_max_s)
    return Authenticator(verifier, api_keys, revocations)


def sign_token(settings: Settings, principal: Principal, ttl: timedelta) -> str:
    """A token of the local signing key. Raises InvalidInput when tokens come from a provider, or for a bad `ttl`."""
    if settings.jwks_url:
        raise InvalidInput(
            "jwks_url", "Tokens come from the identity provider of THREEFOLD_JWKS_URL.", code="TOKENS_FROM_PROVIDER"
        )
    if not 1 <= ttl.total_seconds() <= settings.token_max_s:
        raise InvalidInput("ttl", f"A token may be valid for 1 to {settings.token_max_s} seconds.", code="BAD_DURATION")
    issuer = settings.token_issuer or LOCAL_ISSUER
    return _signing_key(settings).sign(principal, ttl, issuer, settings.token_audience)


def _provider_keys(url: str) -> KeySource:
    from graph.access.jwks import JwksKeys  # noqa: PLC0415  an HTTP client: a fifth of a second of every command

    return JwksKeys(url)


def _signing_key(settings: Settings) -> SigningKey:
    return SigningKey(settings.home / "access" / "signing_key.pem")
