"""`threefold up`: everything on one machine, in the foreground; `down` and `status` find it from elsewhere."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

from graph.commands.console import FAILED, OK, AsJson, errors, read_settings, say, with_services
from graph.commands.demo import load_demo
from graph.commands.http import PortInUse, serve_api
from graph.commands.roles import start_logging, stop_on_signals
from graph.errors import LocalServerFailed, ThreefoldError
from graph.local.servers import LocalServers, running
from graph.store import leases
from graph.store.migrations import assert_migrated
from graph.stream.partitions import live_workers
from graph.wiring import open_services, resolve

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from graph.settings import Settings
    from graph.wiring import Services

DOWN_WITHIN_S = 60


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
        roles = [services.relay().run(stop), *(services.worker().run(stop) for _ in range(workers))]
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
    lines = ["", "Threefold is ready.", f"  GraphQL   {url}/graphql   (open it in a browser)"]
    if demo:
        lines.append('  Try       { member(memberId: "ada") { name team { size direct } } }')
    lines += ["  Check     threefold doctor", "  Stop      Ctrl-C", ""]
    say("\n".join(lines), {}, as_json=False)


def down(*, as_json: AsJson = False) -> None:
    """Stop the `threefold up` of this home."""
    settings = read_settings()
    up_now = running(settings.home)
    if up_now is None:
        say("Nothing runs in this home.", {"stopped": False}, as_json=as_json)
        return
    os.kill(up_now.pid, signal.SIGTERM)
    deadline = time.monotonic() + DOWN_WITHIN_S
    while running(settings.home) is not None:
        if time.monotonic() > deadline:
            raise LocalServerFailed(f"Process {up_now.pid} has not stopped within {DOWN_WITHIN_S} s.")
        time.sleep(0.1)
    say(f"Stopped process {up_now.pid}.", {"stopped": True, "pid": up_now.pid}, as_json=as_json)


def status(*, as_json: AsJson = False) -> None:
    """Say whether everything answers, where, and how far the engine is. Exit 1 if it is not ready."""
    settings = read_settings()
    up_now = running(settings.home)

    async def work(services: Services) -> dict[str, object]:
        await assert_migrated(services.database)
        position = await services.log.position()
        return {
            "waiting": await services.log.waiting(),
            "numbered": position.seq,
            "applied": position.applied_seq,
            "dead_letters": len(await services.dead_letters.all()),
            "relay": await leases.holder(services.database, "relay"),
            "workers": await live_workers(services.news.redis),
        }

    payload: dict[str, object] = {"ready": True, "pid": up_now.pid if up_now else None}
    payload["api"] = up_now.api if up_now else None
    try:
        payload |= with_services(work)
        text = (
            f"Ready. {payload['applied']} of {payload['numbered']} facts applied. GraphQL at {payload['api']}/graphql"
        )
    except ThreefoldError as fault:
        payload |= {"ready": False, "code": fault.code, "message": fault.message, "remedy": fault.remedy}
        text = f"Not ready. {fault.message} {fault.remedy}"
    say(text, payload, as_json=as_json)
    raise typer.Exit(OK if payload["ready"] else FAILED)
