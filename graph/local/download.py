"""Bring the missing jars from Maven, several at a time, each checked before it is in its place.

What interrupts it leaves only a partial folder behind; the next start removes that and fetches the rest.
"""

from __future__ import annotations

import errno
import fcntl
import shutil
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from typing import TYPE_CHECKING

from requests import RequestException

from graph.errors import LocalServerFailed
from graph.local.jars import missing, sha256_of
from graph.local.maven import PARTIAL, downloaded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from graph.local.jar_lock import LockedJar

PARALLEL = 8
TRIES = 3


def download(jars: Sequence[LockedJar], folder: Path, progress: Callable[[int, int], None] | None) -> None:
    """A second process waits for the first and finds all there. Raises LocalServerFailed, naming the jar."""
    with disk_errors_named("The folder of jars"), _alone_in(folder):
        wanted = missing(jars, folder)
        total = sum(jar.size for jar in jars)
        done = total - sum(jar.size for jar in wanted)
        for size in _sizes_as_they_come(wanted, folder):
            done += size
            if progress:
                progress(done, total)


@contextmanager
def disk_errors_named(what: str) -> Iterator[None]:
    """Errors of the disk become LocalServerFailed; those of the network, OSErrors too, pass."""
    try:
        yield
    except RequestException:
        raise
    except OSError as error:
        full = error.errno in {errno.ENOSPC, errno.EDQUOT}
        raise LocalServerFailed(
            f"{what} could not be stored: {'the disk is full' if full else error.strerror or error}.",
            remedy="Free about 200 MB, or set THREEFOLD_CACHE to a folder on another disk, and start again.",
        ) from error


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """One downloading process at a time; so every partial folder found here belongs to a dead one."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for partial in folder.glob(f"{PARTIAL}*"):
            shutil.rmtree(partial, ignore_errors=True)
        yield


def _sizes_as_they_come(jars: Sequence[LockedJar], folder: Path) -> Iterator[int]:
    """Yields 0 at once, so that a first progress shows before the first jar."""
    yield 0
    with ThreadPoolExecutor(PARALLEL, "jars") as pool:
        futures = {pool.submit(_fetch_one, jar, folder): jar.size for jar in jars}
        try:
            for future in as_completed(futures):
                future.result()
                yield futures[future]
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _fetch_one(jar: LockedJar, folder: Path) -> None:
    for attempt in range(TRIES):
        time.sleep(attempt)
        failed = _try_to_fetch(jar, folder)
        if failed is None:
            return
    if isinstance(failed, RequestException):
        raise LocalServerFailed(
            f"{jar.coordinate} could not be downloaded: Maven did not answer.",
            remedy="Check the network and start again; what is already there is kept.",
        ) from failed
    raise LocalServerFailed(
        f"No Maven repository handed out {jar.coordinate}.",
        remedy="Start again later, and check the repositories in jgo's settings if there are any.",
    ) from failed


def _try_to_fetch(jar: LockedJar, folder: Path) -> Exception | None:
    """The error, if it is one that may pass."""
    try:
        with disk_errors_named(jar.coordinate), downloaded(jar, folder) as partial:
            _put_in_place(jar, partial, folder / jar.path)
    except (RequestException, RuntimeError) as error:  # jgo says RuntimeError for every answer but 200
        return error
    return None


def _put_in_place(jar: LockedJar, partial: Path, place: Path) -> None:
    if sha256_of(partial) != jar.sha256:
        raise LocalServerFailed(
            f"The download of {jar.coordinate} is not the file that the lock names (its SHA-256 differs).",
            remedy="It was not kept. Start again; if it happens again, something on the way alters files.",
        )
    place.parent.mkdir(exist_ok=True)
    partial.replace(place)
