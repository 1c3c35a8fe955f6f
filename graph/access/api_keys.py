"""Keys of machines: `tfk_`, an id of 16 and a secret of 64 hexadecimal digits.

Only a hash of the secret is stored. One fast hash is right here, where a password would need a slow and salted one: the
secret is 32 random bytes, which nobody can guess however many hashes a second they compute.
"""

from __future__ import annotations

import hmac
import re
import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from graph.access.tokens import KEY_PREFIX
from graph.errors import Unauthenticated
from graph.principals import Principal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from graph.members import MemberId
    from graph.principals import Role

SCHEME = "tfk_"
_KEY = re.compile(r"tfk_([0-9a-f]{16})_([0-9a-f]{64})", re.ASCII)
_NO_HASH = "0" * 64


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as it is stored: everything but the secret."""

    key_id: str
    secret_hash: str
    name: str
    roles: frozenset[Role]
    member_id: MemberId | None
    created_by: str
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None

    @property
    def principal(self) -> Principal:
        """Who asks with this key."""
        return Principal(f"{KEY_PREFIX}{self.name}", self.roles, self.member_id, self.expires_at)


def new_key() -> tuple[str, str]:
    """An id and the text of a new key, which is shown once and stored nowhere."""
    key_id = secrets.token_hex(8)
    return key_id, f"{SCHEME}{key_id}_{secrets.token_hex(32)}"


def secret_hash(text: str) -> str:
    """What is stored of a key's text."""
    return sha256(text.encode()).hexdigest()


def key_id_of(text: str) -> str:
    """The id that a key's text names. Raises Unauthenticated for what is no key."""
    match = _KEY.fullmatch(text)
    if match is None:
        raise Unauthenticated("the API key has not the form of one")
    return match[1]


def matching(text: str, keys: Mapping[str, ApiKey], now: datetime) -> ApiKey:
    """The key of this text among those that are not revoked. Raises Unauthenticated, also for an expired one."""
    key_id = key_id_of(text)
    found = keys.get(key_id)
    same = hmac.compare_digest(secret_hash(text), found.secret_hash if found else _NO_HASH)
    if found is None:
        raise Unauthenticated("no API key that holds has this id")
    if not same:
        raise Unauthenticated(f"the secret of the API key {key_id} is wrong")
    if found.expires_at is not None and found.expires_at <= now:
        raise Unauthenticated(f"the API key {key_id} has expired")
    return found
