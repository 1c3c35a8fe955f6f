"""Refuses what Strawberry would execute: the first of several operations, and a subscription whose answer is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql import GraphQLError, OperationDefinitionNode
from strawberry.extensions import SchemaExtension
from strawberry.types.graphql import OperationType

from api.subscriptions.gate import TransportRefused

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
        elif asked.operation_type is OperationType.SUBSCRIPTION and not asked.context.streams:
            cause = TransportRefused(
                "Subscribe over a WebSocket at /graphql or over server-sent events at /graphql/stream.",
                code="SUBSCRIPTION_TRANSPORT_REQUIRED",
            )
            asked.pre_execution_errors = [GraphQLError(cause.message, original_error=cause)]
        yield
