"""The web application around services that are open already."""

from datetime import timedelta
from pathlib import Path

from fastapi import FastAPI
from fastapi.requests import HTTPConnection
from fastapi.responses import RedirectResponse
from fastapi.staticfiles import StaticFiles
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from strawberry.subscriptions import GRAPHQL_SSE_PROTOCOL, GRAPHQL_TRANSPORT_WS_PROTOCOL

from api.context import Context, Installation
from api.endpoint import GraphQLEndpoint
from api.guard.edge import Edge
from api.guard.guard import Guard
from api.health import health_routes
from api.messages import language_of
from api.schema import schema
from api.subscriptions.event_stream import EventStreamEndpoint
from api.subscriptions.gate import Gate
from api.subscriptions.hub import Hub
from graph.access.cursor_key import cursor_key
from graph.settings import Settings
from graph.wiring import Services

INIT_WITHIN = timedelta(seconds=5)
"""How long a socket may be open before it says who asks."""
STATIC = Path(__file__).with_name("static")


def create_app(services: Services) -> FastAPI:
    """GraphQL, its page and the probes. The caller opens the services, closes them afterwards, and runs the server.

    Requests that name a host that is not allowed are refused: a page elsewhere must not reach this API through a
    name that resolves to this machine.
    """
    settings = services.settings
    guard, hub = Guard(schema.core, settings, services.budgets), Hub(services.announcements)
    installation = Installation(services, guard, hub, services.clock(), cursor_key(settings.home))
    app = FastAPI(title="Threefold", docs_url=None, redoc_url=None, openapi_url=None)
    _add_layers(app, settings)
    _add_graphql(app, installation)
    app.include_router(health_routes(services))
    app.mount("/static", StaticFiles(directory=STATIC))

    @app.get("/")
    async def root() -> RedirectResponse:
        return RedirectResponse("/graphql")

    return app


def _add_graphql(app: FastAPI, installation: Installation) -> None:
    """Requests and sockets at /graphql, event streams at /graphql/stream."""
    services, guard, settings = installation.services, installation.guard, installation.services.settings
    authenticate = services.authenticator.authenticate
    gate = Gate(authenticate, settings.stream_connections, settings.stream_connections_each, settings.stream_recheck_s)

    def context(connection: HTTPConnection) -> Context:
        return Context(installation, language_of(connection.headers))

    def stream_context(connection: HTTPConnection) -> Context:
        return context(connection).as_stream()

    endpoint = GraphQLEndpoint(
        schema,
        guard,
        gate,
        context_getter=context,
        subscription_protocols=[GRAPHQL_TRANSPORT_WS_PROTOCOL],
        connection_init_wait_timeout=INIT_WITHIN,
        max_subscriptions_per_connection=settings.stream_operations,
        allowed_origins=_listed(settings.cors_origins),
        graphql_ide="graphiql" if settings.graphiql else None,
    )
    sse = [GRAPHQL_SSE_PROTOCOL]
    events = EventStreamEndpoint(
        schema, guard, gate, context_getter=stream_context, subscription_protocols=sse, graphql_ide=None
    )
    app.include_router(events, prefix="/graphql/stream")
    app.include_router(endpoint, prefix="/graphql")


def _add_layers(app: FastAPI, settings: Settings) -> None:
    """What every request passes before any route, the last one first."""
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=_listed(settings.allowed_hosts))
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=_listed(settings.cors_origins),
            allow_methods=["POST"],
            allow_headers=["authorization", "content-type", "x-request-id"],
            expose_headers=["x-request-id", "retry-after", "ratelimit"],
            max_age=600,
        )
    app.add_middleware(Edge, hsts_s=settings.hsts_s)


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
