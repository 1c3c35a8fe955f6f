from __future__ import annotations

import json
import os
import stat
from typing import TYPE_CHECKING

import pytest

from graph.errors import LocalServerFailed
from graph.local import home
from graph.local.home import Home
from graph.local.log_tail import port_was_taken, reason
from graph.local.servers import running

if TYPE_CHECKING:
    from pathlib import Path


def test_a_second_holder_is_told_who_the_first_is(tmp_path: Path) -> None:
    with Home(tmp_path).held(), pytest.raises(LocalServerFailed) as refused, Home(tmp_path).held():
        pass
    assert f"held by process {os.getpid()} since 20" in refused.value.message


def test_a_left_home_can_be_held_again(tmp_path: Path) -> None:
    for _ in range(2):
        with Home(tmp_path).held():
            assert (Home(tmp_path).holder() or ("",))[0] == os.getpid()
    assert Home(tmp_path).holder() is None


def test_a_full_disk_is_noticed_before_anything_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home, "LEAST_FREE_BYTES", 2**60)
    with pytest.raises(LocalServerFailed, match="MB left"), Home(tmp_path).held():
        pass


def test_secrets_are_private_and_stay(tmp_path: Path) -> None:
    place = Home(tmp_path)
    first = place.secrets()
    assert stat.S_IMODE(place.secrets_file.stat().st_mode) == 0o600
    assert place.secrets() == first
    assert len({first.neo4j_password, first.redis_password, Home(tmp_path).secrets().redis_password}) == 2


def test_lost_secrets_are_not_replaced_while_their_database_is_there(tmp_path: Path) -> None:
    auth = tmp_path / "neo4j" / "data" / "dbms" / "auth.ini"
    auth.parent.mkdir(parents=True)
    auth.touch()
    with pytest.raises(LocalServerFailed, match="is gone"):
        Home(tmp_path).secrets()


def test_unreadable_secrets_are_not_replaced(tmp_path: Path) -> None:
    Home(tmp_path).secrets_file.write_text('{"neo4j_pass')
    with pytest.raises(LocalServerFailed, match="cannot be read"):
        Home(tmp_path).secrets()


def test_what_a_dead_holder_announced_is_nobodys(tmp_path: Path) -> None:
    stale = {"pid": 1, "started_at": "2026-01-01T00:00:00+00:00", "addresses": {}}
    Home(tmp_path).running_file.write_text(json.dumps(stale))
    assert running(tmp_path) is None
    with Home(tmp_path).held():
        assert running(tmp_path) is None


def test_the_reason_of_a_java_failure_is_its_innermost_causes(tmp_path: Path) -> None:
    log = tmp_path / "neo4j.log"
    log.write_text(
        "Exception in thread main java.lang.RuntimeException: outer\n\tat a.b(C.java:1)\n"
        "Caused by: org.neo4j.PortBindException: cannot bind 7687\n\tat d.e(F.java:2)\n\t... 3 more\n"
        "Caused by: java.net.BindException: Address already in use\n\tat d.e(F.java:2)\n\t... 3 more\n"
    )
    assert reason(log) == "cannot bind 7687: Address already in use"
    assert port_was_taken(log)


def test_the_reason_of_a_silent_server_says_so(tmp_path: Path) -> None:
    assert reason(tmp_path / "none.log") == "it wrote nothing"


def test_passwords_are_letters_and_digits(tmp_path: Path) -> None:
    """One that begins with a dash would be read as an option by neo4j-admin: one home in 64 did not start."""
    with Home(tmp_path / "home").held():
        found = Home(tmp_path / "home").secrets()
    assert (found.neo4j_password + found.redis_password).isalnum()
