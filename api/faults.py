"""What a failure looks like from outside: the one table of top-level errors.

refused in a query      its own code and field                       the client's mistake
something is down       its own code and a remedy                    the operator's business
the document is bad     GRAPHQL_PARSE_FAILED, GRAPHQL_VALIDATION_FAILED, BAD_USER_INPUT
anything else           INTERNAL and a request id                    logged with its traceback, never shown
"""

from __future__ import annotations

import logging
import traceback
from typing import TYPE_CHECKING, Any

from graphql import GraphQLError, GraphQLSyntaxError

from api import messages
from api.guard.edge import request_id
from graph.errors import ThreefoldError, Unavailable

if TYPE_CHECKING:
    from api.messages import Language

logger = logging.getLogger(__name__)


def outward(error: GraphQLError, language: Language) -> dict[str, Any]:
    """The error as it goes to the client."""
    shown: dict[str, Any] = dict(error.formatted)
    cause = _cause(error)
    if cause is None:
        return shown | {"extensions": {"code": _client_code(error)} | (error.extensions or {})}
    if isinstance(cause, ThreefoldError) and cause.code in messages.MESSAGES:
        extensions = {"code": cause.code, **_details(cause, language)}
        return shown | {"message": messages.message(cause, language), "extensions": extensions}
    if isinstance(cause, RecursionError | ValueError) and error.path is None:
        return {"message": "The document cannot be read.", "extensions": {"code": "GRAPHQL_PARSE_FAILED"}}
    return shown | internal(cause, language, f"at {error.path}")


def internal(cause: BaseException, language: Language, where: str) -> dict[str, Any]:
    """What is nobody's business outside: logged here, with the id under which the client may ask about it."""
    name = request_id()
    logger.error("Request %s failed %s: %s", name, where, _trace(cause))
    return {"message": messages.text("INTERNAL", language, {}), "extensions": {"code": "INTERNAL", "requestId": name}}


def _trace(cause: BaseException) -> str:
    """Where it came from, and of which kind. Not what it says: that may quote what is in the database."""
    parts = []
    while True:
        frames = traceback.extract_tb(cause.__traceback__)
        parts += [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
        parts.append(f"  {type(cause).__module__}.{type(cause).__qualname__}")
        below = cause.__cause__ or cause.__context__
        if below is None:
            return "\n" + "\n".join(parts)
        cause = below


def without_suggestion(shown: dict[str, Any]) -> dict[str, Any]:
    """The error without the names that its author may have meant: coercion finds those as well as validation."""
    text, found, _ = shown["message"].partition(" Did you mean")
    return shown | {"message": text} if found else shown


def _cause(error: GraphQLError) -> Exception | None:
    """What was raised below GraphQL, if anything."""
    cause: Exception | None = error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    return cause


def _client_code(error: GraphQLError) -> str:
    if isinstance(error, GraphQLSyntaxError):
        return "GRAPHQL_PARSE_FAILED"
    return "GRAPHQL_VALIDATION_FAILED" if error.path is None else "BAD_USER_INPUT"


def _details(cause: ThreefoldError, language: Language) -> dict[str, str]:
    if isinstance(cause, Unavailable):
        remedy = messages.remedy(cause, language)
        return {"requestId": request_id()} | ({"remedy": remedy} if remedy else {})
    field = getattr(cause, "field", None)
    return {"field": messages.camel_case(field)} if field else {}
