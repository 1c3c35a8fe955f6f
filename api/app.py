"""The web application around services that are open already."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from fastapi import FastAPI
from fastapi.requests import HTTPConnection
from fastapi.responses import RedirectResponse
from fastapi.staticfiles import StaticFiles
from starlette.middleware.trustedhost import TrustedHostMiddleware
from strawberry.subscriptions import GRAPHQL_SSE_PROTOCOL, GRAPHQL_TRANSPORT_WS_PROTOCOL

from api.anybody import anybody
from api.context import Context
from api.endpoint import GraphQLEndpoint
from api.health import health_routes
from api.messages import preferred
from api.schema import schema
from api.subscriptions.event_stream import EventStreamEndpoint
from api.subscriptions.gate import Authenticate, Gate
from api.subscriptions.hub import Hub
from graph.wiring import Services

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
INIT_WITHIN = timedelta(seconds=5)
"""How long a socket may be open before it says who asks."""
STATIC = Path(__file__).with_name("static")


def create_app(
    services: Services, allowed_hosts: Sequence[str] = LOOPBACK, authenticate: Authenticate = anybody
) -> FastAPI:
    """GraphQL, its page and the probes. The caller opens the services, closes them afterwards, and runs the server.

    Requests that name another host are refused: while there is no access control, a page elsewhere must not
    reach this API through a name that resolves to this machine.
    """
    clock, hub = services.clock(), Hub(services.announcements)

    def context(connection: HTTPConnection) -> Context:
        return Context(services, clock, preferred(connection.headers.get("accept-language", "")), hub)

    def stream_context(connection: HTTPConnection) -> Context:
        return context(connection).as_stream()

    app = FastAPI(title="Threefold", docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(allowed_hosts))
    settings = services.settings
    gate = Gate(authenticate, settings.stream_connections, settings.stream_connections_each, settings.stream_recheck_s)
    endpoint = GraphQLEndpoint(
        schema,
        gate,
        context_getter=context,
        subscription_protocols=[GRAPHQL_TRANSPORT_WS_PROTOCOL],
        connection_init_wait_timeout=INIT_WITHIN,
        max_subscriptions_per_connection=settings.stream_operations,
    )
    events = EventStreamEndpoint(
        schema, gate, context_getter=stream_context, subscription_protocols=[GRAPHQL_SSE_PROTOCOL], graphql_ide=None
    )
    app.include_router(events, prefix="/graphql/stream")
    app.include_router(endpoint, prefix="/graphql")
    app.include_router(health_routes(services))
    app.mount("/static", StaticFiles(directory=STATIC))

    @app.get("/")
    async def root() -> RedirectResponse:
        return RedirectResponse("/graphql")

    return app
