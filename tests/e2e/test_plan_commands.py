"""`threefold plan`, as a user types it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from commands import Shell, shell_at

from seeds.plans import names, preset

if TYPE_CHECKING:
    from pathlib import Path

    from graph.local.servers import Addresses
    from graph.wiring import Services


@pytest.fixture
def alone(tmp_path: Path) -> Shell:
    """Commands without any server."""
    return Shell({"THREEFOLD_HOME": str(tmp_path), "LANG": "C.UTF-8"})


@pytest.fixture
def shell(addresses: Addresses, store: Services, tmp_path: Path) -> Shell:
    """Commands over an empty network."""
    return shell_at(addresses, tmp_path)


def test_check_explains_a_plan_in_either_language(alone: Shell) -> None:
    english = alone.run("plan", "check", "three-for-one").stdout
    assert english.startswith("The plan three-for-one is valid.")
    assert "59.80 CNY, 89.70 CNY, 149.50" in english
    chinese = alone.run("plan", "check", "three-for-one", "--lang", "zh-CN").stdout
    assert "自己推荐自己" in chinese
    assert Shell(alone.env | {"LANG": "zh_CN.UTF-8"}).run("plan", "check", "three-for-one").stdout == chinese


@pytest.mark.parametrize("name", names())
def test_check_has_findings_for_every_preset(alone: Shell, name: str) -> None:
    answer = alone.ok("plan", "check", name)
    assert (answer["valid"], answer["name"]) == (True, name)
    assert all(finding["code"] and finding["text"] and finding["severity"] for finding in answer["findings"])


def test_check_names_every_fault(alone: Shell, tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    file.write_text(json.dumps({"nearest": {"eligible": 1}, "max_level": 0}))
    answer, code = alone.answer("plan", "check", file)
    assert code == 2
    assert len(answer["error"]["reasons"]) == 4
    assert "nearest.count is missing" in alone.run("plan", "check", file).stderr


def test_the_schema_is_printed(alone: Shell) -> None:
    assert alone.run("plan", "schema").stdout == preset("plan.schema")


def test_show_tells_what_a_version_changed(shell: Shell) -> None:
    shell.ok("plan", "publish", "three-for-one-threshold")
    first = shell.ok("plan", "show")
    assert (first["shown"]["version"], first["shown"]["in_force"], first["shown"]["changes"]) == (1, True, [])
    second = shell.ok("plan", "show", 2)["shown"]
    assert (second["in_force"], second["seq"]) == (False, None)
    assert second["changes"][1] == {"setting": "three_for_one.mode", "old": "slot", "new": "threshold"}
    text = shell.run("plan", "show", 2).stdout
    assert 'three_for_one.mode: "slot" → "threshold"' in text
    assert "not numbered yet" in text
    assert shell.run("plan", "show", 3).returncode == 2


def test_a_scheduled_plan_is_listed_and_cancelled(shell: Shell) -> None:
    waiting = shell.ok("plan", "publish", "two-level", "--at", "2199-01-01T00:00:00Z")
    assert waiting["state"] == "scheduled"
    assert shell.ok("plan", "show")["scheduled"] == [waiting]
    assert waiting["id"] in shell.run("plan", "show").stdout
    assert shell.ok("plan", "cancel", waiting["id"])["state"] == "cancelled"
    assert shell.ok("plan", "show")["scheduled"] == []
    for words in (["cancel", "nothing"], ["publish", "two-level", "--at", "2020-01-01T00:00:00Z"]):
        assert shell.run("plan", *words).returncode == 2
