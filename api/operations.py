"""Refuses a document of several operations that does not say which to execute: Strawberry would take the first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql import GraphQLError, OperationDefinitionNode
from strawberry.extensions import SchemaExtension

if TYPE_CHECKING:
    from collections.abc import Iterator


class OneOperation(SchemaExtension):
    """The rule of the GraphQL specification for `operationName`."""

    def on_validate(self) -> Iterator[None]:
        """Adds the request error before anything is executed."""
        asked = self.execution_context
        definitions = asked.graphql_document.definitions if asked.graphql_document else ()
        operations = [node for node in definitions if isinstance(node, OperationDefinitionNode)]
        if asked._provided_operation_name is None and len(operations) > 1:  # noqa: SLF001  the public one guesses
            asked.pre_execution_errors = [GraphQLError("Say with operationName which operation to execute.")]
        yield
