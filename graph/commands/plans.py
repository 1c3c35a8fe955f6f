"""Plans: look one over, publish a version now or later, show those that are or were in force."""

from __future__ import annotations

from secrets import token_hex
from typing import TYPE_CHECKING, Annotated, Any

import orjson
import typer

from graph.commands.console import AsJson, Lang, language_of_the_user, say, with_services
from graph.commands.plan_files import PlanName, plan_document
from graph.commands.simulate import simulate
from graph.errors import InvalidInput
from graph.plan import PlanHistory, PlanVersion, ScheduledPlan
from graph.plan_changes import changes
from graph.plan_document import parse_plan
from graph.plan_review import review
from graph.plan_texts import explained, plain, sentence
from graph.times import parse_time, shown
from seeds import plans as presets

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from graph.wiring import Services

app = typer.Typer(no_args_is_help=True, help="Check, publish and show plans.")

app.command()(simulate)


@app.command()
def check(
    plan: PlanName,
    lang: Lang = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Explain what a plan pays, costs and risks, or name every fault in it. Publishes nothing."""
    valid = parse_plan(plan_document(plan))
    language = lang or language_of_the_user()
    findings = review(valid)
    payload = [
        {
            "code": finding.code,
            "topic": finding.topic,
            "severity": finding.severity,
            "numbers": {name: plain(number) for name, number in finding.numbers.items()},
            "text": sentence(finding, language),
        }
        for finding in findings
    ]
    say(
        explained(valid.name, findings, language),
        {"valid": True, "name": valid.name, "findings": payload},
        as_json=as_json,
    )


@app.command()
def schema() -> None:
    """Print the JSON Schema of plans."""
    typer.echo(presets.preset(presets.SCHEMA), nl=False)


@app.command()
def publish(
    plan: PlanName,
    key: Annotated[str | None, typer.Option(help="Idempotency key, for a script that may run twice.")] = None,
    at: Annotated[str | None, typer.Option(help="When: an ISO 8601 moment with a zone; at once without it.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Put a plan in force for all facts accepted from now, or a moment, on. Money already computed does not change."""
    document = plan_document(plan)
    if at is not None:
        _schedule(document, key or token_hex(16), parse_time(at, "at"), as_json=as_json)
        return

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


def _schedule(document: str, key: str, at: datetime, *, as_json: bool) -> None:
    async def work(services: Services) -> ScheduledPlan:
        return await services.plans.schedule(document, key, at, await services.clock().stamp())

    waiting = with_services(work)
    text = f"Plan {waiting.plan.name!r} ({waiting.id}) is {waiting.state} for {shown(waiting.at)}."
    say(text, _waiting(waiting), as_json=as_json)


@app.command()
def cancel(
    plan_id: Annotated[str, typer.Argument(metavar="ID", help="The id that `plan show` lists.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Keep a scheduled plan from being published."""

    async def work(services: Services) -> ScheduledPlan:
        return await services.plans.cancel(plan_id)

    cancelled = with_services(work)
    text = f"Plan {cancelled.plan.name!r} ({cancelled.id}) will not be published."
    say(text, {"id": cancelled.id, "name": cancelled.plan.name, "state": cancelled.state}, as_json=as_json)


@app.command()
def show(
    version: Annotated[
        int | None, typer.Argument(help="A version by its number.", show_default="the one in force")
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Show a version: since when it is in force, what it changed, its document; then all versions and what waits."""

    async def work(services: Services) -> tuple[list[PlanVersion], list[ScheduledPlan]]:
        return await services.plans.all(), await services.plans.scheduled()

    versions, waiting = with_services(work)
    chosen = _chosen(versions, version)
    payload = {
        "shown": _version(chosen) | {"in_force": chosen == _in_force(versions), "changes": _changes(versions, chosen)},
        "plans": [_version(each) for each in versions],
        "scheduled": [_waiting(each) for each in waiting],
    }
    say("\n".join(_page(versions, waiting, chosen)), payload, as_json=as_json)


def _chosen(versions: Sequence[PlanVersion], number: int | None) -> PlanVersion:
    if number is None:
        return _in_force(versions)
    found = next((each for each in versions if each.version == number), None)
    if found is None:
        raise InvalidInput("version", f"There is no version {number}; the newest is {versions[-1].version}.")
    return found


def _in_force(versions: Sequence[PlanVersion]) -> PlanVersion:
    return list(PlanHistory(versions))[-1]


def _changes(versions: Sequence[PlanVersion], chosen: PlanVersion) -> list[dict[str, Any]]:
    """Setting by setting against the version before; the first version changed nothing."""
    before = next((each for each in versions if each.version == chosen.version - 1), chosen)
    return [
        {"setting": change.setting, "old": change.old, "new": change.new}
        for change in changes(before.plan, chosen.plan)
    ]


def _page(versions: Sequence[PlanVersion], waiting: Sequence[ScheduledPlan], chosen: PlanVersion) -> list[str]:
    now = " and is in force now" if chosen == _in_force(versions) else ""
    since = "is published and not numbered yet" if chosen.seq is None else f"governs from seq {chosen.seq} on{now}"
    lines = [f"Version {chosen.version}, {chosen.plan.name!r}, {since}.", ""]
    changed = [f"  {c['setting']}: {_value(c['old'])} → {_value(c['new'])}" for c in _changes(versions, chosen)]
    if chosen.version > 1:
        lines += [f"Changed against version {chosen.version - 1}:", *(changed or ["  nothing"]), ""]
    lines += [chosen.document.rstrip(), "", "All versions:"]
    lines += [
        f"  v{each.version}  from seq {'?' if each.seq is None else each.seq}  {each.plan.name}" for each in versions
    ]
    if waiting:
        lines += ["", "Scheduled:", *(f"  {each.id}  at {shown(each.at)}  {each.plan.name}" for each in waiting)]
    return lines


def _value(value: object) -> str:
    return "not set" if value is None else orjson.dumps(value).decode()


def _version(version: PlanVersion) -> dict[str, Any]:
    document = orjson.loads(version.document)
    return {"version": version.version, "seq": version.seq, "name": version.plan.name, "document": document}


def _waiting(plan: ScheduledPlan) -> dict[str, Any]:
    return {"id": plan.id, "name": plan.plan.name, "at": shown(plan.at), "state": plan.state}
