"""`python -m graph.local.lock_jars`: resolve Neo4j's jars anew and write `jars.lock`. For developers only.

The compiler stands in the lock too: Neo4j's own start class is not on Maven, so `Neo4jServer.java` is
compiled once on the user's machine, whose Java has no compiler of its own.
"""

from __future__ import annotations

import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from graph.local.download import PARALLEL
from graph.local.jar_lock import LOCK_FILE, LockedJar
from graph.local.jars import sha256_of
from graph.local.maven import maven

if TYPE_CHECKING:
    from jgo.maven import Artifact

NEO4J = ("org.neo4j:neo4j:5.26.28", "org.neo4j:neo4j-bolt:5.26.28")
COMPILER = "org.eclipse.jdt:ecj:3.39.0"
HEADER = (
    "# The jars of Neo4j Community and the compiler of its start class. Written by graph/local/lock_jars.py.",
    "# group:artifact:version[:classifier] sha256 size",
)


def locked(artifact: Artifact) -> LockedJar:
    """Download the artifact and take down what it is."""
    path = artifact.resolve()
    return LockedJar(
        artifact.groupId,
        artifact.artifactId,
        artifact.version,
        artifact.classifier,
        sha256_of(path),
        path.stat().st_size,
    )


def resolve(repository: Path) -> list[LockedJar]:
    """The closure of `NEO4J` and the compiler alone, sorted by coordinate."""
    context = maven(repository)
    wanted = [context.create_dependency(coordinate) for coordinate in NEO4J]
    named, transitive = context.resolver.resolve(wanted)
    dependencies = [*named, *transitive, context.create_dependency(COMPILER)]
    with ThreadPoolExecutor(PARALLEL) as pool:
        jars = pool.map(locked, (dependency.artifact for dependency in dependencies))
        return sorted(set(jars), key=lambda jar: jar.coordinate)


def main() -> None:
    """Write the lock beside this file."""
    with tempfile.TemporaryDirectory() as repository:
        lines = [*HEADER, *(jar.line for jar in resolve(Path(repository)))]
    LOCK_FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
