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
from strawberry.schema import BaseSchema
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import Operation
from strawberry.types import ExecutionResult

from api.authentication import NOT_ADMITTED, refusal
from api.context import Context
from api.faults import internal, outward, without_suggestion
from api.guard import body
from api.guard.guard import Guard
from api.guard.limits import ERRORS
from api.guard.refusal import Refusal
from api.messages import language_of
from api.subscriptions.gate import Gate
from api.subscriptions.socket import Socket, TextSocket

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
    """The router at /graphql: POST executes, a socket subscribes, a browser's GET shows GraphiQL.

    A GET executes a query only with an Authorization header, which no page elsewhere can make a browser send unasked.
    """

    request_adapter_class = _Adapter
    websocket_adapter_class = TextSocket
    graphql_transport_ws_handler_class = Socket

    def __init__(self, schema: BaseSchema, guard: Guard, gate: Gate, **options: Any) -> None:  # noqa: ANN401
        super().__init__(schema, allow_queries_via_get=True, **options)
        self.guard = guard
        self.gate = gate

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
        found = body.decode(await body.read(asked.headers, asked.stream(), most, self.guard.body_within_s))
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
        if self.is_websocket_request(request):
            return await self._open_socket(request, context, root_value)
        try:
            if request.method == "POST" or "query" in request.query_params:
                _refuse_bare_get(request)
                context.admit(await self.gate.admit(request.headers))
            request.state.context = context
            return await super().run(request, context, root_value)
        except NOT_ADMITTED as fault:
            status, shown, headers = refusal(fault, context.language)
            return _refused(request, shown, status, headers)
        except Refusal as refused:
            return _refused(request, refused.outward(context.language), refused.status, refused.headers)
        except HTTPException as fault:
            return self.refuse(request, fault)
        except Exception as fault:
            return _refused(request, internal(fault, context.language, "before an answer"), 500)

    def refuse(self, request: Request, fault: HTTPException) -> Response:
        """What is no request that could be executed."""
        shown = Refusal(fault.status_code, code="BAD_REQUEST").outward(language_of(request.headers))
        return _refused(request, shown | {"message": fault.reason}, fault.status_code)

    async def _open_socket(self, request: Any, context: Context, root_value: None) -> Any:  # noqa: ANN401
        """Who asks is known only after `connection_init`; what is full already does not even shake hands."""
        if self.gate.full:
            full = Refusal(503, code="TOO_MANY_CONNECTIONS", headers={"retry-after": "5"})
            await request.send_denial_response(
                _refused(request, full.outward(context.language), full.status, full.headers)
            )
            return request
        return await super().run(request, context, root_value)

    async def results(self, asked: Operation[Context, None], context: Context) -> Any:  # noqa: ANN401
        """The results of an operation that came over a socket. It passes the guard as all others do, in `stream`."""
        extensions = getattr(asked, "extensions", None)
        return await self.schema.stream(
            asked.query,
            variable_values=asked.variables,
            context_value=context,
            operation_name=asked.operation_name,
            operation_extensions=extensions if isinstance(extensions, dict) else None,
        )

    async def render_graphql_ide(self, request: Request) -> HTMLResponse:  # noqa: ARG002
        """Our own page: nothing in it comes from elsewhere."""
        return HTMLResponse(PAGE, headers=PAGE_HEADERS)

    async def get_sub_response(self, request: Request) -> Response:
        """One a request, carrying the media type that the client wants."""
        return Response(media_type=_media_type(request))

    async def process_result(self, request: Request, result: ExecutionResult) -> GraphQLHTTPResponse:
        """The answer to a request."""
        return self.shown(result, request.state.context)

    def shown(self, result: ExecutionResult, context: Context) -> GraphQLHTTPResponse:
        """One result with errors as they may be seen outside, however it is sent."""
        answer: dict[str, Any] = {"data": result.data}
        if result.errors:
            errors = [outward(error, context.language) for error in result.errors[:ERRORS]]
            if not self.guard.may_introspect(context.principal):
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


def _refuse_bare_get(request: Request) -> None:
    if request.method == "GET" and "authorization" not in request.headers:
        raise HTTPException(400, "A GET executes nothing without an Authorization header.")


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
