"""The web application around services that are open already."""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from fastapi import FastAPI
from fastapi.requests import HTTPConnection
from fastapi.responses import RedirectResponse
from fastapi.staticfiles import StaticFiles
from starlette.middleware.trustedhost import TrustedHostMiddleware

from api.context import Context
from api.endpoint import GraphQLEndpoint
from api.health import health_routes
from api.messages import preferred
from api.schema import schema
from graph.access.cursor_key import cursor_key
from graph.principals import Principal
from graph.wiring import Services

Authenticate = Callable[[HTTPConnection], Awaitable[Principal]]
"""Who asks, by what the connection carries; raises what refuses them."""

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
STATIC = Path(__file__).with_name("static")


def create_app(services: Services, authenticate: Authenticate, allowed_hosts: Sequence[str] = LOOPBACK) -> FastAPI:
    """GraphQL, its page and the probes. The caller opens the services, closes them afterwards, and runs the server.

    Requests that name another host are refused: a page elsewhere must not reach this API through a name that
    resolves to this machine.
    """
    clock, key = services.clock(), cursor_key(services.settings.home)

    async def context(connection: HTTPConnection) -> Context:
        language = preferred(connection.headers.get("accept-language", ""))
        return Context(services, clock, language, await authenticate(connection), key)

    app = FastAPI(title="Threefold", docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(allowed_hosts))
    endpoint = GraphQLEndpoint(schema, context_getter=context, allow_queries_via_get=False, subscription_protocols=())
    app.include_router(endpoint, prefix="/graphql")
    app.include_router(health_routes(services))
    app.mount("/static", StaticFiles(directory=STATIC))

    @app.get("/")
    async def root() -> RedirectResponse:
        return RedirectResponse("/graphql")

    return app
