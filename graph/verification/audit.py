"""Verifies the audit trail: records against links, links against chains, chains against signed checkpoints.

Nothing found means: of what the newest checkpoint has signed, nothing was edited, removed, swapped or inserted. What
came after it is chained, but whoever can write to the database could have chained it anew. A record that is *appended*
in due form breaks no chain: that it is undue, the recount shows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graph.verification.audit_checkpoints import Checkpoints
from graph.verification.audit_links import Links
from graph.verification.audit_records import Records
from graph.verification.checkpoints import read_lines, read_public_key
from graph.verification.findings import Code, Finding, Findings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    from graph.verification.evidence import Evidence
    from graph.wiring import Services

    Report = Callable[[str, int, int], None]
    """Is told what is read, how many so far, and how many there are (0 where nobody knows)."""

NAMELESS = {"Entry": Code.ENTRY_INSERTED, "AuditLink": Code.LINK_INSERTED, "AuditRecord": Code.RECORD_INSERTED}


async def verify_audit(services: Services, report: Report, public_key: Path | None = None) -> list[Finding]:
    """Everything wrong with the trail of the database; empty if it is whole. Work goes on meanwhile."""
    trail = services.audit
    path = public_key or trail.file.public_key_path
    key = read_public_key(path) if public_key or path.exists() else None
    return await verify(trail.store, trail.file.path, key, report)


async def verify(
    evidence: Evidence, checkpoint_file: Path, key: Ed25519PublicKey | None, report: Report
) -> list[Finding]:
    """Everything wrong with a trail, in a database or in files."""
    findings = Findings()
    noted = await evidence.noted()
    checkpoints = Checkpoints(findings, key, noted)
    checkpoints.read(read_lines(checkpoint_file))
    links = Links(_readable(await evidence.settled_heads()), findings)
    async for page in evidence.links():
        for row in page:
            links.read(row)
        report("links", len(links.held), 0)
    links.judge()
    checkpoints.judge(links)
    records = Records(links)
    await _read_records(evidence, records, report)
    await records.judge(evidence)
    heads = _readable(await evidence.settled_heads(again=True))
    links.judge_late(heads)
    await records.judge_strays(evidence, heads)
    for label, element in await evidence.nameless():
        findings.add(NAMELESS[label], f"-/{element}", "It has no id.")
    return findings.all()


async def _read_records(evidence: Evidence, records: Records, report: Report) -> None:
    count = 0
    async for page in evidence.entries():
        for row in page:
            records.read_entry(row)
        count += len(page)
        report("records", count, 0)
    async for page in evidence.records():
        for row in page:
            records.read_record(row)
        count += len(page)
        report("records", count, 0)


def _readable(heads: dict[str, Any]) -> dict[str, tuple[int, str]]:
    """The heads; one whose number is none ends at 0."""
    return {name: (number if type(number) is int else 0, str(of_link)) for name, (number, of_link) in heads.items()}
