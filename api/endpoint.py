"""GraphQL over HTTP: what a request may look like, which media type answers, and which status.

`application/graphql-response+json` answers a request that could not be executed with 400 and no `data`;
`application/json`, for older clients, always with 200.
"""

from importlib.resources import files
from typing import Any

import orjson
from cross_web import HTTPException
from fastapi import Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from strawberry.fastapi import GraphQLRouter
from strawberry.http import GraphQLHTTPResponse
from strawberry.schema import BaseSchema
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import Operation
from strawberry.types import ExecutionResult

from api import messages
from api.context import Context
from api.faults import outward
from api.messages import Language
from api.subscriptions.gate import Gate
from api.subscriptions.socket import Socket, TextSocket
from graph.errors import Unauthenticated

GRAPHQL_JSON = "application/graphql-response+json"
JSON = "application/json"
PAGE = files("api").joinpath("static/graphiql/index.html").read_text(encoding="utf-8")
PAGE_HEADERS = {
    "content-security-policy": (
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
        "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    ),
    "x-content-type-options": "nosniff",
}


_FULL = {"message": "Too many connections are open.", "extensions": {"code": "TOO_MANY_CONNECTIONS"}}


class GraphQLEndpoint(GraphQLRouter[Context, None]):
    """The router at /graphql: POST executes, a socket subscribes, a browser's GET shows GraphiQL.

    A GET executes a query only with an Authorization header, which no page elsewhere can make a browser send unasked.
    """

    websocket_adapter_class = TextSocket
    graphql_transport_ws_handler_class = Socket

    def __init__(self, schema: BaseSchema, gate: Gate, **options: Any) -> None:  # noqa: ANN401  the base class has them
        super().__init__(schema, allow_queries_via_get=True, **options)
        self.gate = gate

    def decode_json(self, data: str | bytes) -> object:
        """The body as an object. Anything else is the client's fault, however broken: 400."""
        try:
            body = orjson.loads(data)
        except ValueError:
            raise HTTPException(400, "The body is not JSON in UTF-8, or nested too deeply.") from None
        if not isinstance(body, dict):
            raise HTTPException(400, "The body must be a JSON object with a query.")
        return body

    def encode_json(self, data: object) -> bytes:
        """Bytes at once: no detour through text."""
        return orjson.dumps(data)

    async def run(self, request: Any, context: Any = None, root_value: Any = None) -> Any:  # noqa: ANN401
        """As the base class, for whoever is let in, with its plain-text refusals as GraphQL errors."""
        if self.is_websocket_request(request):
            return await self._open_socket(request, context, root_value)
        try:
            if request.method == "POST" or "query" in request.query_params:
                _refuse_bare_get(request)
                context.proof = await self.gate.admit(request.headers)
                context.principal = context.proof.principal
            request.state.context = context
            return await super().run(request, context, root_value)
        except Unauthenticated as fault:
            return self._unauthenticated(fault, context)
        except HTTPException as fault:
            return self.refusal(fault)

    def refusal(self, fault: HTTPException) -> Response:
        """What is no request that could be executed."""
        error = {"message": fault.reason, "extensions": {"code": "BAD_REQUEST"}}
        return JSONResponse({"errors": [error]}, fault.status_code)

    def _unauthenticated(self, fault: Unauthenticated, context: Context) -> Response:
        error = {"message": messages.message(fault, context.language), "extensions": {"code": fault.code}}
        return JSONResponse({"errors": [error]}, 401, {"www-authenticate": "Bearer"})

    async def _open_socket(self, request: Any, context: Context, root_value: None) -> Any:  # noqa: ANN401
        """Who asks is known only after `connection_init`; what is full already does not even shake hands."""
        if self.gate.full:
            await request.send_denial_response(JSONResponse({"errors": [_FULL]}, 503, {"retry-after": "5"}))
            return request
        return await super().run(request, context, root_value)

    async def results(self, asked: Operation[Context, None], context: Context) -> Any:  # noqa: ANN401
        """The results of an operation that came over a socket.

        Everything that is to stand before an execution belongs into the schema's extensions: they are what HTTP,
        sockets and event streams have in common.
        """
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
        accept = request.headers.get("accept", "")
        return Response(media_type=GRAPHQL_JSON if GRAPHQL_JSON in accept else JSON)

    async def process_result(self, request: Request, result: ExecutionResult) -> GraphQLHTTPResponse:
        """The answer, with errors as they may be seen outside."""
        return self.shown(result, messages.preferred(request.headers.get("accept-language", "")))

    def shown(self, result: ExecutionResult, language: Language) -> GraphQLHTTPResponse:
        """One result, however it is sent."""
        answer: dict[str, Any] = {"data": result.data}
        if result.errors:
            answer = {"errors": [outward(error, language) for error in result.errors], **answer}
        return answer  # type: ignore[return-value]

    def create_response(
        self, response_data: GraphQLHTTPResponse | list[GraphQLHTTPResponse], sub_response: Response
    ) -> Response:
        """The HTTP response of an answer; batches were refused before."""
        executed = isinstance(response_data, list) or _was_executed(response_data)
        refused = sub_response.media_type == GRAPHQL_JSON and not executed
        body = {"errors": response_data["errors"]} if refused else response_data  # type: ignore[call-overload]
        media_type = f"{sub_response.media_type}; charset=utf-8"
        return Response(self.encode_json(body), 400 if refused else 200, media_type=media_type)


def _refuse_bare_get(request: Request) -> None:
    if request.method == "GET" and "authorization" not in request.headers:
        raise HTTPException(400, "A GET executes nothing without an Authorization header.")


def _was_executed(answer: GraphQLHTTPResponse) -> bool:
    """Whether any field was reached: the error that nulled everything then has a path."""
    errors: Any = answer.get("errors") or ()
    return answer["data"] is not None or any("path" in error for error in errors)
