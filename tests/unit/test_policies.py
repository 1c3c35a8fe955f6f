"""Every field of the schema declares who may ask for it, and those with roles say so to clients."""

from __future__ import annotations

from collections.abc import AsyncIterator  # noqa: TC003  Strawberry reads it
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
import strawberry
from graphql import GraphQLInterfaceType, GraphQLObjectType

from api import policies
from api.context import Info  # noqa: TC001  Strawberry reads it
from api.policies import DECLARED, Policy
from api.schema import schema
from api.types.fields import field, mutation, seen, subscription
from graph.errors import Forbidden
from graph.principals import Principal, Role

if TYPE_CHECKING:
    from collections.abc import Iterator

MOVING = """
settle closeMonth runPayout failPayout requestWithdrawal adjustBalance approveAdjustment rejectAdjustment
holdRewards releaseRewards
"""
EVERY = [value for value in vars(policies).values() if isinstance(value, Policy)]


def declared(of: strawberry.Schema) -> Iterator[tuple[str, Policy | None, str]]:
    """Each field of each object type and interface that clients can reach, its policy, and its description."""
    for name, kind in of._schema.type_map.items():  # noqa: SLF001  what is served; there is no public name
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) and not name.startswith("__"):
            for field_name, made in kind.fields.items():
                source: Any = made.extensions["strawberry-definition"]
                yield f"{name}.{field_name}", source.metadata.get(DECLARED), made.description or ""


def undeclared(of: strawberry.Schema) -> list[str]:
    return [path for path, policy, _ in declared(of) if policy is None]


def test_every_field_declares_its_policy() -> None:
    assert len(list(declared(schema))) > 250
    assert undeclared(schema) == []


@strawberry.type
class Secret:
    told: str = seen(description="Declared.")
    forgotten: str = strawberry.field(description="Not declared.")


@strawberry.type
class ThrowawayQuery:
    @strawberry.field(description="Not declared either.")
    def secret(self) -> Secret:
        return Secret(told="a", forgotten="b")

    @field(description="Declared.", allow=policies.READERS)
    def another(self) -> Secret:
        return Secret(told="a", forgotten="b")


@strawberry.type
class ThrowawayMutation:
    @strawberry.mutation(description="Nor this.")
    def change(self) -> int:
        return 1

    @mutation(description="But this.", allow=policies.FINANCE)
    def change_money(self) -> int:
        return 1


@strawberry.type
class ThrowawaySubscription:
    @subscription(description="Declared.", allow=policies.OFFICE)
    async def counted(self, info: Info) -> AsyncIterator[int]:
        """Counts to two."""
        for number in (1, 2):
            yield number


@pytest.mark.parametrize(("role", "counted"), [(Role.FINANCE, [1, 2]), (Role.MEMBER, [])])
async def test_a_subscription_is_refused_before_its_first_event(role: Role, counted: list[int]) -> None:
    made = strawberry.Schema(ThrowawayQuery, subscription=ThrowawaySubscription)
    assert "ThrowawaySubscription.counted" not in undeclared(made)
    asking = SimpleNamespace(principal=Principal("somebody", frozenset({role})))
    answer: Any = await made.subscribe("subscription { counted }", context_value=asking)
    got = [result async for result in answer]
    assert [result.data["counted"] for result in got if result.data] == counted
    refused = [error.original_error for result in got for error in result.errors or ()]
    assert all(isinstance(error, Forbidden) for error in refused)
    assert bool(refused) == (not counted)


def test_a_field_without_a_policy_is_found() -> None:
    assert undeclared(strawberry.Schema(ThrowawayQuery, ThrowawayMutation)) == [
        "ThrowawayQuery.secret",
        "Secret.forgotten",
        "ThrowawayMutation.change",
    ]


def test_whatever_is_asked_for_first_needs_a_role() -> None:
    for path, policy, _ in declared(schema):
        root = path.startswith(("Query.", "Mutation.", "Subscription."))
        assert not root or (policy and policy.roles), path


def test_who_only_records_facts_reads_nothing_but_who_it_is() -> None:
    for path, policy, _ in declared(schema):
        if path.startswith(("Query.", "Subscription.")):
            assert policy
            assert policy.roles
            assert (Role.INGEST in policy.roles) == (path == "Query.viewer"), path


def test_admins_move_no_money_and_publish_alone() -> None:
    for name in MOVING.split():
        assert Role.ADMIN not in roles_of(f"Mutation.{name}")
    assert roles_of("Mutation.publishPlan") == {Role.ADMIN}


def roles_of(path: str) -> frozenset[Role]:
    (policy,) = [found for at, found, _ in declared(schema) if at == path]
    assert policy
    assert policy.roles
    return policy.roles


def test_the_schema_tells_clients_who_may_ask() -> None:
    for path, policy, description in declared(schema):
        assert policy
        assert description.endswith(policy.note), path
        assert policy.roles is None or all(role in policy.note for role in policy.roles), path


@pytest.mark.parametrize("policy", EVERY, ids=lambda policy: policy.name)
def test_a_policy_admits_whoever_holds_one_of_its_roles(policy: Policy) -> None:
    for role in Role:
        principal = Principal("somebody", frozenset({role}))
        if policy.roles is None or role in policy.roles:
            policy.admit(principal, "field_of_a_test")
        else:
            with pytest.raises(Forbidden) as refusal:
                policy.admit(principal, "field_of_a_test")
            assert refusal.value.field == "field_of_a_test"
    if policy.roles is not None:
        with pytest.raises(Forbidden):
            policy.admit(Principal("nobody", frozenset()), "field_of_a_test")


def test_each_policy_bears_its_own_name() -> None:
    assert {policy.name for policy in EVERY} == {name for name, value in vars(policies).items() if value in EVERY}


def test_a_policy_of_roles_tells_them_in_order() -> None:
    made = policies._for("DESK", Role.REVIEWER, Role.ADMIN)  # noqa: SLF001  what makes those that are declared
    assert made == Policy("DESK", frozenset({Role.ADMIN, Role.REVIEWER}), "For admin, reviewer.")


def test_which_roles_pass_each_policy() -> None:
    passing = {policy.name: " ".join(sorted(policy.roles)) for policy in EVERY if policy.roles is not None}
    assert passing == {
        "ANYBODY": "admin analyst finance ingest member reviewer",
        "READERS": "admin analyst finance member reviewer",
        "STAFF": "admin analyst finance reviewer",
        "OFFICE": "admin finance reviewer",
        "PAYEES": "admin finance member reviewer",
        "REVIEW": "finance reviewer",
        "FINANCE": "finance",
        "WITHDRAW": "finance member",
        "ADMIN": "admin",
        "INGEST": "ingest",
    }
