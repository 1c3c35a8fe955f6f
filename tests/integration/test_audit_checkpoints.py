"""What only a signature outside the database can show: a tail cut off, a chain made anew, an old file put back."""

from __future__ import annotations

import asyncio
import stat
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from commands import shell_at
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from trails import a_trail, cut_off, edit, entry, found, record, rewrite, three_checkpoints, unrecorded

from graph.errors import AuditBroken
from graph.verification.audit import verify
from graph.verification.audit_files import FileEvidence, export_audit
from graph.verification.checkpoints import CheckpointFile, parse_line, read_public_key

if TYPE_CHECKING:
    from pathlib import Path

    from graph.local.servers import Addresses
    from graph.wiring import Services

FORGED = {("CHECKPOINT_SIGNATURE", "checkpoint/2")}


async def test_checkpoints_of_a_whole_trail_find_nothing(store: Services, tmp_path: Path) -> None:
    services, file = await three_checkpoints(store, tmp_path)
    assert len(file.read_bytes().splitlines()) == 3
    assert await found(services) == set()


async def test_a_checkpoint_of_what_has_not_moved_is_the_one_before(store: Services, tmp_path: Path) -> None:
    services, file = await three_checkpoints(store, tmp_path)
    again = await services.audit.checkpoint()
    assert again
    assert again.number == 3
    assert len(file.read_bytes().splitlines()) == 3


async def test_nothing_is_signed_before_anything_is_recorded(store: Services) -> None:
    assert await store.audit.checkpoint() is None


async def test_checkpoints_at_once_are_one_chain(store: Services, tmp_path: Path) -> None:
    services = await a_trail(store, tmp_path)

    async def one(number: int) -> None:
        await record(services, "p0", [entry(number)])
        await services.audit.checkpoint()

    await asyncio.gather(*(one(number) for number in range(400, 410)))
    assert await found(services) == set()


async def test_the_private_key_is_its_owners_alone(store: Services, tmp_path: Path) -> None:
    await three_checkpoints(store, tmp_path)
    assert stat.S_IMODE((tmp_path / "key.pem").stat().st_mode) == 0o600


async def test_a_tail_cut_off_cleanly_is_found_by_a_checkpoint_and_by_nothing_else(
    store: Services, tmp_path: Path
) -> None:
    services, _ = await three_checkpoints(store, tmp_path)
    await cut_off(services)
    assert await found(services) == {("CHAIN_TRUNCATED", "p0/6")}
    with pytest.raises(AuditBroken, match="ends before"):
        await services.audit.checkpoint()
    nowhere = replace(services, audit=replace(services.audit, file=CheckpointFile(tmp_path / "no", tmp_path / "no")))
    assert {code for code, _ in await found(nowhere)} == {"CHECKPOINT_REMOVED"}


async def test_a_chain_made_anew_is_found_at_the_first_link_signed_after_the_change(
    store: Services, tmp_path: Path
) -> None:
    services, _ = await three_checkpoints(store, tmp_path)
    await rewrite(services, first=6)
    assert ("CHAIN_RECHAINED", "p0/6") in await found(services)
    assert {place for code, place in await found(services) if code.startswith("CHAIN")} == {"p0/6"}


async def test_a_whole_trail_deleted_is_found(store: Services, tmp_path: Path) -> None:
    services, _ = await three_checkpoints(store, tmp_path)
    await services.database.schema("MATCH (n:Entry|AuditLink|AuditRecord|AuditChain) DETACH DELETE n")
    assert await found(services) == {("CHAIN_TRUNCATED", "p0/5"), ("CHAIN_TRUNCATED", "p1/2")}


@pytest.mark.parametrize(
    "changes",
    [
        {"at": "2020-01-01T00:00:00.000000Z"},
        {"heads": {}},
        {"previous": "0" * 64},
        {"hash": "0" * 64},
        {"heads": {"p0": [6, "0" * 64]}},
        {"heads": "none"},
    ],
    ids=str,
)
async def test_an_edited_checkpoint_is_found(store: Services, tmp_path: Path, changes: dict[str, object]) -> None:
    services, file = await three_checkpoints(store, tmp_path)
    edit(file, 1, **changes)
    assert {("CHECKPOINT_EDITED", "checkpoint/2"), ("CHECKPOINT_EDITED", "checkpoint/line 2")} & await found(services)


async def test_a_checkpoint_signed_with_another_key_is_found(store: Services, tmp_path: Path) -> None:
    services, file = await three_checkpoints(store, tmp_path)
    line = parse_line(file.read_bytes().splitlines()[1])
    assert line
    edit(file, 1, signature=Ed25519PrivateKey.generate().sign(line.body).hex())
    assert await found(services) == FORGED
    edit(file, 1, signature="no signature")
    assert await found(services) == FORGED


async def test_another_key_beside_the_file_does_not_fool_who_kept_a_copy(store: Services, tmp_path: Path) -> None:
    services, _ = await three_checkpoints(store, tmp_path)
    copy = tmp_path / "copy.pub"
    copy.write_bytes((tmp_path / "key.pub").read_bytes())
    for name in ("checkpoints.jsonl", "key.pem", "key.pub"):
        (tmp_path / name).unlink()
    await rewrite(services, first=6)
    await services.audit.checkpoint()
    assert ("CHECKPOINT_SIGNATURE", "checkpoint/1") in await found(services, copy)


@pytest.mark.parametrize(("kept", "place"), [([0, 2], "checkpoint/2"), ([0, 1], "checkpoint/3"), ([0], "checkpoint/3")])
async def test_a_removed_checkpoint_is_found_and_so_is_an_old_file(
    store: Services, tmp_path: Path, kept: list[int], place: str
) -> None:
    services, file = await three_checkpoints(store, tmp_path)
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join(lines[number] for number in kept))
    assert ("CHECKPOINT_REMOVED", place) in await found(services)


async def test_checkpoints_swapped_or_doubled_are_found(store: Services, tmp_path: Path) -> None:
    services, file = await three_checkpoints(store, tmp_path)
    one, two, three = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(one + three + two)
    assert {("CHECKPOINT_REMOVED", "checkpoint/2"), ("CHECKPOINT_EDITED", "checkpoint/2")} <= await found(services)
    file.write_bytes(one + two + two + three)
    assert await found(services) == {("CHECKPOINT_EDITED", "checkpoint/2")}


async def test_a_line_cut_off_by_a_crash_is_made_again(store: Services, tmp_path: Path) -> None:
    services, file = await three_checkpoints(store, tmp_path)
    with file.open("ab") as torn:
        torn.write(b'{"number": 4, "at"')
    await record(services, "p0", [entry(302)])
    made = await services.audit.checkpoint()
    assert made
    assert made.number == 4
    assert await found(services) == set()


async def test_a_lost_key_is_not_replaced_unawares(store: Services, tmp_path: Path) -> None:
    services, _ = await three_checkpoints(store, tmp_path)
    (tmp_path / "key.pem").unlink()
    await record(services, "p0", [entry(302)])
    with pytest.raises(AuditBroken, match="is gone"):
        await services.audit.checkpoint()


async def test_an_export_is_judged_without_the_database(store: Services, tmp_path: Path) -> None:
    services, _ = await three_checkpoints(store, tmp_path)
    folder = tmp_path / "export"
    assert await export_audit(services.audit, folder) == {"links": 9, "entries": 19, "records": 10}
    key = read_public_key(tmp_path / "key.pub")

    async def judged() -> set[tuple[str, str]]:
        findings = await verify(FileEvidence(folder), folder / "checkpoints.jsonl", key, lambda *_: None)
        return {(finding.code.value, finding.place) for finding in findings}

    assert await judged() == set()
    entries = folder / "entries.jsonl"
    entries.write_text(entries.read_text().replace('"amount_minor":1007', '"amount_minor":9007'))
    assert await judged() == {("ENTRY_EDITED", f"p0/2/{entry(7).entry_id}")}


async def test_the_commands_sign_verify_and_hand_out(store: Services, addresses: Addresses, tmp_path: Path) -> None:
    await a_trail(store, tmp_path / "unused")
    shell = shell_at(addresses, tmp_path)
    assert shell.ok("audit", "checkpoint")["checkpoint"]["number"] == 1
    assert shell.ok("audit", "verify") == {"ok": True, "findings": [], "restored": []}
    assert shell.ok("audit", "seal") == {"sealed": 0}
    assert shell.ok("audit", "export", "-o", tmp_path / "out")["links"] == 7
    key = tmp_path / "audit" / "key.pub"
    assert shell.ok("audit", "verify", "--from", tmp_path / "out", "--public-key", key)["ok"]
    assert shell.answer("audit", "verify", "--from", tmp_path / "out")[1] == 2
    await store.database.schema(f"MATCH (e:Entry {{id: '{entry(7).entry_id}'}}) SET e.amount_minor = 1")
    answer, code = shell.answer("audit", "verify")
    assert code == 1
    assert [finding["place"] for finding in answer["findings"]] == [f"p0/2/{entry(7).entry_id}"]


async def test_the_migration_seals_what_was_there_and_never_again(store: Services, tmp_path: Path) -> None:
    await unrecorded(store, [entry(number) for number in range(3)])
    await store.database.schema("MATCH (m:Migration {name: 'audit'}) DELETE m")
    await store.migrate()
    assert await found(store) == set()
    await unrecorded(store, [entry(3)])
    await store.migrate()
    assert await found(store) == {("ENTRY_INSERTED", f"-/{entry(3).entry_id}")}
