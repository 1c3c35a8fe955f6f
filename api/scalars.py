"""Two scalars that travel as text, so that no client loses a digit and the domain alone decides what is valid."""

from typing import NewType

import strawberry
from graphql import GraphQLError, ValueNode
from graphql.language import FloatValueNode, IntValueNode, StringValueNode
from strawberry.types.scalar import ScalarDefinition

BigInt = NewType("BigInt", str)
DateTime = NewType("DateTime", str)


def _text(value: object) -> str:
    """A JSON scalar as its text. Whether it is an amount or a moment is for the domain to say, as a typed error."""
    if isinstance(value, str | int | float):
        return str(value)
    raise GraphQLError("Expected a string or a number.")


def _literal_text(node: ValueNode, _variables: object = None) -> str:
    if isinstance(node, IntValueNode | FloatValueNode | StringValueNode):
        return node.value
    raise GraphQLError("Expected a string or a number.", node)


SCALARS: dict[object, ScalarDefinition] = {
    BigInt: strawberry.scalar(
        name="BigInt",
        description=(
            "A whole number in decimal digits, answered as a JSON string: sums of money may exceed 2^53, which a "
            "JSON number does not carry through JavaScript. As input a JSON integer is accepted too."
        ),
        serialize=str,
        parse_value=_text,
        parse_literal=_literal_text,
    ),
    DateTime: strawberry.scalar(
        name="DateTime",
        description=(
            "A moment in ISO 8601. Answered in UTC with microseconds, such as 2026-11-23T09:30:00.000000Z; "
            "as input any offset is accepted, but there must be one."
        ),
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
        serialize=str,
        parse_value=_text,
        parse_literal=_literal_text,
    ),
}
"""What the schema knows beside the scalars of GraphQL itself."""
