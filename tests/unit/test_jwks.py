"""Keys of an identity provider: read once, rotated, and still there while the provider is not."""

from __future__ import annotations

import asyncio
import time

import pytest
from forgeries import AUDIENCE
from identity_provider import ISSUER, IdentityProvider, identity_provider

from graph.access.jwks import JwksKeys
from graph.access.opening import open_authenticator
from graph.access.tokens import TokenVerifier
from graph.errors import InvalidInput, ProviderUnavailable, Unauthenticated
from graph.settings import Settings

NEVER = 3600.0


def verifier_of(provider: IdentityProvider, **times: float) -> TokenVerifier:
    return TokenVerifier(JwksKeys(provider.url, **times), ISSUER, AUDIENCE, 86_400)


async def test_many_requests_at_once_ask_the_provider_once() -> None:
    async with identity_provider() as provider:
        provider.new_key("a")
        provider.new_key("b", "ES256")
        provider.slow_s = 0.05
        verifier = verifier_of(provider)
        tokens = [provider.token("a"), provider.token("b")] * 25
        found = await asyncio.gather(*map(verifier.verify, tokens))
        assert {verified.principal.name for verified in found} == {"eve"}
        assert provider.asked == 1


async def test_a_new_key_is_fetched_when_its_first_token_comes() -> None:
    async with identity_provider() as provider:
        provider.new_key("a")
        verifier = verifier_of(provider, fresh_s=NEVER, cooldown_s=0)
        await verifier.verify(provider.token("a"))
        old = provider.token("a")
        provider.keys.clear()
        provider.new_key("b")
        await verifier.verify(provider.token("b"))
        with pytest.raises(Unauthenticated, match="valid token"):
            await verifier.verify(old)


async def test_a_key_taken_back_is_gone_once_what_was_read_is_no_longer_fresh() -> None:
    async with identity_provider() as provider:
        provider.new_key("a")
        verifier = verifier_of(provider, fresh_s=0.8, cooldown_s=0.1)
        token = provider.token("a")
        await verifier.verify(token)
        provider.keys.clear()
        await verifier.verify(token)
        await asyncio.sleep(0.9)
        with pytest.raises(Unauthenticated):
            await verifier.verify(token)


async def test_forged_ids_do_not_make_us_hammer_the_provider() -> None:
    async with identity_provider() as provider, identity_provider() as forger:
        provider.new_key("a")
        verifier = verifier_of(provider)
        await verifier.verify(provider.token("a"))
        for number in range(50):
            forger.new_key(f"forged-{number}")
        tokens = [forger.token(kid) for kid in forger.keys]
        refused = await asyncio.gather(*map(verifier.verify, tokens), return_exceptions=True)
        assert all(isinstance(refusal, Unauthenticated) for refusal in refused)
        assert provider.asked == 1


async def test_known_keys_work_through_an_outage_and_not_for_ever() -> None:
    async with identity_provider() as provider:
        provider.new_key("a")
        token = provider.token("a")
        verifier = verifier_of(provider, fresh_s=0, cooldown_s=0, stale_s=1.5)
        await verifier.verify(token)
        provider.status = "503 Service Unavailable"
        await verifier.verify(token)
        assert provider.asked == 2
        await asyncio.sleep(1.6)
        with pytest.raises(ProviderUnavailable):
            await verifier.verify(token)
        provider.status = "200 OK"
        await verifier.verify(token)


async def test_a_provider_that_was_never_there_is_an_outage_and_no_refusal() -> None:
    async with identity_provider() as provider:
        provider.new_key("a")
        token = provider.token("a")
        gone = verifier_of(provider)
    with pytest.raises(ProviderUnavailable):
        await gone.verify(token)


async def test_a_slow_provider_is_not_waited_for_long_nor_by_every_request() -> None:
    async with identity_provider() as provider:
        provider.new_key("a")
        token = provider.token("a")
        verifier = verifier_of(provider, fresh_s=0, cooldown_s=0.3, within_s=0.3)
        await verifier.verify(token)
        await asyncio.sleep(0.4)
        provider.slow_s = 5
        begun = time.monotonic()
        await asyncio.gather(*(verifier.verify(token) for _ in range(20)))
        assert time.monotonic() - begun < 4
        assert provider.asked == 2


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{", b'{"keys": {}}', b'{"keys": [' + b'{"kid": "x"},' * 30_000 + b"{}]}"],
    ids=["empty", "a list", "cut off", "no list", "too large"],
)
async def test_what_is_no_set_of_keys_replaces_none(body: bytes) -> None:
    async with identity_provider() as provider:
        provider.new_key("a")
        token = provider.token("a")
        verifier = verifier_of(provider, fresh_s=0, cooldown_s=0)
        await verifier.verify(token)
        provider.body = body
        await verifier.verify(token)
        assert provider.asked == 2


async def test_a_redirect_is_not_followed() -> None:
    async with identity_provider() as provider, identity_provider() as elsewhere:
        elsewhere.new_key("a")
        provider.status, provider.headers = "302 Found", f"location: {elsewhere.url}\r\n"
        with pytest.raises(ProviderUnavailable):
            await verifier_of(provider).verify(elsewhere.token("a"))
        assert elsewhere.asked == 0


async def test_an_id_that_stands_twice_names_no_key() -> None:
    async with identity_provider() as provider:
        provider.new_key("a")
        once = provider.published()
        provider.body = once[:-2] + b"," + once[len(b'{"keys": [') :]
        with pytest.raises(Unauthenticated):
            await verifier_of(provider).verify(provider.token("a"))


@pytest.mark.parametrize(
    "url",
    ["http://id.example/jwks", "ftp://127.0.0.1/jwks", "file:///etc/keys", "id.example", "", "https://", "http://[::"],
)
def test_an_address_that_others_could_answer_for_is_refused(url: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        JwksKeys(url)
    assert refusal.value.code == "BAD_SETTING"


def test_a_provider_needs_an_issuer() -> None:
    with pytest.raises(InvalidInput, match="THREEFOLD_TOKEN_ISSUER"):
        open_authenticator(Settings(jwks_url="https://id.example/jwks"), None, None)  # type: ignore[arg-type]
