"""Finds a running `threefold up` from elsewhere: says how it is, or stops it."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

from graph.commands.console import DEPENDENCY_DOWN, OK, AsJson, read_settings, say, with_services
from graph.errors import LocalServerFailed, StreamUnavailable, ThreefoldError
from graph.local.servers import running
from graph.store import leases
from graph.stream.partitions import live_workers

if TYPE_CHECKING:
    from graph.wiring import Services

DOWN_WITHIN_S = 60


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


async def _workers(services: Services) -> dict[str, object]:
    """Without Redis facts are still accepted and numbered: that is degraded, not down."""
    try:
        return {"degraded": [], "workers": await live_workers(services.news.redis)}
    except StreamUnavailable:
        return {"degraded": ["redis"], "workers": None}


def status(*, as_json: AsJson = False) -> None:
    """Say whether everything answers, where, and how far the engine is. Exit 3 if it is not ready."""
    settings = read_settings()
    up_now = running(settings.home)

    async def work(services: Services) -> dict[str, object]:
        position = await services.log.position()
        return {
            "waiting": await services.log.waiting(),
            "numbered": position.seq,
            "applied": position.applied_seq,
            "dead_letters": len(await services.dead_letters.all()),
            "parked_refunds": await services.refunds.count_parked(),
            "relay": await leases.holder(services.database, "relay"),
            "jobs": [asdict(job) for job in await services.desk.jobs.all()],
        } | await _workers(services)

    payload: dict[str, object] = {"ready": True, "pid": up_now.pid if up_now else None}
    payload["api"] = up_now.api if up_now else None
    try:
        payload |= with_services(work)
        workers = "Redis is away" if payload["degraded"] else f"{payload['workers']} worker(s)"
        text = (
            f"Ready. {payload['applied']} of {payload['numbered']} facts applied."
            f" Relay: {payload['relay'] or 'missing'}; {workers}; GraphQL: {payload['api'] or 'not served here'}"
        )
    except ThreefoldError as fault:
        payload |= {"ready": False, "code": fault.code, "message": fault.message, "remedy": fault.remedy}
        text = f"Not ready. {fault.message} {fault.remedy}"
    say(text, payload, as_json=as_json)
    raise typer.Exit(OK if payload["ready"] else DEPENDENCY_DOWN)
