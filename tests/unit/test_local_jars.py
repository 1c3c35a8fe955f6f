from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from graph.local.jar_lock import LOCK_FILE, LockedJar, locked_jars, read_line
from graph.local.jars import damaged, missing

if TYPE_CHECKING:
    from pathlib import Path


def jar_in(folder: Path, name: str, content: bytes) -> LockedJar:
    jar = LockedJar("org.example", name, "1.0", "", hashlib.sha256(content).hexdigest(), len(content))
    (folder / jar.path).parent.mkdir(exist_ok=True)
    (folder / jar.path).write_bytes(content)
    return jar


def test_a_line_of_the_lock_reads_as_it_was_written() -> None:
    for jar in locked_jars():
        assert read_line(jar.line) == jar


def test_the_lock_names_every_jar_once_and_no_host() -> None:
    jars = locked_jars()
    assert len({jar.path for jar in jars}) == len(jars) > 200
    assert "://" not in LOCK_FILE.read_text(encoding="utf-8")


def test_the_lock_has_this_neo4j_and_the_compiler() -> None:
    names = {jar.coordinate for jar in locked_jars()}
    assert "org.neo4j:neo4j:5.26.28" in names
    assert any(name.startswith("org.eclipse.jdt:ecj:") for name in names)


def test_a_classifier_keeps_two_jars_of_one_artifact_apart() -> None:
    epoll = [jar for jar in locked_jars() if jar.artifact == "netty-transport-native-epoll"]
    assert {jar.classifier for jar in epoll} == {"linux-x86_64", "linux-aarch_64"}


def test_a_truncated_jar_is_missing(tmp_path: Path) -> None:
    whole, cut = (jar_in(tmp_path, name, name.encode()) for name in ("whole", "cut"))
    (tmp_path / cut.path).write_bytes(b"c")
    assert missing([whole, cut], tmp_path) == [cut]


def test_an_altered_jar_of_the_same_size_is_damaged(tmp_path: Path) -> None:
    whole, altered = (jar_in(tmp_path, name, name.encode()) for name in ("whole", "altered"))
    (tmp_path / altered.path).write_bytes(b"alterex")
    assert missing([whole, altered], tmp_path) == []
    assert damaged([whole, altered], tmp_path) == [altered]
