"""The desk on the command line: money goes out, comes back, and files are written."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest
from commands import Shell, shell_at
from desk import balance, earn, earn_available
from network import accept, joins

if TYPE_CHECKING:
    from pathlib import Path

    from graph.local.servers import Addresses
    from graph.wiring import Services


@pytest.fixture
def shell(addresses: Addresses, tmp_path: Path) -> Shell:
    return shell_at(addresses, tmp_path / "home", THREEFOLD_ADJUSTMENT_LIMIT_MINOR="1000")


async def test_a_batch_is_run_exported_and_confirmed(store: Services, shell: Shell, tmp_path: Path) -> None:
    await earn_available(store, "a", 100)
    await earn_available(store, "b", 30)
    batch = shell.ok("payout", "run", "--key", "may", "--actor", "fin")
    assert batch["sums"] == [{"currency": "CNY", "payouts": 2, "amount_minor": 130, "failed": 0}]
    (first, second) = shell.ok("payout", "list", "--batch", batch["batch_id"])["payouts"]
    assert shell.ok("payout", "fail", second["payout_id"], "--reason", "closed")["status"] == "failed"
    file = tmp_path / "may.csv"
    assert shell.ok("payout", "export", batch["batch_id"], "-o", file, "--format", "csv")["rows"] == 1
    with file.open() as stream:
        (row,) = csv.DictReader(stream)
    assert row == {
        "payout_id": first["payout_id"],
        "member_id": "a",
        "amount_minor": "100",
        "currency": "CNY",
        "reference": first["reference"],
    }
    parquet = tmp_path / "may.parquet"
    assert shell.ok("payout", "export", batch["batch_id"], "-o", parquet)["rows"] == 1
    assert shell.ok("payout", "confirm", batch["batch_id"])["status"] == "settled"
    refused, code = shell.answer("payout", "fail", first["payout_id"], "--reason", "late")
    assert (refused["error"]["code"], code) == ("PAYOUT_NOT_OPEN", 1)


async def test_a_reward_is_held_released_and_withdrawn(store: Services, shell: Shell) -> None:
    (reward,) = await earn(store, "a", 100)
    held = shell.ok("hold", reward, "--reason", "ring 7", "--id", "h-1", "--actor", "rae")
    assert (held["status"], held["actor"]) == ("held", "rae")
    assert shell.ok("settle")["settled"] == 0
    assert shell.ok("release", "h-1", "--reason", "cleared")["status"] == "released"
    assert shell.ok("settle")["settled"] == 1
    refused, code = shell.answer("withdraw", "a", "101", "--key", "w-1")
    assert (refused["error"]["code"], code) == ("INSUFFICIENT_FUNDS", 1)
    paid = shell.ok("withdraw", "a", "60", "--key", "w-2")
    assert shell.ok("withdraw", "a", "60", "--key", "w-2") == paid
    assert (await balance(store, "a")).available_minor == 40


async def test_an_adjustment_needs_two_people_above_the_limit(store: Services, shell: Shell) -> None:
    await accept(store, joins("a"))
    assert shell.ok("adjust", "a", "--amount=-500", "--reason", "slip", "--actor", "fin")["status"] == "posted"
    large = shell.ok("adjust", "a", "--amount", "1001", "--reason", "slip", "--actor", "fin", "--id", "adj-2")
    assert large["status"] == "proposed"
    refused, code = shell.answer("approve", "adj-2", "--actor", "fin")
    assert (refused["error"]["code"], code) == ("SAME_PERSON", 1)
    assert shell.ok("approve", "adj-2", "--actor", "boss")["decided_by"] == "boss"
    assert (await balance(store, "a")).available_minor == 501


async def test_a_month_is_closed(store: Services, shell: Shell) -> None:
    assert shell.ok("month-end", "2026-01") == {"month": "2026-01", "new": True}
    assert shell.ok("month-end", "2026-01")["new"] is False
    refused, code = shell.answer("month-end", "2199-01")
    assert (refused["error"]["code"], code) == ("MONTH_NOT_OVER", 1)
    assert shell.answer("month-end", "May")[1] == 2


async def test_dead_letters_are_listed_shown_discarded_and_requeued(store: Services, shell: Shell) -> None:
    await store.dead_letters.write("a", "planted", 5)
    (letter,) = shell.ok("dead-letters")["dead_letters"]
    assert (letter["scope_id"], letter["facts"]) == ("a", 0)
    assert shell.ok("dead-letters", "show", "a")["unapplied"] == []
    shell.ok("dead-letters", "discard", "a", "--reason", "a test")
    assert shell.ok("dead-letters", "list")["dead_letters"] == []
    assert len(shell.ok("dead-letters", "list", "--discarded")["dead_letters"]) == 1
    assert shell.ok("drain")["dead_letters"] == 0
    assert shell.ok("dead-letters", "requeue", "a")["requeued"] == ["a"]
    assert shell.ok("dead-letters", "--retry")["retried"] is True
    assert shell.ok("dead-letters", "requeue", "--all")["requeued"] == ["a"]
    assert shell.run("dead-letters", "requeue").returncode == 2
    assert await store.news.outstanding() == 3


async def test_status_shows_the_jobs(store: Services, shell: Shell) -> None:
    assert shell.ok("status")["jobs"] == []
