"""Who asks over HTTP. It is settled before a body is read: what nobody vouches for is not even parsed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from fastapi.responses import Response

from api import messages
from graph.errors import ThreefoldError, Unauthenticated, Unavailable
from graph.principals import NOBODY

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.requests import HTTPConnection

    from graph.access.authenticator import Authenticator
    from graph.principals import Principal

GRAPHQL_JSON = "application/graphql-response+json"
JSON = "application/json"


async def principal_of(authenticator: Authenticator, connection: HTTPConnection) -> Principal:
    """Whose bearer a request carries. Raises Unauthenticated, and Unavailable when it cannot be verified.

    A GET executes nothing, it shows GraphiQL's page; a WebSocket brings its token in its first message, since a
    browser can give it no header. Both begin as nobody, who may do nothing.
    """
    if connection.scope["type"] == "websocket" or connection.scope["method"] in {"GET", "HEAD"}:
        return NOBODY
    return await authenticator.authenticate(connection.headers)


def answer_refusals(app: FastAPI) -> None:
    """401 for Unauthenticated, 503 when it cannot be known, each as a GraphQL error."""
    app.add_exception_handler(Unauthenticated, _refuse)
    app.add_exception_handler(Unavailable, _refuse)


async def _refuse(request: HTTPConnection, error: Exception) -> Response:
    if not isinstance(error, ThreefoldError):
        raise TypeError from error
    language = messages.preferred(request.headers.get("accept-language", ""))
    extensions: dict[str, Any] = {"code": error.code}
    if isinstance(error, Unavailable):
        extensions["remedy"] = messages.remedy(error, language)
    body = {"errors": [{"message": messages.message(error, language), "extensions": extensions}]}
    media_type = GRAPHQL_JSON if GRAPHQL_JSON in request.headers.get("accept", "") else JSON
    refused = isinstance(error, Unauthenticated)
    return Response(
        orjson.dumps(body),
        401 if refused else 503,
        headers={"www-authenticate": "Bearer"} if refused else None,
        media_type=f"{media_type}; charset=utf-8",
    )
