"""A person is erased; an older backup, which still has their key and values, is restored; they stay unreadable."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from network import accept, buys, run_engine
from people import person, phone_of, plain, rows, sees

from graph.identity import IdentifierKind, IdentityField
from graph.local.servers import LocalServers
from graph.privacy_errors import PersonErased
from graph.settings import Settings
from graph.verification.audit import verify_audit
from graph.verification.verifying import verify
from graph.wiring import open_services

if TYPE_CHECKING:
    from pathlib import Path

    from graph.wiring import Services

NAME, PHONE = IdentityField.NAME, IdentityField.PHONE


def nothing(*_: object) -> None:
    """Reports to nobody."""


async def some_history(services: Services) -> None:
    await services.migrate()
    await accept(services, person("a", 1), person("b", 2, "a"))
    await sees(services, "a", "device", "shared")
    await accept(services, buys("a", 29900), buys("b", 29900))
    await run_engine(services)
    await services.audit.checkpoint()


async def erased_again(services: Services) -> None:
    """What holds over the restored backup, before and after `migrate` has applied the register."""
    assert len(await rows(services, "MATCH (k:PersonKey {member_id: 'a'}) RETURN k.kid AS kid")) == 1
    for _ in range(2):
        assert await plain(services, "a", NAME) is None
        with pytest.raises(PersonErased):
            await services.people.reveal("a", [NAME, PHONE], "ticket 12", "rae")
        with pytest.raises(PersonErased):
            await accept(services, person("a", 1))
        assert await plain(services, "b", PHONE) == phone_of(2)
        await services.migrate()
    assert await rows(services, "MATCH (k:PersonKey {member_id: 'a'}) RETURN k.kid AS kid") == []
    assert await services.people.find_by(IdentifierKind.PHONE, phone_of(1), "ring 7", "rae") == []


async def test_an_older_backup_brings_nobody_back(tmp_path: Path) -> None:
    settings, home, backup = Settings(home=tmp_path / "keys"), tmp_path / "home", tmp_path / "backup"
    with LocalServers(home, settings.cache) as servers:
        async with open_services(settings, servers.addresses) as services:
            await some_history(services)
            money = await services.ledger.balances(["a", "b"])
            assert money["a"]
        servers.stop_neo4j()
        shutil.copytree(home / "neo4j" / "data", backup)
        servers.start_neo4j()
        async with open_services(settings, servers.addresses) as services:
            await services.erasure.erase("a", "on request", "ada")
            checkpoint = await services.audit.checkpoint()
            assert await verify_audit(services, nothing) == []
        servers.stop_neo4j()
        shutil.rmtree(home / "neo4j" / "data")
        shutil.copytree(backup, home / "neo4j" / "data")
        servers.start_neo4j()
        await the_control(servers, tmp_path)
        async with open_services(settings, servers.addresses) as services:
            assert checkpoint
            restored = {(found.code.value, found.place) for found in await verify_audit(services, nothing)}
            await erased_again(services)
            assert await services.ledger.balances(["a", "b"]) == money
            after = {(found.code.value, found.place) for found in await verify_audit(services, nothing)}
            await services.audit.restored("ada", "disk died")
            verdict = await verify(services, nothing, 100, audit=True)
    assert restored == {("CHAIN_TRUNCATED", "privacy/1")}
    assert after == {("CHAIN_RECHAINED", "privacy/1")}
    assert verdict.clean, verdict


async def the_control(servers: LocalServers, folder: Path) -> None:
    """With the keys but without the register, the backup would have brought them back."""
    shutil.copytree(folder / "keys" / "privacy", folder / "control" / "privacy")
    (folder / "control" / "privacy" / "erasures.jsonl").unlink()
    async with open_services(Settings(home=folder / "control"), servers.addresses) as services:
        assert await plain(services, "a", NAME) == "Name of a"
