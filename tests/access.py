"""Tokens for tests, and everything that access control writes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from graph.access.opening import sign_token
from graph.members import MemberId
from graph.principals import Principal, Role
from graph.store.api_keys import KeyWish

if TYPE_CHECKING:
    from datetime import datetime

    from graph.settings import Settings
    from graph.wiring import Services

STAFF_OF_TESTS = (Role.ANALYST, Role.REVIEWER, Role.FINANCE, Role.INGEST)
"""What most tests may do: everything but what only an admin may, who moves no money."""


def token(settings: Settings, *roles: Role, member_id: str | None = None, name: str | None = None) -> str:
    """A token of the local key; for the staff of tests unless roles are given."""
    held = frozenset(roles or (() if member_id else STAFF_OF_TESTS)) | ({Role.MEMBER} if member_id else frozenset())
    member = None if member_id is None else MemberId(member_id)
    subject = name or member_id or "-".join(sorted(held))
    return sign_token(settings, Principal(subject, held, member), timedelta(hours=1))


def bearer(text: str) -> dict[str, str]:
    return {"authorization": f"Bearer {text}"}


async def some_access(services: Services, at: datetime) -> None:
    """An API key in every state, and a revocation."""
    store = services.api_keys
    key, _ = await store.create(KeyWish("shop", ("ingest",), valid_for=timedelta(days=1)), "ops")
    await store.create(KeyWish("portal", ("member",), member_id="ada"), "ops")
    await store.note_use(key.key_id, at)
    await store.revoke(key.key_id, "ops")
    await services.revocations.revoke("mallory", "ops")
