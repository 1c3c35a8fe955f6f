"""The web application around services that are open already."""

from collections.abc import Sequence
from pathlib import Path

from fastapi import FastAPI
from fastapi.requests import HTTPConnection
from fastapi.responses import RedirectResponse
from fastapi.staticfiles import StaticFiles
from starlette.middleware.trustedhost import TrustedHostMiddleware

from api import authentication
from api.context import Context
from api.endpoint import GraphQLEndpoint
from api.health import health_routes
from api.messages import preferred
from api.schema import schema
from graph.access.cursor_key import cursor_key
from graph.wiring import Services

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
STATIC = Path(__file__).with_name("static")


def create_app(services: Services, allowed_hosts: Sequence[str] = LOOPBACK) -> FastAPI:
    """GraphQL, its page and the probes. The caller opens the services, closes them afterwards, and runs the server.

    Requests that name another host are refused: a page elsewhere must not reach this API through a name that
    resolves to this machine.
    """
    clock, key = services.clock(), cursor_key(services.settings.home)

    async def context(connection: HTTPConnection) -> Context:
        principal = await authentication.principal_of(services.authenticator, connection)
        language = preferred(connection.headers.get("accept-language", ""))
        return Context(services, clock, language, principal, key)

    app = FastAPI(title="Threefold", docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(allowed_hosts))
    authentication.answer_refusals(app)
    endpoint = GraphQLEndpoint(schema, context_getter=context, allow_queries_via_get=False, subscription_protocols=())
    app.include_router(endpoint, prefix="/graphql")
    app.include_router(health_routes(services))
    app.mount("/static", StaticFiles(directory=STATIC))

    @app.get("/")
    async def root() -> RedirectResponse:
        return RedirectResponse("/graphql")

    return app
