"""Checks every part, and says how to mend what fails."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from graph.commands.checks import Check, check_disk, check_jars, check_services, failed
from graph.commands.console import DEPENDENCY_DOWN, FAILED, OK, AsJson, read_settings, say
from graph.errors import StreamUnavailable, Unavailable
from graph.local.jar_lock import locked_jars
from graph.local.jars import repair as repair_jars
from graph.wiring import open_services

if TYPE_CHECKING:
    from graph.settings import Settings


def doctor(
    *,
    repair: Annotated[
        bool, typer.Option("--repair", help="Fetch missing or damaged jars of the local Neo4j again.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check every part and say how to mend what fails. Exit 1 if something is wrong, 3 if something is down."""
    settings = read_settings()
    if repair:
        repair_jars(locked_jars(), settings.jars)
    checks = asyncio.run(_examine(settings))
    lines = [
        f"{'ok  ' if check.ok else 'FAIL'}  {check.name}: {check.message} {check.remedy}".rstrip() for check in checks
    ]
    say(
        "\n".join(lines),
        {"ok": all(c.ok for c in checks), "checks": [asdict(c) for c in checks]},
        as_json=as_json,
    )
    wrong = [check for check in checks if not check.ok]
    raise typer.Exit(OK if not wrong else DEPENDENCY_DOWN if any(check.is_down for check in wrong) else FAILED)


async def _examine(settings: Settings) -> list[Check]:
    checks = [check_disk(settings), check_jars(settings)]
    try:
        async with open_services(settings) as services:
            return checks + [check async for check in check_services(services)]
    except Unavailable as fault:  # nothing runs in this home
        away = StreamUnavailable("Nothing can be said of Redis while no Neo4j is known here.")
        return [*checks, failed("neo4j", fault), failed("redis", away)]
