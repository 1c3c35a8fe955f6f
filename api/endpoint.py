"""GraphQL over HTTP: what a request may look like, which media type answers, and which status.

`application/graphql-response+json` answers a request that could not be executed with 400 and no `data`;
`application/json`, for older clients, always with 200.
"""

from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import orjson
from cross_web import AsyncHTTPRequestAdapter, HTTPException, StarletteRequestAdapter
from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from strawberry.fastapi import GraphQLRouter
from strawberry.http import GraphQLHTTPResponse, GraphQLRequestData
from strawberry.types import ExecutionResult

from api.authentication import NOT_ADMITTED, refusal
from api.context import Context
from api.faults import internal, outward, without_suggestion
from api.guard import body
from api.guard.guard import Guard
from api.guard.limits import ERRORS
from api.guard.refusal import Refusal
from api.messages import language_of
from graph.access.authenticator import Authenticator

GRAPHQL_JSON = "application/graphql-response+json"
JSON = "application/json"
PAGE = files("api").joinpath("static/graphiql/index.html").read_text(encoding="utf-8")
PAGE_HEADERS = {
    "content-security-policy": (
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
        "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    ),
}


class _Adapter(StarletteRequestAdapter):
    """Keeps what it adapts: the guard reads the body as it comes."""

    def __init__(self, request: Request) -> None:
        super().__init__(request)
        self.asked = request


class GraphQLEndpoint(GraphQLRouter[Context, None]):
    """The router at /graphql: POST executes, a browser's GET shows GraphiQL."""

    request_adapter_class = _Adapter
    guard: Guard
    authenticator: Authenticator
    body_within_s: float

    def decode_json(self, data: str | bytes) -> object:
        """The body as an object. Anything else is the client's fault, however broken: 400."""
        return body.decode(data)

    def encode_json(self, data: object) -> bytes:
        """Bytes at once: no detour through text."""
        return orjson.dumps(data)

    async def parse_http_body(self, request: AsyncHTTPRequestAdapter) -> Any:  # noqa: ANN401
        """As the base class, through the guard: how much is read, of what, and which document it means."""
        if request.method != "POST" or not isinstance(request, _Adapter):
            return await super().parse_http_body(request)
        asked = request.asked
        most = self.guard.limits.body_bytes
        found = body.decode(await body.read(asked.headers, asked.stream(), most, self.body_within_s))
        wanted = self.guard.trusted.named(found)
        variables, extensions = found.get("variables"), found.get("extensions")
        for part, kinds in ((wanted, str), (variables, dict), (extensions, dict), (found.get("operationName"), str)):
            if part is not None and not isinstance(part, kinds):
                raise Refusal(400, code="BAD_REQUEST")
        transport = self._get_stream_transport_from_headers(request.headers)
        protocol = transport.protocol if transport else "http"
        return GraphQLRequestData(wanted, variables, found.get("operationName"), extensions, protocol)

    async def run(self, request: Any, context: Any = None, root_value: Any = None) -> Any:  # noqa: ANN401
        """As the base class, for somebody known, and with whatever goes wrong as a GraphQL error."""
        if request.scope["type"] != "http":
            return await super().run(request, context, root_value)
        language = language_of(request.headers)
        try:
            if not self.should_render_graphql_ide(_Adapter(request)):
                context.admit(await self.authenticator.authenticate(request.headers))
            request.state.context = context
            return await super().run(request, context, root_value)
        except NOT_ADMITTED as fault:
            status, shown, headers = refusal(fault, language)
            return _refused(request, shown, status, headers)
        except Refusal as refused:
            return _refused(request, refused.outward(language), refused.status, refused.headers)
        except HTTPException as fault:
            shown = Refusal(fault.status_code, code="BAD_REQUEST").outward(language) | {"message": fault.reason}
            return _refused(request, shown, fault.status_code)
        except Exception as fault:
            return _refused(request, internal(fault, language, "before an answer"), 500)

    async def render_graphql_ide(self, request: Request) -> HTMLResponse:  # noqa: ARG002
        """Our own page: nothing in it comes from elsewhere."""
        return HTMLResponse(PAGE, headers=PAGE_HEADERS)

    async def get_sub_response(self, request: Request) -> Response:
        """One a request, carrying the media type that the client wants."""
        return Response(media_type=_media_type(request))

    async def process_result(self, request: Request, result: ExecutionResult) -> GraphQLHTTPResponse:
        """The answer, with errors as they may be seen outside."""
        answer: dict[str, Any] = {"data": result.data}
        if result.errors:
            language = language_of(request.headers)
            errors = [outward(error, language) for error in result.errors[:ERRORS]]
            if not self.guard.may_introspect(request.state.context.principal):
                errors = [without_suggestion(error) for error in errors]
            answer = {"errors": errors, **answer}
        if result.extensions:
            answer["extensions"] = result.extensions
        return answer  # type: ignore[return-value]

    def create_response(
        self, response_data: GraphQLHTTPResponse | list[GraphQLHTTPResponse], sub_response: Response
    ) -> Response:
        """The HTTP response of an answer; batches were refused before."""
        executed = isinstance(response_data, list) or _was_executed(response_data)
        refused = sub_response.media_type == GRAPHQL_JSON and not executed
        shown: Any = {"errors": response_data["errors"]} if refused else response_data  # type: ignore[call-overload]
        media_type = f"{sub_response.media_type}; charset=utf-8"
        return Response(self.encode_json(shown), 400 if refused else 200, _budget(response_data), media_type)


def _was_executed(answer: GraphQLHTTPResponse) -> bool:
    """Whether any field was reached: the error that nulled everything then has a path."""
    errors: Any = answer.get("errors") or ()
    return answer["data"] is not None or any("path" in error for error in errors)


def _media_type(request: Request) -> str:
    return GRAPHQL_JSON if GRAPHQL_JSON in request.headers.get("accept", "") else JSON


def _refused(
    request: Request, error: dict[str, Any], status: int, headers: Mapping[str, str] | None = None
) -> Response:
    """One request error, in the media type that the client wants."""
    media_type = f"{_media_type(request)}; charset=utf-8"
    return Response(orjson.dumps({"errors": [error]}), status, headers, media_type)


def _budget(answer: Any) -> dict[str, str] | None:  # noqa: ANN401
    """The RateLimit header of an answer: what is left, and in how many seconds all of it is."""
    budget = (answer.get("extensions") or {}).get("cost", {}).get("budget") if isinstance(answer, dict) else None
    if budget is None:
        return None
    seconds = -(-(budget["maximum"] - budget["remaining"]) // budget["restoreRate"])
    return {"ratelimit": f'"points";r={budget["remaining"]};t={seconds}'}
