"""The roles of the engine, each in a process of its own: serve, relay, worker; and migrate."""

from __future__ import annotations

import asyncio
import logging
import signal
from typing import TYPE_CHECKING, Annotated

import typer

from graph.commands.console import AsJson, read_settings, say, with_services
from graph.commands.http import serve_api
from graph.redaction import redact_logs

if TYPE_CHECKING:
    from graph.wiring import Services


def migrate(*, as_json: AsJson = False) -> None:
    """Bring the database up to this version."""
    done = with_services(lambda services: services.migrate(), migrated=False)
    names = [f"{migration.version:04d}_{migration.name}" for migration in done]
    text = f"{len(names)} migration(s) applied: {', '.join(names)}." if names else "The database is up to date."
    say(text, {"applied": names}, as_json=as_json)


def relay() -> None:
    """Number accepted facts and announce them. Several may run; one works, the others stand by."""

    async def work(services: Services) -> None:
        await services.relay().run(stop_on_signals())

    start_logging()
    with_services(work)


def worker(
    role: Annotated[str, typer.Option(help="Which consumer to run.")] = "rewards",
    count: Annotated[int, typer.Option(min=1, max=64, help="Workers in this process.")] = 1,
) -> None:
    """Turn accepted facts into money, and do the periodic jobs. Any number may run; they share the work."""
    if role != "rewards":
        raise typer.BadParameter(f"There is no role {role!r}; there is rewards.")

    async def work(services: Services) -> None:
        stop = stop_on_signals()
        workers = (services.worker().run(stop) for _ in range(count))
        await asyncio.gather(services.sequencer().run(stop), services.jobs().run(stop), *workers)

    start_logging()
    with_services(work)


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535)] = None,
) -> None:
    """Answer GraphQL over HTTP."""
    settings = read_settings()
    start_logging()

    async def work(services: Services) -> None:
        stop = stop_on_signals()
        async with serve_api(services, host or settings.api_host, settings.api_port if port is None else port) as url:
            say(f"GraphQL at {url}/graphql", {}, as_json=False)
            await stop.wait()

    with_services(work)


def stop_on_signals() -> asyncio.Event:
    """An event that SIGINT and SIGTERM set, so that work at hand is finished."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    return stop


def start_logging() -> None:
    """One line an event on standard error, without anything personal."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    redact_logs()
    logging.getLogger("uvicorn.access").setLevel(logging.WARNING)
