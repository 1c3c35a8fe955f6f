"""Who may ask for what: every field of the schema declares one of these next to itself (docs/policies.md).

A policy with roles is checked before anything is read, and refused with FORBIDDEN. Which objects are seen is not
decided here but where the data are read: `api/reads.py` and `api/loaders.py`, by `graph/access/sight.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graph import principals
from graph.errors import Forbidden
from graph.principals import Role

if TYPE_CHECKING:
    from graph.principals import Principal

DECLARED = "policy"
"""Under which key the metadata of a field hold its policy."""


@dataclass(frozen=True, slots=True)
class Policy:
    """A name, the roles that pass (None: all), and what the schema tells clients about it."""

    name: str
    roles: frozenset[Role] | None = None
    note: str = ""

    def admits(self, principal: Principal) -> bool:
        """Whether one of the roles is held."""
        return self.roles is None or principal.has(self.roles)

    def admit(self, principal: Principal, field: str) -> None:
        """Raises Forbidden unless one of the roles is held."""
        if not self.admits(principal):
            raise Forbidden(field)


def _for(name: str, *roles: Role) -> Policy:
    return Policy(name, frozenset(roles), f"For {', '.join(sorted(roles))}.")


SEEN = Policy("SEEN")
"""Part of an object that was itself read through sight: costs nothing."""
SIGHT = Policy("SIGHT", note="A member finds here only whom they see.")
"""Leads to other members: read through sight."""
OWN = Policy("OWN", note="Null for a member, unless it is their own.")
"""Money and orders: of the viewer, or for staff."""
CROWD = Policy("CROWD", note="Null for a member.")
"""The money of others, summed: for staff."""

ANYBODY = _for("ANYBODY", *Role)
"""Whoever has been let in, about themself."""
READERS = _for("READERS", Role.MEMBER, *principals.STAFF)
STAFF = _for("STAFF", *principals.STAFF)
OFFICE = _for("OFFICE", Role.FINANCE, Role.REVIEWER, Role.ADMIN)
"""Those who look at money that leaves."""
PAYEES = _for("PAYEES", Role.MEMBER, Role.FINANCE, Role.REVIEWER, Role.ADMIN)
"""OFFICE, and members for what is theirs."""
REVIEW = _for("REVIEW", Role.FINANCE, Role.REVIEWER)
FINANCE = _for("FINANCE", Role.FINANCE)
WITHDRAW = _for("WITHDRAW", Role.MEMBER, Role.FINANCE)
"""Finance for anybody, members for themselves."""
ADMIN = _for("ADMIN", Role.ADMIN)
INGEST = _for("INGEST", Role.INGEST)
