"""One artifact at a time from Maven, through jgo's own API: no POM is read at run time."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from jgo.config import GlobalSettings
from jgo.maven import MavenContext

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graph.local.jar_lock import LockedJar

PARTIAL = ".partial-"
READ_TIMEOUT_SECONDS = 60


def maven(repository: Path) -> MavenContext:
    """Stores under `repository`; asks the repositories of jgo's settings first, then Maven Central."""
    defaults = MavenContext().remote_repos
    return MavenContext(
        repo_cache=repository,
        remote_repos={**GlobalSettings.load().repositories, **defaults},
        timeout=READ_TIMEOUT_SECONDS,
    )


@contextmanager
def downloaded(jar: LockedJar, folder: Path) -> Iterator[Path]:
    """The artifact in a folder of its own beside its final place, unchecked; gone again at the end.

    Raises what jgo raises: `requests.RequestException` for the network, `RuntimeError` when no repository has
    the artifact, `OSError` for the disk.
    """
    with tempfile.TemporaryDirectory(prefix=PARTIAL, dir=folder) as partial:
        component = maven(Path(partial)).project(jar.group, jar.artifact).at_version(jar.version)
        yield component.artifact(classifier=jar.classifier).resolve()
