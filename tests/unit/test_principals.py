"""Which roles somebody may hold together, and what is said of those that nobody may."""

from __future__ import annotations

import pytest

from graph.errors import InvalidInput
from graph.principals import STAFF, Principal, Role, granted

KNOWN = "the roles are member, analyst, reviewer, finance, admin, ingest."
TOGETHER = "Nobody may be finance and admin at once."
WITH_ID = "The role member goes with a member's id, and only with it."


@pytest.mark.parametrize(
    ("words", "member_id", "field", "message"),
    [
        ([], None, "role", f"A role is missing; {KNOWN}"),
        (["root"], None, "role", f"There is no role 'root'; {KNOWN}"),
        (["analyst", "Admin"], None, "role", f"There is no role 'Admin'; {KNOWN}"),
        (["r" * 41], None, "role", f"There is no role '{'r' * 40}'; {KNOWN}"),
        (["finance", "admin"], None, "role", TOGETHER),
        (["admin", "analyst", "finance"], None, "role", TOGETHER),
        (["member"], None, "member_id", WITH_ID),
        (["analyst"], "ada", "member_id", WITH_ID),
    ],
)
def test_roles_that_no_one_may_hold(words: list[str], member_id: str | None, field: str, message: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        granted(words, member_id)
    assert (refusal.value.code, refusal.value.field, refusal.value.message) == ("BAD_ROLE", field, message)


@pytest.mark.parametrize("role", Role)
def test_any_role_may_be_held_alone_and_twice(role: Role) -> None:
    member_id = "ada" if role is Role.MEMBER else None
    assert granted([role.value, role.value], member_id) == (frozenset({role}), member_id)


def test_roles_that_may_be_held_together() -> None:
    assert granted(["member", "finance"], "ada") == (frozenset({Role.MEMBER, Role.FINANCE}), "ada")
    assert granted(["admin", "reviewer"], None) == (frozenset({Role.ADMIN, Role.REVIEWER}), None)


def test_a_members_id_is_read_as_one() -> None:
    with pytest.raises(InvalidInput) as refusal:
        granted(["member"], "a b")
    assert refusal.value.field == "member_id"


@pytest.mark.parametrize("role", Role)
def test_whoever_holds_one_of_some_roles_has_them(role: Role) -> None:
    principal = Principal("x", frozenset({role}))
    assert principal.is_staff == (role in STAFF)
    assert principal.has(frozenset({role, Role.ADMIN}))
    assert not principal.has(frozenset(Role) - {role})
