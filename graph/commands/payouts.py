"""Payout batches: run, list, export, confirm, fail."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  typer reads the annotations
from typing import TYPE_CHECKING, Annotated, Any

import typer

from graph.commands.console import AsJson, say, with_services
from graph.commands.desk import Actor, Reason, payout_payload
from graph.exchange.payout_file import write_payouts
from graph.money import amount_minor, formatted
from graph.times import parse_time, shown

if TYPE_CHECKING:
    from graph.payouts import Payout, PayoutBatch
    from graph.wiring import Services

app = typer.Typer(no_args_is_help=True, help="Pay out what is available, in batches.")

BatchId = Annotated[str, typer.Argument(help="The batch; a withdrawal is a batch of its own.")]
LAST = ("9999", "")


@app.command()
def run(
    key: Annotated[str, typer.Option(help="Idempotency key: run again with it, a batch that was killed goes on.")],
    actor: Actor,
    currency: Annotated[str | None, typer.Option(help="Only this currency; if left out, each of its own.")] = None,
    minimum: Annotated[str, typer.Option(help="The least balance that is paid, in minor units.")] = "1",
    as_of: Annotated[str | None, typer.Option(help="The moment that dates the entries; now if left out.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Pay every member all that they have available, once a key."""
    moment = parse_time(as_of, "as_of") if as_of else None
    least = amount_minor(minimum)
    batch = with_services(lambda services: services.desk.batches.run(key, actor, currency, least, moment))
    _say_batch(batch, as_json=as_json)


@app.command("list")
def list_(
    batch: Annotated[str | None, typer.Option(help="Only those of this batch, by member.")] = None,
    member: Annotated[str | None, typer.Option(help="Only this member's.")] = None,
    count: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many.")] = 100,
    *,
    as_json: AsJson = False,
) -> None:
    """List payouts, newest first."""

    async def work(services: Services) -> list[Payout]:
        payouts = services.desk.payouts
        if batch is not None:
            await payouts.batch(batch)
            return await payouts.of_batch(batch, ("", ""), count)
        if member is not None:
            return await payouts.of_member(member, LAST, count)
        return await payouts.page(LAST, count)

    found = with_services(work)
    lines = [
        f"{shown(p.at)}  {p.payout_id}  {p.member_id}  {formatted(p.amount_minor, p.currency)}  {p.status}"
        for p in found
    ]
    payload = {"payouts": [payout_payload(payout) for payout in found]}
    say("\n".join(lines) or "There are no payouts.", payload, as_json=as_json)


@app.command()
def export(
    batch: BatchId,
    output: Annotated[Path, typer.Option("--output", "-o", dir_okay=False, help="The file to write.")],
    actor: Actor,
    form: Annotated[
        str | None, typer.Option("--format", help="csv or parquet; if not given, by the file's name.")
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Write the file for the bank. The batch counts as exported from then on; it may be exported again."""
    form = form or ("parquet" if output.suffix == ".parquet" else "csv")
    if form not in {"csv", "parquet"}:
        raise typer.BadParameter(f"There is no format {form!r}; there are csv and parquet.")

    async def work(services: Services) -> int:
        await services.desk.batches.mark_exported(batch, actor)
        return await write_payouts(services.desk.payouts, batch, output, form)

    rows = with_services(work)
    say(f"{rows} payouts written to {output}.", {"rows": rows, "file": str(output)}, as_json=as_json)


@app.command()
def confirm(batch: BatchId, actor: Actor, *, as_json: AsJson = False) -> None:
    """Note that the bank has paid an exported batch."""
    _say_batch(with_services(lambda services: services.desk.batches.confirm(batch, actor)), as_json=as_json)


@app.command()
def fail(
    payout: Annotated[str, typer.Argument(help="The payout.")],
    reason: Reason,
    actor: Actor,
    *,
    as_json: AsJson = False,
) -> None:
    """Bring the money of one payout back that the bank refused."""
    failed = with_services(lambda services: services.desk.batches.fail(payout, actor, reason))
    text = f"{formatted(failed.amount_minor, failed.currency)} of {failed.member_id} is available again."
    say(text, payout_payload(failed), as_json=as_json)


def _say_batch(batch: PayoutBatch, *, as_json: bool) -> None:
    sums = ", ".join(f"{s.payouts} of {formatted(s.amount_minor, s.currency)} in all" for s in batch.sums)
    payload: dict[str, Any] = {
        "batch_id": batch.batch_id,
        "key": batch.idempotency_key,
        "status": batch.status,
        "at": shown(batch.at),
        "sums": [
            {"currency": s.currency, "payouts": s.payouts, "amount_minor": s.amount_minor, "failed": s.failed}
            for s in batch.sums
        ],
    }
    say(f"Batch {batch.batch_id} is {batch.status}: {sums or 'nothing to pay'}.", payload, as_json=as_json)
