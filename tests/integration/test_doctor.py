"""`threefold doctor --json` names what is wrong, one thing at a time."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from commands import Shell, shell_at

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from graph.local.servers import Addresses
    from graph.wiring import Services

NOWHERE = "127.0.0.1:1"


def failed(shell: Shell) -> tuple[dict[str, str], int]:
    """The checks that fail, each with its code, and the exit code."""
    answer, code = shell.answer("doctor")
    assert answer["ok"] is not any(not check["ok"] for check in answer["checks"])
    for check in answer["checks"]:
        assert check["ok"] or check["remedy"], check
    return {check["name"]: check["code"] for check in answer["checks"] if not check["ok"]}, code


async def test_all_is_well(store: Services, addresses: Addresses, tmp_path: Path) -> None:
    assert failed(shell_at(addresses, tmp_path)) == ({}, 0)


async def test_redis_down(store: Services, addresses: Addresses, tmp_path: Path) -> None:
    shell = shell_at(addresses, tmp_path, THREEFOLD_REDIS_URL=f"redis://{NOWHERE}")
    assert failed(shell) == ({"redis": "STREAM_UNAVAILABLE"}, 3)


async def test_neo4j_down(store: Services, addresses: Addresses, tmp_path: Path) -> None:
    shell = shell_at(addresses, tmp_path, THREEFOLD_NEO4J_URI=f"bolt://{NOWHERE}")
    assert failed(shell) == ({"neo4j": "DATABASE_UNAVAILABLE"}, 3)


async def test_wrong_password(store: Services, addresses: Addresses, tmp_path: Path) -> None:
    shell = shell_at(addresses, tmp_path, THREEFOLD_NEO4J_PASSWORD="not it")
    assert failed(shell) == ({"neo4j": "WRONG_CREDENTIALS"}, 3)


async def test_migration_missing(store: Services, addresses: Addresses, tmp_path: Path) -> None:
    async with without_a_migration(store):
        shell = shell_at(addresses, tmp_path)
        assert failed(shell) == ({"migrations": "SCHEMA_OUTDATED"}, 1)
        refused = shell.run("worker")
        assert refused.returncode == 3
        assert "threefold migrate" in refused.stderr


async def test_dead_letters_waiting(store: Services, addresses: Addresses, tmp_path: Path) -> None:
    await store.dead_letters.write("ada", "planted", 5)
    shell = shell_at(addresses, tmp_path)
    assert failed(shell) == ({"dead_letters": "DEAD_LETTERS"}, 1)
    assert shell.ok("dead-letters")["dead_letters"][0]["reason"] == "planted"


async def test_nothing_runs(addresses: Addresses, tmp_path: Path) -> None:
    shell = Shell({"THREEFOLD_HOME": str(tmp_path)})
    assert failed(shell) == ({"neo4j": "DATABASE_UNAVAILABLE", "redis": "STREAM_UNAVAILABLE"}, 3)


@asynccontextmanager
async def without_a_migration(services: Services) -> AsyncIterator[None]:
    await services.database.schema("MATCH (m:Migration {version: 2}) DELETE m")
    try:
        yield
    finally:
        await services.migrate()
