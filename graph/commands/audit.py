"""The audit trail: sign where it stands, verify it, hand it out."""

from __future__ import annotations

import asyncio
import getpass
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graph.commands.console import FAILED, OK, AsJson, progress_bar, read_settings, say, with_services
from graph.commands.desk import Actor  # noqa: TC001  typer reads it
from graph.errors import InvalidInput
from graph.verification.audit import verify, verify_audit
from graph.verification.audit_files import FileEvidence, export_audit
from graph.verification.checkpoints import read_lines, read_public_key
from graph.wiring import checkpoint_file

if TYPE_CHECKING:
    from graph.verification.checkpoints import Checkpoint
    from graph.verification.findings import Finding
    from graph.wiring import Services

app = typer.Typer(no_args_is_help=True, help="Sign, verify and export the audit trail.")

PublicKey = Annotated[
    Path | None, typer.Option("--public-key", exists=True, dir_okay=False, help="A copy that was kept elsewhere.")
]


@app.command()
def checkpoint(*, as_json: AsJson = False) -> None:
    """Sign where all chains end now, in a file outside the database. Keep its number and hash elsewhere too."""

    async def work(services: Services) -> Checkpoint | None:
        return await services.audit.checkpoint()

    made = with_services(work)
    if made is None:
        say("Nothing has been recorded yet.", {"checkpoint": None}, as_json=as_json)
        return
    payload = {"number": made.number, "at": made.at, "hash": made.hash, "chains": len(made.heads)}
    text = f"Checkpoint {made.number} of {made.at}, {len(made.heads)} chain(s): {made.hash}"
    say(text, {"checkpoint": payload}, as_json=as_json)


@app.command()
def restored(
    reason: Annotated[str, typer.Option(help="Why an older copy of the database was put back: 1 to 200 characters.")],
    actor: Actor,
    *,
    as_json: AsJson = False,
) -> None:
    """Declare that an older backup was restored, so that what it lacks is no finding any more. Signed, for good."""
    made = with_services(lambda services: services.audit.restored(actor, reason))
    say(_declared(made), {"checkpoint": asdict(made)}, as_json=as_json)


@app.command("verify")
def verify_(
    public_key: PublicKey = None,
    folder: Annotated[
        Path | None, typer.Option("--from", exists=True, file_okay=False, help="Verify an export instead.")
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Look for records and links that were edited, removed, swapped or inserted. Exit 1 if there are any."""
    with progress_bar() as report:
        if folder is None:
            found = with_services(lambda services: verify_audit(services, report, public_key))
            file = checkpoint_file(read_settings()).path
        elif public_key is None:
            raise InvalidInput("public_key", "An export is verified against a --public-key.", code="BAD_SETTING")
        else:
            key, file = read_public_key(public_key), folder / "checkpoints.jsonl"
            found = asyncio.run(verify(FileEvidence(folder), file, key, report))
    _say_found(found, [made for _, made in read_lines(file) if made and made.restoration], as_json=as_json)
    raise typer.Exit(FAILED if found else OK)


@app.command()
def export(
    output: Annotated[Path, typer.Option("--output", "-o", file_okay=False, help="The folder to write to.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Write the whole trail as files, from which `audit verify --from` can judge it without the database."""
    counts = with_services(lambda services: export_audit(services.audit, output))
    text = ", ".join(f"{count} {name}" for name, count in counts.items())
    say(f"{text} written to {output}.", {"folder": str(output), **counts}, as_json=as_json)


@app.command()
def seal(*, as_json: AsJson = False) -> None:
    """Seal entries that belong to no link; `migrate` does it once, this is for one that was cut off."""
    count = with_services(lambda services: services.audit.seal(getpass.getuser()))
    say(f"{count} entries sealed.", {"sealed": count}, as_json=as_json)


def _say_found(found: list[Finding], restored: list[Checkpoint], *, as_json: bool) -> None:
    lines = [f"{finding.code}  {finding.place}  {finding.message}" for finding in found]
    lines += map(_declared, restored)
    lines.append(f"{len(found)} finding(s)." if found else "The audit trail is whole.")
    payload = {
        "ok": not found,
        "findings": [asdict(finding) for finding in found],
        "restored": [asdict(each) for each in restored],
    }
    say("\n".join(lines), payload, as_json=as_json)


def _declared(made: Checkpoint) -> str:
    said = made.restoration
    if said is None:
        return ""
    kept = ", ".join(f"{chain} {number}" for chain, number in sorted(said.kept.items()))
    return (
        f"Checkpoint {made.number} of {made.at}: {said.actor} put an older copy of the database back "
        f"({said.reason}). Of what had been signed, it has: {kept}."
    )
