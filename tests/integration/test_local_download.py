"""Against the real Maven, with the smallest jars of the lock."""

from __future__ import annotations

import errno
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from graph.errors import LocalServerFailed
from graph.local import download
from graph.local.jar_lock import locked_jars
from graph.local.jars import damaged, fetch, repair

if TYPE_CHECKING:
    from pathlib import Path

SMALL = sorted(locked_jars(), key=lambda jar: jar.size)[:3]


def jars_in(folder: Path) -> set[Path]:
    return {path.relative_to(folder) for path in folder.rglob("*.jar")}


def test_an_interrupted_download_goes_on_where_it_stopped(tmp_path: Path) -> None:
    fetch(SMALL[:1], tmp_path)
    first = tmp_path / SMALL[0].path
    came = first.stat().st_mtime_ns
    (tmp_path / ".partial-of-a-killed-process").mkdir()
    seen: list[tuple[int, int]] = []
    fetch(SMALL, tmp_path, lambda done, total: seen.append((done, total)))
    total = sum(jar.size for jar in SMALL)
    assert seen[0] == (SMALL[0].size, total)
    assert seen[-1] == (total, total)
    assert first.stat().st_mtime_ns == came
    assert jars_in(tmp_path) == {jar.path for jar in SMALL}
    assert not list(tmp_path.glob(".partial-*"))


def test_what_is_there_is_not_asked_for_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fetch(SMALL[:1], tmp_path)
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    fetch(SMALL[:1], tmp_path, lambda *_: pytest.fail("nothing was missing"))


def test_a_file_that_is_not_the_locked_one_is_named_and_not_kept(tmp_path: Path) -> None:
    wrong = replace(SMALL[0], sha256="0" * 64)
    with pytest.raises(LocalServerFailed, match="SHA-256") as failed:
        fetch([wrong], tmp_path)
    assert wrong.coordinate in failed.value.message
    assert failed.value.remedy
    assert jars_in(tmp_path) == set()


def test_an_artifact_that_no_repository_has_is_named(tmp_path: Path) -> None:
    """In a process of its own, since jgo leaves the connection of a 404 open."""
    code = (
        "import sys; from pathlib import Path; from graph.local import download, jar_lock\n"
        "download.TRIES = 1\n"
        "download.download([jar_lock.read_line(sys.argv[1])], Path(sys.argv[2]), None)"
    )
    line = replace(SMALL[0], version="0.0.0-none").line
    ended = subprocess.run(
        [sys.executable, "-c", code, line, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert "LocalServerFailed: No Maven repository handed out" in ended.stderr


def test_without_a_network_the_message_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "TRIES", 2)
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    with pytest.raises(LocalServerFailed, match=r"Maven did not answer\.$") as failed:
        fetch(SMALL, tmp_path)
    assert "network" in failed.value.remedy


def test_a_full_disk_is_named() -> None:
    with pytest.raises(LocalServerFailed, match="the disk is full"), download.disk_errors_named("x"):
        raise OSError(errno.ENOSPC, "No space left on device")


def test_two_downloads_at_once_both_end_well(tmp_path: Path) -> None:
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda _: fetch(SMALL, tmp_path), range(2)))
    assert damaged(SMALL, tmp_path) == []


def test_a_damaged_jar_is_found_and_replaced(tmp_path: Path) -> None:
    fetch(SMALL, tmp_path)
    (tmp_path / SMALL[1].path).write_bytes(b"x" * SMALL[1].size)
    assert repair(SMALL, tmp_path) == 1
    assert damaged(SMALL, tmp_path) == []
