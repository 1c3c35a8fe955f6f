"""API keys in Neo4j: created and taken back in the audit, their use noted now and then."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from graph.access.api_keys import ApiKey, new_key, secret_hash
from graph.access.tokens import KEY_PREFIX
from graph.audit import Action
from graph.errors import UnknownApiKey
from graph.members import MemberId, identifier
from graph.payouts import actor_name
from graph.principals import Role, granted
from graph.store.queries import load
from graph.store.recording import DESK, record
from graph.times import stored

if TYPE_CHECKING:
    from graph.store.database import Database, Row, Transaction

CREATE = load("api_key/create")
ALL = load("api_key/all")
LOCK = load("api_key/lock")
REVOKE = load("api_key/revoke")
USE = load("api_key/use")

USE_EVERY = timedelta(minutes=1)
"""How often a key's use is noted at most."""


@dataclass(frozen=True, slots=True)
class KeyWish:
    """A key that somebody wants: its name is what the audit calls who uses it."""

    name: str
    roles: tuple[str, ...]
    member_id: str | None = None
    valid_for: timedelta | None = None


@dataclass(frozen=True, slots=True)
class ApiKeyStore:
    """Creates, lists and takes back the keys of machines."""

    database: Database

    async def create(self, wish: KeyWish, actor: str) -> tuple[ApiKey, str]:
        """A new key, and its text, which nothing can show again. Raises InvalidInput."""
        identifier(f"{KEY_PREFIX}{wish.name}", "name")
        roles, member_id = granted(wish.roles, wish.member_id)
        key_id, text = new_key()
        now = datetime.now(UTC)
        key = ApiKey(
            key_id=key_id,
            secret_hash=secret_hash(text),
            name=wish.name,
            roles=roles,
            member_id=member_id,
            created_by=actor_name(actor),
            created_at=now,
            expires_at=now + wish.valid_for if wish.valid_for else None,
        )
        await self.database.write(lambda tx: _create(tx, key))
        return key, text

    async def all(self) -> list[ApiKey]:
        """Every key, newest first: also revoked and expired ones."""
        return [_stored_key(row["key"]) for row in await self.database.rows(ALL)]

    async def held(self) -> dict[str, ApiKey]:
        """The keys that are not revoked, by id."""
        return {key.key_id: key for key in await self.all() if key.revoked_at is None}

    async def revoke(self, key_id: str, actor: str) -> ApiKey:
        """Takes a key back for good; a second time changes nothing. Raises UnknownApiKey."""
        actor_name(actor)
        at = datetime.now(UTC)
        return await self.database.write(lambda tx: _revoke(tx, key_id, actor, at))

    async def note_use(self, key_id: str, at: datetime) -> None:
        """Notes a use, unless one is noted that is less than a minute older."""
        since = stored(at - USE_EVERY)
        await self.database.write(lambda tx: tx.run(USE, key_id=key_id, at=stored(at), since=since))


async def _create(tx: Transaction, key: ApiKey) -> None:
    properties = {
        "secret_hash": key.secret_hash,
        "name": key.name,
        "roles": sorted(key.roles),
        "member_id": key.member_id,
        "created_by": key.created_by,
        "created_at": stored(key.created_at),
        "expires_at": stored(key.expires_at) if key.expires_at else None,
    }
    (row,) = await tx.run(CREATE, key_id=key.key_id, properties=properties)
    if row["new"]:
        await record(tx, DESK, key.created_by, key.created_at, [], [_action(key, "created", key.created_by)])


async def _revoke(tx: Transaction, key_id: str, actor: str, at: datetime) -> ApiKey:
    rows = await tx.run(LOCK, key_id=key_id)
    if not rows:
        raise UnknownApiKey(key_id)
    key = _stored_key(rows[0]["key"])
    if key.revoked_at is None:
        await tx.run(REVOKE, key_id=key_id, at=stored(at))
        key = replace(key, revoked_at=at)
        await record(tx, DESK, actor, at, [], [_action(key, "revoked", actor)])
    return key


def _action(key: ApiKey, done: str, actor: str) -> Action:
    detail: dict[str, str | int] = {"name": key.name, "roles": ",".join(sorted(key.roles))}
    if key.member_id is not None:
        detail["member_id"] = key.member_id
    if key.expires_at is not None:
        detail["expires_at"] = stored(key.expires_at)
    return Action(f"api_key.{done}", key.key_id, actor, key.revoked_at or key.created_at, detail)


def _stored_key(properties: Row) -> ApiKey:
    moments = {
        name: datetime.fromisoformat(properties[name]) if properties.get(name) else None
        for name in ("expires_at", "revoked_at", "last_used_at")
    }
    member_id = properties.get("member_id")
    return ApiKey(
        key_id=properties["id"],
        secret_hash=properties["secret_hash"],
        name=properties["name"],
        roles=frozenset(map(Role, properties["roles"])),
        member_id=None if member_id is None else MemberId(member_id),
        created_by=properties["created_by"],
        created_at=datetime.fromisoformat(properties["created_at"]),
        **moments,
    )
