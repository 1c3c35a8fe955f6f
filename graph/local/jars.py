"""Bring every jar of the lock into one shared folder, checked, several at a time.

A jar in the folder is whole: it was checked against the lock and then moved there in one step, so an
interrupted download leaves only a partial folder, and the next start fetches only what is missing.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import shutil
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from typing import TYPE_CHECKING

from requests import RequestException

from graph.errors import LocalServerFailed
from graph.local.maven import PARTIAL, downloaded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from graph.local.jar_lock import LockedJar

PARALLEL = 8
TRIES = 3


def sha256_of(path: Path) -> str:
    """The hex digest of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def missing(jars: Sequence[LockedJar], folder: Path) -> list[LockedJar]:
    """The jars that are absent or of another size; the hash was checked when each came."""
    return [jar for jar in jars if not _has_size(folder / jar.path, jar.size)]


def damaged(jars: Sequence[LockedJar], folder: Path) -> list[LockedJar]:
    """The jars that are absent or differ from the lock in any byte; reads all of them (about 0.3 s)."""
    absent = set(missing(jars, folder))
    return [jar for jar in jars if jar in absent or sha256_of(folder / jar.path) != jar.sha256]


def fetch(jars: Sequence[LockedJar], folder: Path, progress: Callable[[int, int], None] | None = None) -> None:
    """Fetch what is missing; `progress` gets bytes there and bytes in all, and is not called if nothing is.

    Raises LocalServerFailed with the jar's name. A second process waits for the first and then finds all there.
    """
    if not missing(jars, folder):
        return
    with _disk_errors_named("the folder of jars"), _alone_in(folder):
        _fetch_all(missing(jars, folder), folder, _Progress(progress, jars, folder))


class _Progress:
    """Adds up bytes and passes them on; called from one thread only."""

    def __init__(
        self, report: Callable[[int, int], None] | None, jars: Sequence[LockedJar], folder: Path
    ) -> None:
        self._report = report
        self._total = sum(jar.size for jar in jars)
        self._done = self._total - sum(jar.size for jar in missing(jars, folder))
        self.add(0)

    def add(self, size: int) -> None:
        self._done += size
        if self._report:
            self._report(self._done, self._total)


def _has_size(path: Path, size: int) -> bool:
    try:
        return path.stat().st_size == size
    except FileNotFoundError:
        return False


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """One downloading process at a time; so every partial folder found here belongs to a dead one."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for partial in folder.glob(f"{PARTIAL}*"):
            shutil.rmtree(partial, ignore_errors=True)
        yield


def _fetch_all(jars: Sequence[LockedJar], folder: Path, progress: _Progress) -> None:
    with ThreadPoolExecutor(PARALLEL, "jars") as pool:
        futures = {pool.submit(_fetch_one, jar, folder): jar for jar in jars}
        try:
            for future in as_completed(futures):
                future.result()
                progress.add(futures[future].size)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _fetch_one(jar: LockedJar, folder: Path) -> None:
    with _disk_errors_named(jar.coordinate):
        for attempt in range(1, TRIES + 1):
            try:
                return _download(jar, folder)
            except RequestException as error:
                if attempt == TRIES:
                    raise LocalServerFailed(
                        f"{jar.coordinate} could not be downloaded: Maven did not answer.",
                        remedy="Check the network and start again; what is already there is kept.",
                    ) from error
            except RuntimeError as error:
                raise LocalServerFailed(
                    f"No Maven repository has {jar.coordinate}.",
                    remedy="Check the repositories in jgo's settings, if there are any, and start again.",
                ) from error


def _download(jar: LockedJar, folder: Path) -> None:
    with downloaded(jar, folder) as partial:
        if sha256_of(partial) != jar.sha256:
            raise LocalServerFailed(
                f"The download of {jar.coordinate} is not the file that the lock names (SHA-256 differs).",
                remedy="It was not kept. Start again; if it happens again, something on the way changes files.",
            )
        place = folder / jar.path
        place.parent.mkdir(exist_ok=True)
        partial.replace(place)


@contextmanager
def _disk_errors_named(what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if isinstance(error, RequestException):
            raise
        full = error.errno in {errno.ENOSPC, errno.EDQUOT}
        raise LocalServerFailed(
            f"{what} could not be stored: {'the disk is full' if full else error.strerror or error}.",
            remedy="Free about 200 MB, or set THREEFOLD_CACHE to a folder on another disk, and start again.",
        ) from error
