"""Facts in and tables out: import, drain, export, seed, settle."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graph.commands.console import (
    FAILED,
    OK,
    AsJson,
    errors,
    progress_bar,
    say,
    with_services,
)
from graph.engine import progress as engine_progress
from graph.exchange.exporting import EXPORTS
from graph.exchange.exporting import export as export_table
from graph.exchange.importing import Import, Imported, refuse_unreadable
from graph.exchange.rejects import Rejects
from graph.money import formatted
from graph.times import parse_time

if TYPE_CHECKING:
    from graph.engine.progress import Progress
    from graph.ledger import Settled
    from graph.wiring import Services

InputFile = Annotated[Path | None, typer.Option(exists=True, dir_okay=False, readable=True)]


def import_(  # noqa: PLR0913  one option a kind of file
    members: InputFile = None,
    identifiers: InputFile = None,
    orders: InputFile = None,
    refunds: InputFile = None,
    rejected: Annotated[Path, typer.Option(help="Where rejected rows go, each with its reason.")] = Path(
        "rejected.csv"
    ),
    *,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 1 if any row was rejected.")] = False,
    as_json: AsJson = False,
) -> None:
    """Accept members, identifiers, orders and refunds from CSV or Parquet. Importing a file again changes nothing."""
    if members is identifiers is orders is refunds is None:
        raise typer.BadParameter("Name at least one of --members, --identifiers, --orders and --refunds.")
    rejects = Rejects(rejected)
    refuse_unreadable(members, identifiers, orders, refunds)
    imported: dict[str, Imported] = {}

    async def work(services: Services) -> None:
        rejects.begin()
        with progress_bar() as report:
            files = Import(services, rejects, report)
            if members is not None:
                imported["members"] = await files.import_members(members)
            if identifiers is not None:
                imported["identifiers"] = await files.import_identifiers(identifiers)
            if orders is not None:
                imported["orders"] = await files.import_orders(orders)
            if refunds is not None:
                imported["refunds"] = await files.import_refunds(refunds)

    with_services(work)
    _say_imported(imported, rejects, as_json=as_json)
    raise typer.Exit(FAILED if strict and rejects.count else OK)


def _say_imported(imported: dict[str, Imported], rejects: Rejects, *, as_json: bool) -> None:
    parts = [
        f"{count.accepted} {name} accepted in {count.seconds:.1f} s: {count.new} new, {count.known} known before"
        for name, count in imported.items()
    ]
    parked = sum(count.parked for count in imported.values())
    if parked:
        parts.append(f"{parked} of the refunds are parked until their orders are completed")
    if rejects.count:
        why = ", ".join(f"{count} {code}" for code, count in sorted(rejects.by_code.items()))
        parts.append(f"{rejects.count} rows rejected ({why}): see {rejects.file}")
    payload = {
        "accepted": {name: count.accepted for name, count in imported.items()},
        "new": {name: count.new for name, count in imported.items()},
        "seconds": {name: count.seconds for name, count in imported.items()},
        "parked": parked,
        "rejected": rejects.count,
        "reasons": rejects.by_code,
    }
    say("; ".join(parts) + ".", payload, as_json=as_json)


def drain(
    stall: Annotated[float, typer.Option(help="Give up after so many seconds without progress.")] = 60.0,
    *,
    as_json: AsJson = False,
) -> None:
    """Wait until every accepted fact has been applied everywhere. Exit 1 on dead letters or a stall."""

    async def work(services: Services) -> tuple[Progress, int]:
        with progress_bar() as report:

            def show(progress: Progress) -> None:
                report("applied", progress.applied, progress.numbered + progress.waiting)

            progress = await engine_progress.drain(services.log, show, stall)
        return progress, len(await services.dead_letters.all())

    progress, dead = with_services(work)
    payload = {
        "done": progress.done and not dead,
        "waiting": progress.waiting,
        "numbered": progress.numbered,
        "applied": progress.applied,
        "dead_letters": dead,
    }
    text = f"{progress.applied} of {progress.numbered + progress.waiting} facts applied."
    if dead:
        text += f" {dead} dead letter(s) wait: see `threefold dead-letters`."
    elif not progress.done:
        text += (
            " Nothing moves: are a relay and a worker running (`threefold up`)? Their logs tell what they try again."
        )
    say(text, payload, as_json=as_json)
    raise typer.Exit(OK if payload["done"] else FAILED)


def export(
    name: Annotated[str, typer.Argument(help="One of: " + ", ".join(EXPORTS))],
    output: Annotated[Path, typer.Option("--output", "-o", dir_okay=False, help="The file to write.")],
    form: Annotated[
        str | None, typer.Option("--format", help="csv or parquet; if not given, by the file's name.")
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Write a whole table to a file, in an order that depends on the facts alone."""
    if name not in EXPORTS:
        raise typer.BadParameter(f"There is no export {name!r}; there are {', '.join(EXPORTS)}.")
    form = form or ("parquet" if output.suffix == ".parquet" else "csv")
    if output.exists() and not output.is_file():
        raise typer.BadParameter(f"{output} is no ordinary file.")
    if form not in {"csv", "parquet"}:
        raise typer.BadParameter(f"There is no format {form!r}; there are csv and parquet.")

    async def work(services: Services) -> int:
        return await export_table(services, name, output, form)

    rows = with_services(work)
    say(f"{rows} rows of {name} written to {output}.", {"rows": rows, "file": str(output)}, as_json=as_json)


def settle(
    as_of: Annotated[str | None, typer.Option(help="Settle what is due at this moment; now if left out.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Make every reward available whose hold has passed."""
    moment = parse_time(as_of, "as_of") if as_of else datetime.now(UTC)

    async def work(services: Services) -> Settled:
        return await services.ledger.settle(moment)

    settled = with_services(work)
    total = ", ".join(formatted(minor, code) for code, minor in sorted(settled.amount_minor.items())) or "nothing"
    say(
        f"{settled.rewards.total()} rewards settled: {total}.",
        {"settled": settled.rewards.total(), "amount_minor": settled.amount_minor},
        as_json=as_json,
    )


def seed(
    members: Annotated[int, typer.Option(min=1, help="How many members.")],
    orders: Annotated[int, typer.Option(min=0, help="How many orders.")],
    refunds: Annotated[int, typer.Option(min=0, help="How many refunds; without any there is no refunds.csv.")] = 0,
    seed_: Annotated[int, typer.Option("--seed", help="The same seed gives the same files.")] = 1,
    output: Annotated[Path, typer.Option("--output", "-o", file_okay=False, help="The folder to write to.")] = Path(
        "seeded"
    ),
    *,
    as_json: AsJson = False,
) -> None:
    """Write members.csv, orders.csv and refunds.csv of a made-up network: heavy-tailed, seeded, ready to import."""
    from seeds.generator import write_network  # noqa: PLC0415  only this command needs it

    if refunds and not orders:
        raise typer.BadParameter("There is nothing to refund without --orders.")
    output.mkdir(parents=True, exist_ok=True)
    write_network(output, members, orders, seed_, refunds)
    also = f" --refunds {output}/refunds.csv" if refunds else ""
    errors.print(f"threefold import --members {output}/members.csv --orders {output}/orders.csv{also}", markup=False)
    say(
        f"{members} members, {orders} orders and {refunds} refunds written to {output}.",
        {"folder": str(output), "members": members, "orders": orders, "refunds": refunds, "seed": seed_},
        as_json=as_json,
    )
