"""Who asks. Roles say what may be done; a member's own id says whose eyes a member has.

member      their own money, their own downline to the allowed depth, of their upline a display name
analyst     the whole network and its numbers, names masked
reviewer    what an analyst sees, identifiers, holds, reveals with a reason
finance     what an analyst sees, and every movement of money
admin       plans, keys, dead letters, erasure; sees everything masked, moves no money
ingest      records facts: members, orders, refunds, identifiers; reads nothing else
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from graph.errors import InvalidInput
from graph.members import member_id as read_member_id

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from graph.members import MemberId


class Role(StrEnum):
    """What a principal may do, in the words of tokens and keys."""

    MEMBER = "member"
    ANALYST = "analyst"
    REVIEWER = "reviewer"
    FINANCE = "finance"
    ADMIN = "admin"
    INGEST = "ingest"


STAFF = frozenset({Role.ANALYST, Role.REVIEWER, Role.FINANCE, Role.ADMIN})
"""Those who see the whole network."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody whose token or key was verified. `name` is what the audit calls the actor.

    `member_id` is set if and only if the role member is among the roles. `expires_at` is when the proof ends,
    None for a key without an end.
    """

    name: str
    roles: frozenset[Role]
    member_id: MemberId | None = None
    expires_at: datetime | None = None

    @property
    def is_staff(self) -> bool:
        """Whether the whole network may be seen."""
        return bool(self.roles & STAFF)

    def has(self, roles: frozenset[Role]) -> bool:
        """Whether one of these roles is held."""
        return bool(self.roles & roles)


def granted(words: Sequence[str], member_id: str | None) -> tuple[frozenset[Role], MemberId | None]:
    """Roles that one principal may hold together, and the member they act for.

    Raises InvalidInput for none, for an unknown one, for finance with admin (who sets the rules moves no money), and
    unless a member is named exactly when the role member is held.
    """
    unknown = sorted(set(words) - set(Role))
    if unknown or not words:
        known = ", ".join(Role)
        said = f"There is no role {unknown[0][:40]!r}" if unknown else "A role is missing"
        raise InvalidInput("role", f"{said}; the roles are {known}.", code="BAD_ROLE")
    roles = frozenset(map(Role, words))
    if roles >= {Role.FINANCE, Role.ADMIN}:
        raise InvalidInput("role", "Nobody may be finance and admin at once.", code="BAD_ROLE")
    if (Role.MEMBER in roles) != (member_id is not None):
        raise InvalidInput("member_id", "The role member goes with a member's id, and only with it.", code="BAD_ROLE")
    return roles, None if member_id is None else read_member_id(member_id)
