"""`threefold up`: everything on one machine, in the foreground, until Ctrl-C."""

from __future__ import annotations

import asyncio
import getpass
import signal
import sys
import time
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

from graph.access.opening import sign_token
from graph.commands.console import errors, read_settings, say
from graph.commands.demo import load_demo
from graph.commands.http import PortInUse, serve_api
from graph.commands.roles import start_logging, stop_on_signals
from graph.errors import LocalServerFailed
from graph.local.servers import LocalServers
from graph.principals import Principal, Role
from graph.wiring import open_services, resolve

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from graph.settings import Settings
    from graph.wiring import Services

ANALYST_TTL = timedelta(hours=8)


def up(
    *,
    demo: Annotated[bool, typer.Option("--demo", help="Load the twelve-person demo network.")] = False,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port of the API; if not given and taken, another.")
    ] = None,
    workers: Annotated[int, typer.Option(min=0, max=64, help="Reward workers to run.")] = 1,
) -> None:
    """Start Neo4j and Redis, migrate, and run the API, the relay and the workers until Ctrl-C."""
    settings = read_settings()
    start_logging()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    errors.print(f"Starting in {settings.home} …", markup=False)
    with ExitStack() as stack:
        with _download_bar() as bar:
            servers = stack.enter_context(_local_servers(settings, bar))
        asyncio.run(_run(settings, servers, demo=demo, port=port, workers=workers))
        errors.print("Stopping …")
    errors.print("Everything has stopped; the data stay.")


def _local_servers(settings: Settings, bar: Progress) -> LocalServers:
    return LocalServers(
        settings.home,
        settings.cache,
        neo4j=settings.neo4j_uri is None,
        redis=settings.redis_url is None,
        heap_mb=settings.local_heap_mb,
        progress=_download_progress(bar),
    )


def _download_bar() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    return Progress(*columns, console=errors, disable=not errors.is_terminal)


def _download_progress(bar: Progress) -> Callable[[int, int], None]:
    """A bar for the first download; where there is no terminal, a line now and then."""
    task = None
    last = 0.0

    def report(done: int, total: int) -> None:
        nonlocal task, last
        if task is None:
            task = bar.add_task("Fetching Neo4j (once)", total=total)
        bar.update(task, completed=done)
        if not errors.is_terminal and (time.monotonic() - last > 5 or done == total):
            last = time.monotonic()
            errors.print(f"Fetching Neo4j (once): {done >> 20} of {total >> 20} MiB")

    return report


async def _run(settings: Settings, servers: LocalServers, *, demo: bool, port: int | None, workers: int) -> None:
    stop = stop_on_signals()
    async with open_services(settings, resolve(settings)) as services, AsyncExitStack() as stack:
        await services.migrate()
        roles = [
            services.relay().run(stop),
            services.sequencer().run(stop),
            services.jobs().run(stop),
            *(services.worker().run(stop) for _ in range(workers)),
        ]
        tasks = [asyncio.create_task(role) for role in [*roles, _watch(servers, stop)]]
        stack.push_async_callback(_finish, tasks, stop)
        url = await stack.enter_async_context(_api(services, settings, port))
        servers.announce(api=url)
        welcome = asyncio.create_task(_welcome(services, url, demo=demo))
        stack.callback(welcome.cancel)
        an_end = [*tasks, asyncio.create_task(stop.wait())]
        await asyncio.wait([welcome, *an_end], return_when=asyncio.FIRST_COMPLETED)
        if welcome.done():
            welcome.result()
            await asyncio.wait(an_end, return_when=asyncio.FIRST_COMPLETED)


@asynccontextmanager
async def _api(services: Services, settings: Settings, port: int | None) -> AsyncIterator[str]:
    """On the port that was asked for; if none was, on the usual one, or on any free one if that is taken."""
    async with AsyncExitStack() as stack:
        try:
            wanted = settings.api_port if port is None else port
            url = await stack.enter_async_context(serve_api(services, settings.api_host, wanted))
        except PortInUse as fault:
            if port is not None or "api_port" in settings.model_fields_set:
                raise
            errors.print(f"{fault.message} Taking a free one.", markup=False)
            url = await stack.enter_async_context(serve_api(services, settings.api_host, 0))
        yield url


async def _finish(tasks: list[asyncio.Task[None]], stop: asyncio.Event) -> None:
    """Lets every role finish what it has in hand; a role that failed speaks up."""
    stop.set()
    await asyncio.gather(*tasks)


async def _watch(servers: LocalServers, stop: asyncio.Event) -> None:
    """Ends everything when a local server dies."""
    while not stop.is_set():
        name = servers.dead()
        if name:
            raise LocalServerFailed(
                f"The local {name} has died.",
                remedy="See the logs folder in THREEFOLD_HOME, then `threefold up`.",
            )
        await asyncio.sleep(0.5)


async def _welcome(services: Services, url: str, *, demo: bool) -> None:
    if demo:
        await load_demo(services)
    lines = ["", "Threefold is ready.", *_way_in(services.settings, url)]
    if demo:
        lines.append('  Try       { member(memberId: "ada") { name team { size direct } } }')
    lines += ["  Check     threefold doctor", "  Stop      Ctrl-C", ""]
    say("\n".join(lines), {}, as_json=False)


def _way_in(settings: Settings, url: str) -> list[str]:
    """Where a browser goes, with a token for an analyst if tokens are signed here."""
    if settings.jwks_url:
        return [f"  GraphQL   {url}/graphql   (tokens come from the identity provider)"]
    ttl = min(ANALYST_TTL, timedelta(seconds=settings.token_max_s))
    token = sign_token(settings, Principal(getpass.getuser(), frozenset({Role.ANALYST})), ttl)
    return [
        f"  GraphQL   {url}/graphql#token={token}",
        "            (open it in a browser, as an analyst; for another: threefold token --role finance)",
    ]
