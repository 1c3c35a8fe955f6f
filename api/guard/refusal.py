"""A request that goes no further: a status, a stable code, and a text in the language of the request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphql import GraphQLError

from api import messages
from api.guard.edge import request_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.messages import Language


class Refusal(Exception):
    """Raised by the guard; the endpoint makes it a GraphQL-shaped answer. `values` fill the text and are shown."""

    def __init__(
        self, status: int, *, code: str, headers: Mapping[str, str] | None = None, **values: int | str
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.values = values
        self.headers = dict(headers or {})

    def extensions(self) -> dict[str, Any]:
        """What programs read."""
        shown = {messages.camel_case(name): value for name, value in self.values.items()}
        return {"code": self.code, "requestId": request_id(), **shown}

    def outward(self, language: Language) -> dict[str, Any]:
        """The error as it goes to the client."""
        return {"message": messages.text(self.code, language, dict(self.values)), "extensions": self.extensions()}

    def as_error(self, language: Language) -> GraphQLError:
        """The same as a request error of GraphQL, for transports that know no status."""
        return GraphQLError(messages.text(self.code, language, dict(self.values)), extensions=self.extensions())
