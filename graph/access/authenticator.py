"""From an Authorization header to a principal, for every way in: requests, subscriptions, tests."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Protocol

from graph.access.api_keys import SCHEME, ApiKey, matching
from graph.access.snapshot import Snapshot
from graph.errors import ThreefoldError, Unauthenticated

if TYPE_CHECKING:
    from graph.access.tokens import TokenVerifier, Verified
    from graph.principals import Principal
    from graph.store.api_keys import ApiKeyStore
    from graph.store.revocations import RevocationStore

FRESH_S = 30.0
"""How old may be what is known of revocations, keys and verified tokens: with the keys' own age, at most a minute."""
AT_ONCE_S = 1.0
"""How old it may be for a token or a key not seen before."""
USE_EVERY_S = 60.0
CAPACITY = 10_000
_BEARER = re.compile(r"bearer +([A-Za-z0-9._~+/=-]+)", re.ASCII | re.IGNORECASE)

logger = logging.getLogger(__name__)


class Headers(Protocol):
    """The headers of a request; names in any case."""

    def getlist(self, key: str) -> list[str]:
        """Every value of one name."""


@dataclass(slots=True)
class Authenticator:
    """Knows tokens and API keys. Every refusal is logged with its reason, and without the token."""

    tokens: TokenVerifier
    api_keys: ApiKeyStore
    revocations: RevocationStore
    _revoked: Snapshot[dict[str, datetime]] = field(init=False)
    _keys: Snapshot[dict[str, ApiKey]] = field(init=False)
    _verified: OrderedDict[bytes, tuple[float, Verified]] = field(init=False, default_factory=OrderedDict)
    """By the token's SHA-256, until when on the monotonic clock; the one used last at the end."""
    _noted: dict[str, float] = field(init=False, default_factory=dict)
    _notes: set[asyncio.Task[None]] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        self._revoked = Snapshot(self.revocations.in_force)
        self._keys = Snapshot(self.api_keys.held)

    async def authenticate(self, headers: Headers) -> Principal:
        """Who asks, by the one Authorization header. Raises Unauthenticated, and Unavailable."""
        values = headers.getlist("authorization")
        match = _BEARER.fullmatch(values[0].strip()) if len(values) == 1 else None
        if match is None:
            reason = "there is no bearer" if len(values) == 1 else f"there are {len(values)} Authorization headers"
            logger.info("Refused: %s", reason)
            raise Unauthenticated(reason)
        return await self.verify(match[1])

    async def verify(self, bearer: str) -> Principal:
        """Whose token or API key this is. Raises Unauthenticated, and Unavailable."""
        try:
            return await (self._by_key(bearer) if bearer.startswith(SCHEME) else self._by_token(bearer))
        except Unauthenticated as refusal:
            logger.info("Refused: %s", refusal.reason)
            raise

    async def aclose(self) -> None:
        """Waits for the notes of keys' uses that are being written."""
        await asyncio.gather(*self._notes)

    async def _by_token(self, token: str) -> Principal:
        digest = sha256(token.encode()).digest()
        verified = self._remembered(digest)
        age_s = FRESH_S
        if verified is None:
            age_s = AT_ONCE_S
            verified = await self.tokens.verify(token)
            self._remember(digest, verified)
        before = (await self._revoked.within(age_s)).get(verified.principal.name)
        if before is not None and verified.issued_at < before.timestamp():
            raise Unauthenticated(f"the tokens of {verified.principal.name} were revoked")
        return verified.principal

    def _remembered(self, digest: bytes) -> Verified | None:
        found = self._verified.get(digest)
        if found is None:
            return None
        until, verified = found
        expires_at = verified.principal.expires_at
        if time.monotonic() >= until or (expires_at is not None and datetime.now(UTC) >= expires_at):
            del self._verified[digest]
            return None
        self._verified.move_to_end(digest)
        return verified

    def _remember(self, digest: bytes, verified: Verified) -> None:
        self._verified[digest] = time.monotonic() + FRESH_S, verified
        if len(self._verified) > CAPACITY:
            self._verified.popitem(last=False)

    async def _by_key(self, text: str) -> Principal:
        now = datetime.now(UTC)
        try:
            key = matching(text, await self._keys.within(FRESH_S), now)
        except Unauthenticated:
            key = matching(text, await self._keys.within(AT_ONCE_S), now)
        self._note_use(key.key_id, now)
        return key.principal

    def _note_use(self, key_id: str, at: datetime) -> None:
        """At most once a minute, and nobody waits for it."""
        if time.monotonic() - self._noted.get(key_id, float("-inf")) >= USE_EVERY_S:
            self._noted[key_id] = time.monotonic()
            note = asyncio.create_task(self._write_use(key_id, at))
            self._notes.add(note)
            note.add_done_callback(self._notes.discard)

    async def _write_use(self, key_id: str, at: datetime) -> None:
        try:
            await self.api_keys.note_use(key_id, at)
        except ThreefoldError as fault:
            logger.warning("The use of the API key %s could not be noted: %s", key_id, fault.message)
