"""A restored backup lacks what was signed since: a finding, until whoever holds the key has declared it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from commands import shell_at
from trails import cut_off, edit, entry, found, record, rewrite, three_checkpoints

from graph.errors import InvalidInput
from graph.verification.checkpoints import Restoration

if TYPE_CHECKING:
    from pathlib import Path

    from graph.local.servers import Addresses
    from graph.wiring import Services


async def test_a_restoration_that_was_declared_is_no_finding(store: Services, tmp_path: Path) -> None:
    services, _ = await three_checkpoints(store, tmp_path)
    await cut_off(services)
    declared = await services.audit.restored("ada", "disk died")
    assert declared.restoration == Restoration("ada", "disk died", {"p0": 5, "p1": 2})
    assert await found(services) == set()
    await record(services, "p0", [entry(400)])
    assert await services.audit.checkpoint()
    assert await found(services) == set()


async def test_a_restoration_covers_nothing_that_the_copy_still_has(store: Services, tmp_path: Path) -> None:
    services, _ = await three_checkpoints(store, tmp_path)
    await cut_off(services)
    await services.audit.restored("ada", "disk died")
    await rewrite(services, 5)
    assert ("CHAIN_RECHAINED", "p0/5") in await found(services)


async def test_a_restoration_of_which_nothing_is_missing_is_refused(store: Services, tmp_path: Path) -> None:
    services, file = await three_checkpoints(store, tmp_path)
    with pytest.raises(InvalidInput, match="Nothing that was signed is missing"):
        await services.audit.restored("ada", "disk died")
    assert len(file.read_bytes().splitlines()) == 3


async def test_a_restoration_cannot_be_forged(store: Services, tmp_path: Path) -> None:
    services, file = await three_checkpoints(store, tmp_path)
    await cut_off(services)
    edit(file, 2, restoration={"actor": "eve", "reason": "none", "kept": {"p0": 5, "p1": 1}})
    assert await found(services) == {("CHECKPOINT_EDITED", "checkpoint/3"), ("CHAIN_TRUNCATED", "p0/6")}


async def test_the_command_declares_and_verify_tells(store: Services, addresses: Addresses, tmp_path: Path) -> None:
    services, file = await three_checkpoints(store, tmp_path)
    await cut_off(services)
    trail = {"THREEFOLD_AUDIT_FILE": str(file), "THREEFOLD_AUDIT_KEY_FILE": str(tmp_path / "key.pem")}
    shell = shell_at(addresses, tmp_path, **trail)
    assert shell.answer("audit", "verify")[1] == 1
    wish = ("audit", "restored", "--actor", "ada", "--reason")
    assert shell.answer(*wish, " ")[1] == 2
    assert shell.ok(*wish, "disk died")["checkpoint"]["number"] == 4
    told = shell.ok("audit", "verify")
    assert [each["restoration"]["reason"] for each in told["restored"]] == ["disk died"]
    assert shell.answer(*wish, "again")[1] == 2
