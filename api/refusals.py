"""Turns a refusal raised in a mutation into the typed error that the mutation's union has for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.types.desk_error import DESK_TYPES
from api.types.error import GRAPHQL_TYPES, UserError

if TYPE_CHECKING:
    from strawberry.types.field import StrawberryField

    from api.context import Info
    from graph.errors import Refused


class RefusalHandler:
    """Shows one kind of refusal as one GraphQL type. Applies only to fields whose union has that type."""

    def __init__(self, kind: type[Refused], shown_as: type[UserError]) -> None:
        self.exception_type = kind
        self.error_type = shown_as

    def handle(self, exception: Refused, *, field: StrawberryField, info: Info) -> UserError:  # noqa: ARG002
        """The error as the client sees it."""
        return self.error_type.from_domain(exception, info.context.language)


HANDLERS = [RefusalHandler(kind, shown_as) for kind, shown_as in (GRAPHQL_TYPES | DESK_TYPES).items()]
