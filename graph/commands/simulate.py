"""`threefold plan simulate`: what another plan would have paid, and nothing written."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from graph.commands.console import AsJson, errors, progress_bar, say, with_services
from graph.commands.plan_files import PlanName, plan_document
from graph.errors import InvalidInput
from graph.exchange.tables import write_rows
from graph.money import BASIS_POINTS, formatted
from graph.simulation.files import FileHistory
from graph.simulation.simulating import Simulated, StoredHistory, Wish, simulate_files
from graph.times import parse_time
from seeds import plans as presets

if TYPE_CHECKING:
    from datetime import datetime

    from graph.simulation.comparison import Change, Spread
    from graph.wiring import Services

InputFile = Annotated[Path | None, typer.Option(exists=True, dir_okay=False, readable=True)]
COLUMNS = {
    "member_id": str,
    "rule": str,
    "currency": str,
    "now_minor": int,
    "then_minor": int,
    "difference_minor": int,
}
ROWS_AT_ONCE = 10_000


def simulate(  # noqa: PLR0913, PLR0917  the options of a command
    plan: PlanName,
    since: Annotated[
        str | None, typer.Option("--from", help="The seq or moment from which it is in force; the first fact if not.")
    ] = None,
    members: InputFile = None,
    orders: InputFile = None,
    refunds: InputFile = None,
    against: Annotated[
        str | None, typer.Option(help="With files: the plan to compare with; the default preset if not given.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", dir_okay=False, help="Every difference, as CSV or Parquet.")
    ] = None,
    *,
    close_months: Annotated[
        bool, typer.Option("--close-months", help="Close every open month after the last fact: monthly tiers pay.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Replay the stored history, or files, under another plan and show who would get what. Writes nothing."""
    document = plan_document(plan)
    from_files = orders is not None and members is not None
    if not from_files and (orders or members or refunds or against):
        raise typer.BadParameter("A simulation of files needs --members and --orders.")
    if orders is not None and members is not None:
        simulated = _of_files(document, since, FileHistory.read(members, orders, refunds), against, close_months)
    else:
        simulated = _of_store(document, since, close_months)
    if output is not None:
        _write(simulated, output)
    say(_text(simulated), _payload(simulated), as_json=as_json)


def _of_store(document: str, since: str | None, close_months: bool) -> Simulated:  # noqa: FBT001
    async def work(services: Services) -> Simulated:
        seq, moment = _begin(since)
        if moment is not None:
            seq = _found(await services.history.first_since(moment), since)
        stored = StoredHistory(services.log, services.history, services.plans, services.refunds)
        with progress_bar() as report:
            return await stored.simulate(Wish(document, seq, close_months), report)

    return with_services(work)


def _of_files(
    document: str,
    since: str | None,
    history: FileHistory,
    against: str | None,
    close_months: bool,  # noqa: FBT001
) -> Simulated:
    if history.rejected:
        why = ", ".join(f"{count} {code}" for code, count in sorted(history.rejected.items()))
        errors.print(f"{history.rejected.total()} rows that an import would reject are left out: {why}.", markup=False)
    seq, moment = _begin(since)
    if moment is not None:
        seq = _found(history.first_since(moment), since)
    other = plan_document(against or presets.DEFAULT)
    with progress_bar() as report:
        return asyncio.run(simulate_files(history, Wish(document, seq, close_months), other, report))


def _begin(since: str | None) -> tuple[int, datetime | None]:
    """The seq or the moment that was asked for."""
    if since is None or (since.isascii() and since.isdigit()):
        return int(since or 0), None
    return 0, parse_time(since if "T" in since else f"{since}T00:00:00Z", "--from")


def _found(seq: int | None, since: str | None) -> int:
    if seq is None:
        raise InvalidInput("--from", f"No order was completed at {since} or later.", code="BAD_DATE")
    return seq


def _write(simulated: Simulated, output: Path) -> None:
    form = "parquet" if output.suffix == ".parquet" else "csv"
    rows = list(simulated.comparison.rows())
    with write_rows(output, COLUMNS, form) as append:
        for first in range(0, len(rows), ROWS_AT_ONCE):
            append(rows[first : first + ROWS_AT_ONCE])


def _payload(simulated: Simulated) -> dict[str, Any]:
    sales = simulated.sales
    return {
        "orders": len(sales),
        "sales_minor": dict(sales.net_minor),
        "totals": [
            _change("rule", change)
            | {
                "now_share_bp": _share_bp(change.now_minor, sales.net_minor[change.currency]),
                "then_share_bp": _share_bp(change.then_minor, sales.net_minor[change.currency]),
            }
            for change in simulated.comparison.totals()
        ],
        "members": [
            asdict(spread)
            | {
                "most_gained": [_change("member_id", change) for change in spread.most_gained],
                "most_lost": [_change("member_id", change) for change in spread.most_lost],
            }
            for spread in simulated.comparison.spreads()
        ],
        "overpaid_orders": simulated.overpaid_orders,
        "worst_orders": [asdict(order) | {"share_bp": order.share_bp} for order in simulated.worst_orders],
        "unapplied": simulated.unapplied,
        "open_months": simulated.open_months,
    }


def _change(kind: str, change: Change) -> dict[str, Any]:
    return {
        kind: change.name,
        "currency": change.currency,
        "now_minor": change.now_minor,
        "then_minor": change.then_minor,
        "difference_minor": change.difference_minor,
    }


def _share_bp(minor: int, sales_minor: int) -> int | None:
    return minor * BASIS_POINTS // sales_minor if sales_minor else None


def _text(simulated: Simulated) -> str:
    sales, lines = simulated.sales, []
    sums = ", ".join(formatted(minor, currency) for currency, minor in sorted(sales.net_minor.items()))
    lines.append(f"{len(sales)} orders, sales of {sums or 'nothing'} after refunds. Nothing was written.")
    lines.append(f"{'':14}{'now':>22}{'then':>22}{'difference':>22}{'of sales':>20}")
    for total in simulated.comparison.totals():
        shown = (total.now_minor, total.then_minor, total.difference_minor)
        amounts = "".join(f"{formatted(minor, total.currency):>22}" for minor in shown)
        of_sales = sales.net_minor[total.currency]
        shares = " → ".join(_percent(_share_bp(minor, of_sales)) for minor in shown[:2])
        lines.append(f"{total.name:14}{amounts}{shares:>20}")
    for spread in simulated.comparison.spreads():
        lines += _spread_lines(spread)
    lines.append(f"{simulated.overpaid_orders} orders would pay more than what is left of them.")
    for order in simulated.worst_orders:
        paid, net = formatted(order.paid_minor, order.currency), formatted(order.net_minor, order.currency)
        lines.append(f"  {order.order_id}: {paid} of {net}, {_percent(order.share_bp)}")
    if simulated.unapplied:
        lines.append(f"{simulated.unapplied} facts are not applied yet: what is paid now may lack some rewards.")
    if simulated.open_months:
        months = ", ".join(simulated.open_months)
        lines.append(f"Not closed, so without monthly tiers: {months}. See --close-months.")
    return "\n".join(lines)


def _spread_lines(spread: Spread) -> list[str]:
    lines = [
        f"{spread.currency}: {spread.gain} members gain, {spread.lose} lose, {spread.same} get the same.",
        f"{spread.nothing_any_more} get nothing any more, {spread.first_time} something for the first time.",
    ]
    for title, changes in (("gain", spread.most_gained), ("lose", spread.most_lost)):
        if changes:
            lines.append(f"Who would {title} most:")
            lines += [f"  {_change_text(change)}" for change in changes]
    return lines


def _change_text(change: Change) -> str:
    now, then, difference = (
        formatted(minor, change.currency) for minor in (change.now_minor, change.then_minor, change.difference_minor)
    )
    return f"{change.name}: {now} → {then} ({difference})"


def _percent(share_bp: int | None) -> str:
    return "-" if share_bp is None else f"{share_bp // 100}.{share_bp % 100:02d} %"
