"""Puts the guard before every execution, whichever transport asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import strawberry
from graphql import GraphQLError, OperationDefinitionNode, OperationType
from strawberry.extensions import SchemaExtension
from strawberry.types.execution import PreExecutionError

from api.guard.guard import Asked
from api.guard.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator

    from graphql import GraphQLSchema
    from strawberry.types import ExecutionResult

    from api.context import Context


class GuardedSchema(strawberry.Schema):
    """A schema whose operations pass the guard of their context first."""

    @property
    def core(self) -> GraphQLSchema:
        """The schema of graphql-core."""
        return self._schema

    async def execute(
        self,
        query: str | None,
        variable_values: dict[str, Any] | None = None,
        context_value: Context | None = None,
        root_value: object = None,
        operation_name: str | None = None,
        *rest: Any,  # noqa: ANN401
        **more: Any,  # noqa: ANN401
    ) -> ExecutionResult:
        """One answer, with its cost. Raises Refusal only for what is over the principal's budget."""
        work = super().execute
        if context_value is None or not query:
            return await work(query, variable_values, context_value, root_value, operation_name, *rest, **more)
        asked = Asked(query, variable_values or {}, operation_name)
        guard = context_value.guard
        try:
            cost = await guard.admit(asked, context_value)
        except Refusal as refusal:
            if refusal.status == 429:
                raise
            return PreExecutionError(data=None, errors=[refusal.as_error(context_value.language)])
        except (GraphQLError, RecursionError, ValueError) as fault:
            return PreExecutionError(data=None, errors=[_unread(fault)])
        answering = work(query, variable_values, context_value, root_value, operation_name, *rest, **more)
        result = await guard.within(answering, context_value, may_be_left=_only_reads(asked, context_value))
        result.extensions = {**(result.extensions or {}), "cost": cost}
        return result

    async def stream(
        self,
        query: str | None,
        variable_values: dict[str, Any] | None = None,
        context_value: Context | None = None,
        root_value: object = None,
        operation_name: str | None = None,
        *rest: Any,  # noqa: ANN401
        **more: Any,  # noqa: ANN401
    ) -> AsyncGenerator[Any, None]:
        """Several answers; what is refused is one error. Each transaction has its own time, the stream has none."""
        if context_value is not None and query:
            try:
                await context_value.guard.admit(Asked(query, variable_values or {}, operation_name), context_value)
            except Refusal as refusal:
                return _one(PreExecutionError(data=None, errors=[refusal.as_error(context_value.language)]))
            except (GraphQLError, RecursionError, ValueError) as fault:
                return _one(PreExecutionError(data=None, errors=[_unread(fault)]))
        return await super().stream(query, variable_values, context_value, root_value, operation_name, *rest, **more)


class KnownDocument(SchemaExtension):
    """Gives the execution what the guard has parsed and validated already."""

    def on_parse(self) -> Iterator[None]:
        """The document from the guard's memory."""
        asked = self.execution_context
        if asked.context is not None and asked.query:
            asked.graphql_document = asked.context.guard.documents.known(asked.query).document
        yield

    def on_validate(self) -> Iterator[None]:
        """What is wrong with it; names that were almost spelt only for those who may know them."""
        asked = self.execution_context
        if asked.context is not None and asked.query:
            guard = asked.context.guard
            known = guard.documents.known(asked.query)
            suggesting = guard.may_introspect(asked.context.principal)
            asked.pre_execution_errors = list(guard.documents.errors(known, suggesting=suggesting))
            if asked.pre_execution_errors:
                guard.documents.forget(asked.query)
        yield


def _only_reads(asked: Asked, context: Context) -> bool:
    definitions = context.guard.documents.known(asked.text).document.definitions
    operations = [node.operation for node in definitions if isinstance(node, OperationDefinitionNode)]
    return all(operation is OperationType.QUERY for operation in operations)


def _unread(fault: Exception) -> GraphQLError:
    return fault if isinstance(fault, GraphQLError) else GraphQLError(str(fault), original_error=fault)


async def _one(result: ExecutionResult) -> AsyncGenerator[ExecutionResult, None]:
    yield result
