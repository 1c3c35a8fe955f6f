"""`threefold verify`: is everything that was paid what the facts say?"""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from graph.commands.console import FAILED, OK, AsJson, progress_bar, say, with_services
from graph.verification.mismatches import SUBJECTS, Check
from graph.verification.verifying import verify as verify_store

if TYPE_CHECKING:
    from graph.verification.mismatches import Result, Verdict
    from graph.wiring import Services


def verify(
    limit: Annotated[int, typer.Option(min=1, help="List at most so many mismatches of each check.")] = 100,
    *,
    audit: Annotated[bool, typer.Option("--audit", help="Verify the audit trail as well.")] = False,
    as_json: AsJson = False,
) -> None:
    """Recount everything from the facts, compare, and name each mismatch. Exit 1 if there is any."""
    began = time.monotonic()

    async def work(services: Services) -> Verdict:
        with progress_bar() as report:
            return await verify_store(services, report, limit, audit=audit)

    verdict = with_services(work)
    seconds = time.monotonic() - began
    say("\n".join(_lines(verdict, seconds)), _payload(verdict, seconds), as_json=as_json)
    raise typer.Exit(OK if verdict.clean else FAILED)


def _lines(verdict: Verdict, seconds: float) -> list[str]:
    lines = [_line(check, verdict.results[check]) for check in Check if check in verdict.results]
    lines += [f"{mismatch.code}  {mismatch.message}" for mismatch in verdict.listed()]
    unlisted = verdict.mismatches - len(verdict.listed())
    if unlisted:
        lines.append(f"{unlisted} more: see --limit.")
    outcome = "All agree." if verdict.clean else f"{verdict.mismatches} mismatches."
    counts = f"{verdict.orders} orders, {verdict.rewards} rewards, {verdict.entries} entries"
    return [*lines, f"{outcome} {counts}, up to fact {verdict.mark}, in {seconds:.1f} s."]


def _line(check: Check, result: Result) -> str:
    if result.skipped:
        outcome = f"not compared: {result.skipped}" + (f"; {result.mismatches} WRONG" if result.mismatches else "")
    else:
        outcome = f"{result.mismatches} WRONG" if result.mismatches else "OK"
    return f"{check.value:<10} {result.compared or '':>10} {SUBJECTS[check]:<20} {outcome}"


def _payload(verdict: Verdict, seconds: float) -> dict[str, Any]:
    return {
        "ok": verdict.clean,
        "checks": {
            check.value: {"compared": r.compared, "mismatches": r.mismatches, "skipped": r.skipped or None}
            for check, r in verdict.results.items()
        },
        "mismatches": [asdict(mismatch) | {"message": mismatch.message} for mismatch in verdict.listed()],
        "orders": verdict.orders,
        "rewards": verdict.rewards,
        "entries": verdict.entries,
        "mark": verdict.mark,
        "set_aside": verdict.set_aside,
        "seconds": round(seconds, 3),
    }
