"""The jars of the lock in the folder that all homes share.

A jar in the folder is whole: it was checked against the lock and then moved there in one step. So a start
looks at sizes only; `damaged` and `repair` are for whoever suspects the disk.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from graph.local.jar_lock import LockedJar


def sha256_of(path: Path) -> str:
    """The hex digest of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def missing(jars: Sequence[LockedJar], folder: Path) -> list[LockedJar]:
    """The jars that are absent or of another size."""
    return [jar for jar in jars if not _has_size(folder / jar.path, jar.size)]


def damaged(jars: Sequence[LockedJar], folder: Path) -> list[LockedJar]:
    """The jars that are absent or differ from the lock in any byte; reads all of them (about 0.2 s)."""
    absent = set(missing(jars, folder))
    return [jar for jar in jars if jar in absent or sha256_of(folder / jar.path) != jar.sha256]


def fetch(jars: Sequence[LockedJar], folder: Path, progress: Callable[[int, int], None] | None = None) -> None:
    """Download what is missing, or raise LocalServerFailed.

    `progress` gets the bytes that are there and the bytes in all; it is not called if nothing is missing.
    """
    if missing(jars, folder):
        from graph.local.download import download  # noqa: PLC0415 - jgo is slow to import and seldom needed

        download(jars, folder, progress)


def repair(jars: Sequence[LockedJar], folder: Path, progress: Callable[[int, int], None] | None = None) -> int:
    """Fetch the damaged ones again; returns how many there were. No server may run meanwhile."""
    bad = damaged(jars, folder)
    for jar in bad:
        (folder / jar.path).unlink(missing_ok=True)
    fetch(jars, folder, progress)
    return len(bad)


def _has_size(path: Path, size: int) -> bool:
    try:
        return path.stat().st_size == size
    except FileNotFoundError:
        return False
