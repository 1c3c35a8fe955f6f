"""The web application around services that are open already."""

from collections.abc import Mapping
from pathlib import Path

from fastapi import FastAPI
from fastapi.requests import HTTPConnection
from fastapi.responses import RedirectResponse
from fastapi.staticfiles import StaticFiles
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from api.context import Context
from api.endpoint import Authenticate, GraphQLEndpoint
from api.guard.edge import Edge
from api.guard.guard import Guard
from api.health import health_routes
from api.messages import language_of
from api.schema import schema
from graph.principals import STAFF, Principal, Role
from graph.settings import Settings
from graph.wiring import Services

STATIC = Path(__file__).with_name("static")


async def everybody(_headers: Mapping[str, str]) -> Principal:
    """Who asks, while nobody is asked."""
    return Principal("anybody", STAFF | {Role.INGEST})


def create_app(services: Services, authenticate: Authenticate = everybody) -> FastAPI:
    """GraphQL, its page and the probes. The caller opens the services, closes them afterwards, and runs the server.

    Requests that name a host that is not allowed are refused: a page elsewhere must not reach this API through a
    name that resolves to this machine.
    """
    settings = services.settings
    clock = services.clock()
    guard = Guard(schema.core, settings, services.budgets)

    def context(connection: HTTPConnection) -> Context:
        return Context(services, clock, language_of(connection.headers), guard)

    app = FastAPI(title="Threefold", docs_url=None, redoc_url=None, openapi_url=None)
    _add_layers(app, settings)
    endpoint = GraphQLEndpoint(
        schema,
        context_getter=context,
        allow_queries_via_get=False,
        subscription_protocols=(),
        graphql_ide="graphiql" if settings.graphiql else None,
    )
    endpoint.guard, endpoint.authenticate, endpoint.body_within_s = guard, authenticate, settings.body_within_s
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
