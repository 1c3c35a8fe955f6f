"""The web application around services that are open already."""

from pathlib import Path

from fastapi import FastAPI
from fastapi.requests import HTTPConnection
from fastapi.responses import RedirectResponse
from fastapi.staticfiles import StaticFiles
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from api.context import Context, Installation
from api.endpoint import GraphQLEndpoint
from api.guard.edge import Edge
from api.guard.guard import Guard
from api.health import health_routes
from api.messages import language_of
from api.schema import schema
from graph.access.cursor_key import cursor_key
from graph.settings import Settings
from graph.wiring import Services

STATIC = Path(__file__).with_name("static")


def create_app(services: Services) -> FastAPI:
    """GraphQL, its page and the probes. The caller opens the services, closes them afterwards, and runs the server.

    Requests that name a host that is not allowed are refused: a page elsewhere must not reach this API through a
    name that resolves to this machine.
    """
    settings = services.settings
    guard = Guard(schema.core, settings, services.budgets)
    installation = Installation(services, guard, services.clock(), cursor_key(settings.home))

    def context(connection: HTTPConnection) -> Context:
        return Context(installation, language_of(connection.headers))

    app = FastAPI(title="Threefold", docs_url=None, redoc_url=None, openapi_url=None)
    _add_layers(app, settings)
    endpoint = GraphQLEndpoint(
        schema,
        context_getter=context,
        allow_queries_via_get=False,
        subscription_protocols=(),
        graphql_ide="graphiql" if settings.graphiql else None,
    )
    endpoint.guard, endpoint.authenticator = guard, services.authenticator
    endpoint.body_within_s = settings.body_within_s
    app.include_router(endpoint, prefix="/graphql")
    app.include_router(health_routes(services))
    app.mount("/static", StaticFiles(directory=STATIC))

    @app.get("/")
    async def root() -> RedirectResponse:
        return RedirectResponse("/graphql")

    return app


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
