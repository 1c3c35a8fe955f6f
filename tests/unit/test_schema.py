"""The schema as clients know it: committed, described, and never broken unawares."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLUnionType,
    build_schema,
    find_breaking_changes,
    is_specified_scalar_type,
)

from api.schema import sdl
from api.types.desk_error import DESK_TYPES
from api.types.error import GRAPHQL_TYPES
from graph import desk_errors, errors, privacy_errors

if TYPE_CHECKING:
    from collections.abc import Iterator

MODULES = {errors.__name__, desk_errors.__name__, privacy_errors.__name__}
COMMITTED = files("api").joinpath("schema.graphql").read_text(encoding="utf-8")
SCHEMA = build_schema(sdl())
OWN = {
    name: kind
    for name, kind in SCHEMA.type_map.items()
    if not name.startswith("__") and not is_specified_scalar_type(kind)
}


def test_the_committed_schema_is_the_one_served() -> None:
    broken = [change.description for change in find_breaking_changes(build_schema(COMMITTED), SCHEMA)]
    why = "\n".join(["api/schema.graphql differs; breaking:", *(broken or ["nothing"])])
    assert sdl() + "\n" == COMMITTED, f"{why}\nWrite it anew with: threefold schema > api/schema.graphql"


@pytest.mark.parametrize("name", OWN)
def test_everything_has_a_description(name: str) -> None:
    assert [path for path, description in _described(OWN[name]) if not description] == []


def _described(kind: GraphQLNamedType) -> Iterator[tuple[str, str | None]]:
    """The type, its fields and their arguments, or its values, each with its description."""
    yield kind.name, kind.description
    if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
        for name, field in kind.fields.items():
            yield f"{kind.name}.{name}", field.description
            for argument, definition in field.args.items():
                yield f"{kind.name}.{name}({argument})", definition.description
    elif isinstance(kind, GraphQLInputObjectType | GraphQLEnumType):
        parts = kind.fields if isinstance(kind, GraphQLInputObjectType) else kind.values
        for name, part in parts.items():
            yield f"{kind.name}.{name}", part.description


def test_every_mutation_takes_one_input_and_answers_with_a_success_or_typed_errors() -> None:
    mutation = SCHEMA.mutation_type
    assert mutation
    for name, field in mutation.fields.items():
        assert list(field.args) == ["input"], name
        union = OWN[str(field.type).rstrip("!")]
        assert isinstance(union, GraphQLUnionType), name
        success, *failures = sorted(union.types, key=lambda kind: bool(kind.interfaces))
        assert success.name == f"{name[0].upper()}{name[1:]}Success"
        for failure in failures:
            assert [interface.name for interface in failure.interfaces] == ["UserError"], failure.name


def test_every_refusal_is_shown_as_a_type_of_its_own() -> None:
    """UnknownOrder is no mutation's answer yet, and no mutation handles keys, so that these have no type."""
    own = {kind for kind in errors.Refused.__subclasses__() if kind.__module__ in MODULES}
    kinds = own - {errors.UnknownOrder, errors.UnknownApiKey, privacy_errors.MasterKeyInUse}
    types = GRAPHQL_TYPES | DESK_TYPES
    assert set(types) == kinds
    assert len(set(types.values())) == len(kinds)
