"""What one field costs, and how many rows it may bring: declared where the field is, or read off its type.

In tenths of a point: an object is 10, as is a field with a resolver of its own; a plain scalar is 1.
A point is about the work of one object with a few scalars.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
)

from api.types.fields import COST, MONEY, ROWS

if TYPE_CHECKING:
    from graphql import GraphQLField, GraphQLNamedType, GraphQLSchema

POINT = 10
SCALAR = 1
MUTATION = 10 * POINT
INTROSPECTION = 500 * POINT
LIST_ROWS = 10
"""Rows of a list that declares none."""
BOUNDS = {"first": 100, "maxLevel": 1000, "days": 366}
"""Arguments that say how many rows come, and the most that their fields accept: a larger one is refused there."""


class Rows(Enum):
    """How a field multiplies what is below it."""

    ONE = auto()
    LIST = auto()
    PAGE = auto()
    """It takes `first`, and its lists have that many rows."""
    OF_PAGE = auto()
    """It is a list of a page."""


@dataclass(frozen=True, slots=True)
class Weight:
    """Of one field, in tenths of a point for each row."""

    own: int
    rows: Rows
    bound: int
    """The rows that are assumed, or the most that its argument allows."""
    argument: str | None
    default: int | None
    kind: GraphQLNamedType | None
    money: bool = False


UNKNOWN = Weight(SCALAR, Rows.ONE, 1, None, None, None)
"""Of a field that the schema lacks: validation will say so."""


class Weights:
    """The weights of one schema's fields, each found once."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self.schema = schema
        self._known: dict[tuple[str, str], Weight] = {}

    def of(self, parent: GraphQLNamedType | None, name: str) -> Weight:
        """The weight of a field; UNKNOWN for one that there is not."""
        if not isinstance(parent, GraphQLObjectType | GraphQLInterfaceType):
            return UNKNOWN
        known = self._known.get((parent.name, name))
        if known is None:
            field = parent.fields.get(name)
            if field is None:
                return UNKNOWN
            known = self._known[parent.name, name] = self._weigh(parent, field)
        return known

    def _weigh(self, parent: GraphQLObjectType | GraphQLInterfaceType, field: GraphQLField) -> Weight:
        definition = (field.extensions or {}).get("strawberry-definition")
        declared = dict(getattr(definition, "metadata", None) or {})
        kind = get_named_type(field.type)
        resolved = getattr(definition, "base_resolver", None) is not None
        own = POINT if resolved or not is_leaf_type(kind) else SCALAR
        if parent is self.schema.mutation_type:
            own = MUTATION
        argument = next((name for name in BOUNDS if name in field.args), None)
        rows, bound = self._rows(parent, field, argument)
        default = declared.get(ROWS, field.args[argument].default_value) if argument else None
        return Weight(
            own=declared[COST] * POINT if COST in declared else own,
            rows=rows,
            bound=declared.get(ROWS, bound),
            argument=argument,
            default=default if isinstance(default, int) else None,
            kind=kind,
            money=declared.get(MONEY, False),
        )

    def _rows(
        self, parent: GraphQLObjectType | GraphQLInterfaceType, field: GraphQLField, argument: str | None
    ) -> tuple[Rows, int]:
        if not is_list_type(get_nullable_type(field.type)):
            return (Rows.PAGE, BOUNDS["first"]) if "first" in field.args else (Rows.ONE, 1)
        if parent.name.endswith("Connection"):
            return Rows.OF_PAGE, 1
        return Rows.LIST, BOUNDS[argument] if argument else LIST_ROWS
