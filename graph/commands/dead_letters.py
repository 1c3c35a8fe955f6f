"""Dead letters: scopes that could not be applied, looked at, tried again, or given up."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from graph.commands.console import AsJson, say, with_services
from graph.commands.desk import Actor, Reason  # noqa: TC001  typer reads the annotations
from graph.desk_errors import UnknownDeadLetter
from graph.engine.requeue import requeue as announce_again
from graph.times import shown

if TYPE_CHECKING:
    from graph.store.dead_letters import DeadLetter, UnappliedFact
    from graph.wiring import Services

app = typer.Typer(help="List the scopes that could not be applied, each with the reason; try them again.")

SHOWN = 1_000
"""Facts of one scope."""


@app.callback(invoke_without_command=True)
def dead_letters(
    context: typer.Context,
    *,
    retry: Annotated[bool, typer.Option("--retry", help="Announce them again, once the cause is mended.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the scopes that could not be applied, each with the reason."""
    if context.invoked_subcommand is None:
        _list(retry=retry, discarded=False, as_json=as_json)


@app.command("list")
def list_(
    *,
    discarded: Annotated[bool, typer.Option("--discarded", help="Also those that were discarded.")] = False,
    as_json: AsJson = False,
) -> None:
    """List them, oldest first, and how many facts of each wait."""
    _list(retry=False, discarded=discarded, as_json=as_json)


def _list(*, retry: bool, discarded: bool, as_json: bool) -> None:
    async def work(services: Services) -> list[DeadLetter]:
        store = services.dead_letters
        letters = await (store.with_discarded() if discarded else store.all())
        if retry:
            await announce_again(store, services.news, [letter.scope_id for letter in letters])
        return letters

    letters = with_services(work)
    lines = [_line(letter) for letter in letters]
    if retry:
        lines.append(f"{len(letters)} announced again: see `threefold drain`.")
    payload = {"dead_letters": [_payload(letter) for letter in letters], "retried": retry}
    say("\n".join(lines) or "There are no dead letters.", payload, as_json=as_json)


def _line(letter: DeadLetter) -> str:
    text = (
        f"{shown(letter.since)}  {letter.scope_id}  {letter.reason}"
        f"  ({letter.deliveries} deliveries, {letter.facts} facts wait)"
    )
    if letter.discarded_by is not None:
        text += f"  discarded by {letter.discarded_by}: {letter.discarded_reason}"
    return text


def _payload(letter: DeadLetter) -> dict[str, Any]:
    return asdict(letter) | {"since": shown(letter.since), "at": shown(letter.at)}


@app.command()
def show(scope: Annotated[str, typer.Argument(help="The scope.")], *, as_json: AsJson = False) -> None:
    """Show one, with the facts that it has not applied."""

    async def work(services: Services) -> tuple[DeadLetter, list[UnappliedFact]]:
        letters = [found for found in await services.dead_letters.with_discarded() if found.scope_id == scope]
        if not letters:
            raise UnknownDeadLetter(scope)
        return letters[0], await services.dead_letters.facts(scope, SHOWN)

    letter, facts = with_services(work)
    lines = [_line(letter)]
    lines += [f"  {fact.seq}  {fact.kind}  {fact.order_id or ''}  {fact.buyer_id or ''}".rstrip() for fact in facts]
    say("\n".join(lines), _payload(letter) | {"unapplied": [asdict(fact) for fact in facts]}, as_json=as_json)


@app.command()
def requeue(
    scopes: Annotated[list[str] | None, typer.Argument(help="The scopes.")] = None,
    *,
    all_: Annotated[bool, typer.Option("--all", help="All that wait; not those that were discarded.")] = False,
    as_json: AsJson = False,
) -> None:
    """Announce scopes again, once the cause is mended."""
    if bool(scopes) == all_:
        raise typer.BadParameter("Name scopes, or say --all.")

    async def work(services: Services) -> list[str]:
        store = services.dead_letters
        wanted = list(scopes or []) or [letter.scope_id for letter in await store.all()]
        await announce_again(store, services.news, wanted)
        return wanted

    wanted = with_services(work)
    text = f"{len(wanted)} announced again: see `threefold drain`."
    say(text, {"requeued": wanted}, as_json=as_json)


@app.command()
def discard(
    scope: Annotated[str, typer.Argument(help="The scope.")], reason: Reason, actor: Actor, *, as_json: AsJson = False
) -> None:
    """Wait for one no more. Its facts stay unapplied, and in the log, until it is requeued."""
    with_services(lambda services: services.dead_letters.discard(scope, actor, reason))
    say(
        f"The dead letter {scope} is discarded.",
        {"discarded": scope, "actor": actor, "reason": reason},
        as_json=as_json,
    )
