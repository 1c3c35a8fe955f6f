"""Plans: publish a version, show those that are or were in force."""

from __future__ import annotations

from secrets import token_hex
from typing import TYPE_CHECKING, Annotated

import orjson
import typer

from graph.commands.console import AsJson, say, with_services
from graph.commands.plan_files import PlanName, plan_document
from graph.commands.simulate import simulate
from graph.plan_document import parse_plan

if TYPE_CHECKING:
    from graph.plan import PlanVersion
    from graph.wiring import Services

app = typer.Typer(no_args_is_help=True, help="Publish and show plans.")

app.command()(simulate)


@app.command()
def check(plan: PlanName, *, as_json: AsJson = False) -> None:
    """Read a plan and name every fault in it, without publishing anything."""
    name = parse_plan(plan_document(plan)).name
    say(f"The plan {name!r} is valid.", {"valid": True, "name": name}, as_json=as_json)


@app.command()
def publish(
    plan: PlanName,
    key: Annotated[str | None, typer.Option(help="Idempotency key, for a script that may run twice.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Put a plan in force for all facts accepted from now on. Money already computed does not change."""
    document = plan_document(plan)

    async def work(services: Services) -> tuple[PlanVersion, int]:
        newest = (await services.plans.all())[-1]
        if key is None and newest.document == document:
            return newest, newest.version
        stamp = await services.clock().stamp()
        version = await services.plans.publish(document, key or token_hex(16), stamp)
        return version, max(newest.version, version.version)

    version, newest = with_services(work)
    text = f"Plan {version.plan.name!r} is version {version.version}, the newest."
    if version.version < newest:
        text = f"The key was used before, for version {version.version}; the newest is version {newest}."
    say(
        text,
        {"version": version.version, "newest": newest, "name": version.plan.name, "seq": version.seq},
        as_json=as_json,
    )


@app.command()
def show(*, as_json: AsJson = False) -> None:
    """List every version with the seq from which it is in force."""

    async def work(services: Services) -> list[PlanVersion]:
        return await services.plans.all()

    versions = with_services(work)
    lines = [f"v{v.version}  from seq {'?' if v.seq is None else v.seq}  {v.plan.name}" for v in versions]
    payload = [
        {"version": v.version, "seq": v.seq, "name": v.plan.name, "document": orjson.loads(v.document)}
        for v in versions
    ]
    say("\n".join(lines), {"plans": payload}, as_json=as_json)
