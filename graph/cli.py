"""`threefold`: the command line, assembled from `graph/commands/`."""

from __future__ import annotations

from importlib.metadata import version as distribution_version
from typing import Annotated

import typer

from graph.commands import (
    audit,
    data,
    dead_letters,
    desk,
    keys,
    payouts,
    pii_keys,
    plans,
    privacy,
    roles,
    status,
    tokens,
    up,
)
from graph.commands.console import named_failures
from graph.commands.doctor import doctor
from graph.commands.explain import explain
from graph.commands.schema import schema
from graph.commands.trust import trust
from graph.commands.verify import verify

app = typer.Typer(
    name="threefold",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Referral networks in Neo4j, rewards paid exactly once, answers over GraphQL.",
)


def _print_version(asked: bool) -> None:  # noqa: FBT001  typer's way to call
    if asked:
        typer.echo(f"threefold {distribution_version('threefold')}")
        raise typer.Exit


@app.callback()
def options(
    *,
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_print_version, help="Print the version and exit.")
    ] = False,
) -> None:
    """Options that need no command."""


LOCAL, ROLES, ACCESS, PRIVACY = "This machine", "Roles", "Access", "Privacy"
FACTS, DESK = "Facts and money", "Settlement desk"

app.command(rich_help_panel=LOCAL)(up.up)
app.command(rich_help_panel=LOCAL)(status.down)
app.command(rich_help_panel=LOCAL)(status.status)
app.command(rich_help_panel=LOCAL)(doctor)
app.command(rich_help_panel=ROLES)(roles.serve)
app.command(rich_help_panel=ROLES)(roles.relay)
app.command(rich_help_panel=ROLES)(roles.worker)
app.command(rich_help_panel=ROLES)(roles.migrate)
app.add_typer(tokens.app, name="token", rich_help_panel=ACCESS)
app.add_typer(keys.app, name="api-key", rich_help_panel=ACCESS)
app.command("import", rich_help_panel=FACTS)(data.import_)
app.command(rich_help_panel=FACTS)(data.drain)
app.command(rich_help_panel=FACTS)(data.export)
app.command(rich_help_panel=FACTS)(data.settle)
app.command(rich_help_panel=FACTS)(explain)
app.command(rich_help_panel=FACTS)(verify)
app.add_typer(dead_letters.app, name="dead-letters", rich_help_panel=FACTS)
app.command(rich_help_panel=FACTS)(data.seed)
app.add_typer(plans.app, name="plan", rich_help_panel=FACTS)
app.add_typer(audit.app, name="audit", rich_help_panel=FACTS)
app.command(rich_help_panel=FACTS)(schema)
app.command(rich_help_panel=FACTS)(trust)

for command in (desk.hold, desk.release, desk.withdraw, desk.adjust, desk.approve, desk.reject):
    app.command(rich_help_panel=DESK)(command)
app.command("month-end", rich_help_panel=DESK)(desk.month_end)
app.add_typer(payouts.app, name="payout", rich_help_panel=DESK)

app.command(rich_help_panel=PRIVACY)(privacy.erase)
app.add_typer(pii_keys.app, name="pii-key", rich_help_panel=PRIVACY)


def main() -> None:
    """The entry point of the console script."""
    with named_failures():
        app()
