"""Keys of machines: created and revoked once, in the audit, and never shown again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from commands import Shell, shell_at
from trails import found

from graph.access.api_keys import matching
from graph.errors import InvalidInput, Unauthenticated, UnknownApiKey
from graph.store.api_keys import KeyWish

if TYPE_CHECKING:
    from pathlib import Path

    from graph.local.servers import Addresses
    from graph.wiring import Services

SHOP = KeyWish("shop", ("ingest",), valid_for=timedelta(days=90))


async def actions(store: Services) -> list[tuple[str, str, str]]:
    rows = [row async for page in store.audit.store.records() for row in page]
    return sorted((row["kind"], row["subject"], row["actor"]) for row in rows if row["kind"].startswith("api_key."))


async def test_creating_and_revoking_are_in_the_audit_once(store: Services) -> None:
    key, _ = await store.api_keys.create(SHOP, "ops")
    revoked = await store.api_keys.revoke(key.key_id, "boss")
    assert await store.api_keys.revoke(key.key_id, "boss") == revoked
    assert await actions(store) == [("api_key.created", key.key_id, "ops"), ("api_key.revoked", key.key_id, "boss")]
    await store.audit.checkpoint()
    assert await found(store) == set()


async def test_a_key_holds_until_its_end(store: Services) -> None:
    key, text = await store.api_keys.create(SHOP, "ops")
    held = await store.api_keys.held()
    assert matching(text, held, key.created_at + timedelta(days=89)).principal.name == "key:shop"
    assert key.principal.expires_at == key.created_at + timedelta(days=90)
    with pytest.raises(Unauthenticated) as refusal:
        matching(text, held, key.created_at + timedelta(days=90))
    assert "has expired" in refusal.value.reason


@pytest.mark.parametrize(
    "wish",
    [
        KeyWish("shop", ()),
        KeyWish("shop", ("root",)),
        KeyWish("shop", ("finance", "admin")),
        KeyWish("shop", ("member",)),
        KeyWish("shop", ("ingest",), member_id="ada"),
        KeyWish("a shop", ("ingest",)),
        KeyWish("s" * 61, ("ingest",)),
    ],
)
async def test_a_key_that_no_one_may_have_is_not_created(store: Services, wish: KeyWish) -> None:
    with pytest.raises(InvalidInput):
        await store.api_keys.create(wish, "ops")
    assert await store.api_keys.all() == []


async def test_a_use_is_noted_a_minute_after_the_last(store: Services) -> None:
    key, _ = await store.api_keys.create(SHOP, "ops")
    noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    for seconds, noted in ((0, 0), (59, 0), (61, 61), (30, 61)):
        await store.api_keys.note_use(key.key_id, noon + timedelta(seconds=seconds))
        (kept,) = await store.api_keys.all()
        assert kept.last_used_at == noon + timedelta(seconds=noted)


async def test_an_unknown_key_cannot_be_revoked(store: Services) -> None:
    with pytest.raises(UnknownApiKey):
        await store.api_keys.revoke("nothing", "ops")


async def test_the_commands_show_a_key_once(store: Services, migrated: Addresses, tmp_path: Path) -> None:
    shell = shell_at(migrated, tmp_path)
    made = shell.ok("api-key", "create", "--name", "shop", "--role", "ingest", "--expires", "90d", "--actor", "ops")
    plain = shell.run("api-key", "create", "--name", "portal", "--member", "ada", "--actor", "ops")
    assert (await store.authenticator.verify(plain.stdout.strip())).member_id == "ada"
    await store.authenticator.aclose()
    listed = shell.run("api-key", "list")
    assert made["key_id"] in listed.stdout
    for shown in (listed.stdout, shell.run("api-key", "list", "--json").stdout):
        assert made["key"][-64:] not in shown
        assert plain.stdout.strip()[-64:] not in shown
    assert shell.ok("api-key", "revoke", made["key_id"], "--actor", "ops")["revoked_at"]
    keys = shell.ok("api-key", "list")["keys"]
    assert [(key["name"], key["revoked_at"] is None, key["last_used_at"] is None) for key in keys] == [
        ("portal", True, False),
        ("shop", False, True),
    ]
    assert shell.run("api-key", "revoke", "nothing").returncode == 1
    assert shell.run("api-key", "create", "--name", "x").returncode == 2
    assert shell.ok("token", "revoke", "mallory", "--actor", "ops")["subject"] == "mallory"
    assert "api-key revoke" in shell.run("token", "revoke", "key:shop").stderr


def test_a_token_is_all_that_is_printed(tmp_path: Path) -> None:
    shell = Shell({"THREEFOLD_HOME": str(tmp_path)})
    done = shell.run("token")
    assert (done.returncode, done.stdout.count("\n"), done.stdout.count(".")) == (0, 1, 2)
    answer = shell.ok("token", "--role", "finance", "--role", "reviewer", "--name", "fin", "--ttl", "30m")
    assert (answer["name"], answer["roles"], answer["member_id"]) == ("fin", ["finance", "reviewer"], None)
    assert shell.ok("token", "--member", "ada")["roles"] == ["member"]


@pytest.mark.parametrize(
    "words",
    [
        ("--role", "finance", "--role", "admin"),
        ("--role", "root"),
        ("--role", "member"),
        ("--ttl", "0h"),
        ("--ttl", "90d"),
        ("--ttl", "soon"),
        ("--name", "key:shop"),
        ("--name", ""),
    ],
)
def test_a_token_that_would_not_hold_is_not_signed(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = Shell({"THREEFOLD_HOME": str(tmp_path)}).run("token", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr
    assert "Traceback" not in done.stderr


def test_beside_a_provider_no_token_is_signed(tmp_path: Path) -> None:
    provided = {"THREEFOLD_JWKS_URL": "https://id.example/jwks", "THREEFOLD_TOKEN_ISSUER": "https://id.example"}
    done = Shell({"THREEFOLD_HOME": str(tmp_path)} | provided).run("token")
    assert (done.returncode, done.stdout) == (2, "")
    assert "identity provider" in done.stderr
