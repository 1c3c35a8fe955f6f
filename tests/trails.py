"""A small audit trail for tests: two chains, of entries and actions, written as a worker writes them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from graph.audit import FIRST, LEAF_BYTES, Action, Link, link_id, merkle_root, parts
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


async def three_checkpoints(store: Services, folder: Path) -> tuple[Services, Path]:
    """The trail with checkpoints at p0/5, p0/6 and p0/7, and their file."""
    services = await a_trail(store, folder)
    await services.audit.checkpoint()
    for number in (300, 301):
        await record(services, "p0", [entry(number)])
        await services.audit.checkpoint()
    return services, folder / "checkpoints.jsonl"


def edit(file: Path, line: int, **changes: object) -> None:
    lines = file.read_text().splitlines()
    lines[line] = json.dumps(json.loads(lines[line]) | changes)
    file.write_text("\n".join(lines) + "\n")


async def rewrite(services: Services, first: int) -> None:
    """Everything that somebody who can write to the database, and has not the key, can do: chain p0 made anew."""
    previous = FIRST
    async for page in services.audit.store.links():
        for row in sorted((row for row in page if row["chain"] == "p0"), key=lambda row: int(row["number"])):
            leaves = row["leaves"]
            if row["number"] == first:
                leaves = bytes(LEAF_BYTES) + leaves[LEAF_BYTES:]
            root = merkle_root(list(parts(leaves, LEAF_BYTES))).hex()
            link = Link("p0", row["number"], previous, root, row["keys"], leaves, row["at"], row["actor"])
            async with services.database.driver.session() as session:
                await session.run(
                    "MATCH (l:AuditLink {id: $id}), (c:AuditChain {name: 'p0'}) "
                    "SET l.previous = $previous, l.root = $root, l.leaves = $leaves, l.hash = $hash, c.hash = $hash",
                    id=link_id("p0", row["number"]),
                    previous=previous,
                    root=root,
                    leaves=leaves,
                    hash=link.hash,
                )
            previous = link.hash


async def cut_off(services: Services) -> None:
    """The links p0/6 and p0/7 with their entries, as if the database were an older copy."""
    await services.database.schema(
        "MATCH (l:AuditLink {id: 'p0/6'}), (m:AuditLink {id: 'p0/7'}), (c:AuditChain {name: 'p0'}) "
        "SET c.number = 5, c.hash = l.previous WITH l, m MATCH (e:Entry) WHERE e.link IN [l.id, m.id] "
        "DETACH DELETE e, l, m"
    )
