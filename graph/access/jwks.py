"""The identity provider's keys (a JWKS, RFC 7517 §5), kept here for a while.

fresh       half a minute: no question asked; then read again by the next request
unknown id  read again at once, but not twice within the cooldown: forged ids cannot make us hammer the provider
outage      the keys that were read last go on working for an hour
"""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx
import orjson

from graph.access.keys import read_key
from graph.errors import InvalidInput, ProviderUnavailable

if TYPE_CHECKING:
    from graph.access.keys import VerificationKey

MAX_BYTES = 256 * 1024
LOOPBACK = {"127.0.0.1", "localhost", "::1"}

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class JwksKeys:
    """Keys by their ids. Raises InvalidInput for an address without TLS, unless it is on this machine."""

    url: str
    fresh_s: float = 30.0
    cooldown_s: float = 10.0
    stale_s: float = 3600.0
    within_s: float = 3.0
    """How long the provider may take for a whole answer."""
    _keys: dict[str, VerificationKey] = field(default_factory=dict)
    _read_at: float = float("-inf")
    _tried_at: float = float("-inf")
    _reading: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        try:
            url = httpx.URL(self.url)
        except httpx.InvalidURL:
            url = httpx.URL("")
        if not url.host or (url.scheme != "https" and not (url.scheme == "http" and url.host in LOOPBACK)):
            raise InvalidInput("jwks_url", "THREEFOLD_JWKS_URL must begin with https://.", code="BAD_SETTING")

    async def key(self, kid: str) -> VerificationKey | None:
        """The key of this id. Raises ProviderUnavailable when there are none that may still be believed."""
        if time.monotonic() - self._read_at > self.fresh_s or kid not in self._keys:
            await self._refresh()
        if time.monotonic() - self._read_at > self.stale_s:
            raise ProviderUnavailable("The identity provider's keys cannot be had.")
        return self._keys.get(kid)

    async def _refresh(self) -> None:
        """Reads the keys, unless that was tried just now; whoever waits meanwhile shares the outcome."""
        async with self._reading:
            if time.monotonic() - self._tried_at < self.cooldown_s:
                return
            try:
                async with asyncio.timeout(self.within_s):
                    self._keys = _parse(await self._fetch())
                self._read_at = time.monotonic()
            except (httpx.HTTPError, TimeoutError, ValueError) as fault:
                logger.warning("The identity provider's keys could not be read: %s %s", type(fault).__name__, fault)
            self._tried_at = time.monotonic()

    async def _fetch(self) -> bytes:
        body = b""
        proxied = httpx.URL(self.url).host not in LOOPBACK
        async with (
            httpx.AsyncClient(timeout=self.within_s, follow_redirects=False, trust_env=proxied) as client,
            client.stream("GET", self.url, headers={"accept": "application/json"}) as response,
        ):
            if response.status_code != httpx.codes.OK:
                raise ValueError(f"status {response.status_code}")
            async for piece in response.aiter_bytes():
                body += piece
                if len(body) > MAX_BYTES:
                    raise ValueError(f"more than {MAX_BYTES} bytes")
        return body


def _parse(body: bytes) -> dict[str, VerificationKey]:
    """The usable keys of a set. An id that stands twice says nothing; other keys are not ours to judge."""
    read = orjson.loads(body)
    rows = read.get("keys") if isinstance(read, dict) else None
    if not isinstance(rows, list):
        raise ValueError("not a set of keys")  # noqa: TRY004  one fault for all that is no JWKS
    named = [row for row in rows if isinstance(row, dict)]
    kids = [row.get("kid") for row in named]
    found = [read_key(row) for row in named if kids.count(row.get("kid")) == 1]
    keys = {key.kid: key for key in found if key is not None}
    if len(keys) < len(rows):
        logger.info("%d of the identity provider's %d keys are not used here", len(rows) - len(keys), len(rows))
    return keys
