"""The jars that make up Neo4j, each pinned by SHA-256 and size in `jars.lock`.

A line is `group:artifact:version[:classifier] sha256 size`. No registry stands in it: jgo knows where Maven
Central is, and a mirror belongs in jgo's own settings.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

LOCK_FILE = Path(__file__).with_name("jars.lock")


@dataclass(frozen=True, slots=True)
class LockedJar:
    """One artifact of Maven; `classifier` is empty for the main jar."""

    group: str
    artifact: str
    version: str
    classifier: str
    sha256: str
    size: int

    @property
    def coordinate(self) -> str:
        """`group:artifact:version[:classifier]`, as the lock spells it."""
        parts = (self.group, self.artifact, self.version, self.classifier)
        return ":".join(part for part in parts if part)

    @property
    def path(self) -> Path:
        """Where the jar lies, relative to the folder of jars; the group keeps equal names apart."""
        ending = f"-{self.classifier}" if self.classifier else ""
        return Path(self.group) / f"{self.artifact}-{self.version}{ending}.jar"

    @property
    def line(self) -> str:
        """The jar as it stands in the lock."""
        return f"{self.coordinate} {self.sha256} {self.size}"


def read_line(line: str) -> LockedJar:
    """Raise ValueError for a line that is not one of the lock's."""
    coordinate, sha256, size = line.split()
    group, artifact, version, *classifier = coordinate.split(":")
    return LockedJar(group, artifact, version, ":".join(classifier), sha256, int(size))


def locked_jars(lock: Path = LOCK_FILE) -> tuple[LockedJar, ...]:
    """Every jar of the lock, in its order, which is the order of the class path."""
    lines = lock.read_text(encoding="utf-8").splitlines()
    return tuple(read_line(line) for line in lines if line and not line.startswith("#"))
