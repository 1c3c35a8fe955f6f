"""A small audit trail for tests: two chains, of entries and actions, written as a worker writes them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from graph.audit import Action
from graph.ledger import Account, Entry
from graph.members import MemberId
from graph.store import audit
from graph.store.queries import parse
from graph.times import stored
from graph.verification.audit import verify_audit
from graph.verification.audit_trail import AuditTrail
from graph.verification.checkpoints import CheckpointFile

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from graph.store.database import Transaction
    from graph.wiring import Services

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
WRITE = parse(
    "test/write",
    """// Entries, each of a reward of its own.
// access  write
// param   rows  list[map]
UNWIND $rows AS row
CREATE (entry:Entry)-[:OF]->(:Reward {id: row.reward_id})
SET entry = row.entry
""",
)


def entry(number: int) -> Entry:
    """An entry that differs from every other in each of its fields but the accounts."""
    return Entry(
        reward_id=f"reward-{number}",
        cause=f"completion:o{number}",
        beneficiary_id=MemberId(f"m{number}"),
        debit=Account.COMPANY_REWARDS,
        credit=Account.PENDING,
        amount_minor=1000 + number,
        currency="CNY" if number % 2 else "USD",
        at=NOON.replace(minute=number % 60, microsecond=number),
    )


def action(number: int) -> Action:
    return Action("hold.placed", f"reward-{number}", "ada", NOON, {"reason": f"no. {number}", "amount_minor": number})


async def record(services: Services, chain: str, entries: Sequence[Entry], actions: Sequence[Action] = ()) -> str:
    """One transaction that writes entries and actions; the id of its link."""

    async def work(tx: Transaction) -> str:
        draft = await audit.begin(tx, chain)
        await tx.run(WRITE, rows=[_row(each, draft.link_id) for each in entries])
        await draft.seal(tx, "worker", NOON, entries, actions)
        return draft.link_id

    return await services.database.write(work)


def _row(each: Entry, link: str | None) -> dict[str, object]:
    properties = {
        "id": each.entry_id,
        "cause": each.cause,
        "beneficiary_id": each.beneficiary_id,
        "debit": each.debit,
        "credit": each.credit,
        "amount_minor": each.amount_minor,
        "currency": each.currency,
        "at": stored(each.at),
        "link": link,
    }
    return {"reward_id": each.reward_id, "entry": properties}


async def unrecorded(services: Services, entries: Sequence[Entry]) -> None:
    """Entries as they were written before there was an audit."""
    await services.database.write(lambda tx: tx.run(WRITE, rows=[_row(each, None) for each in entries]))


async def a_trail(services: Services, folder: Path) -> Services:
    """Services whose checkpoints go to a folder, over chains `p0` (5 links) and `p1` (2 links).

    Link n of p0 has the entries 3n, 3n+1, 3n+2 and the actions n and n + 100; links of p1 one entry each, 201 and 202.
    """
    trail = AuditTrail(services.audit.store, CheckpointFile(folder / "checkpoints.jsonl", folder / "key.pem"))
    services = replace(services, audit=trail)
    for n in range(1, 6):
        await record(services, "p0", [entry(3 * n), entry(3 * n + 1), entry(3 * n + 2)], [action(n), action(n + 100)])
    for n in (201, 202):
        await record(services, "p1", [entry(n)])
    return services


async def found(services: Services, public_key: Path | None = None) -> set[tuple[str, str]]:
    """What the verifier finds: code and place."""
    findings = await verify_audit(services, lambda what, done, total: None, public_key)
    return {(finding.code.value, finding.place) for finding in findings}
