"""The folder in which the local servers keep everything.

neo4j/        its files, settings and start arguments
redis/        the append-only file and the settings
logs/         one log a server, and neo4j/debug.log
lock          held by whoever runs the servers of this home
secrets.json  the generated passwords, 0600
running.json  where the servers answer, 0600; there while they run, and stale after a kill
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from graph.errors import LocalServerFailed
from graph.local.holding import is_held, take
from graph.local.private_file import write_private

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

SECOND_HOLDER_PATIENCE = 0.5  # longer than anyone's look at the lock
LEAST_FREE_BYTES = 100 * 2**20  # with less, Neo4j hangs at its start instead of failing


@dataclass(frozen=True, slots=True)
class Secrets:
    """The passwords of this home's servers; generated once, and unknown to anyone without the file."""

    neo4j_password: str
    redis_password: str


@dataclass(frozen=True, slots=True)
class Home:
    """The layout; nothing is created before `held`."""

    path: Path

    @property
    def neo4j(self) -> Path:
        """Neo4j's folder."""
        return self.path / "neo4j"

    @property
    def redis(self) -> Path:
        """Redis's folder."""
        return self.path / "redis"

    @property
    def logs(self) -> Path:
        """One log a server; a start keeps the one before as `.log.1`."""
        return self.path / "logs"

    @property
    def lock(self) -> Path:
        """Names the holder while it is locked."""
        return self.path / "lock"

    @property
    def secrets_file(self) -> Path:
        """Read by `secrets`."""
        return self.path / "secrets.json"

    @property
    def has_database(self) -> bool:
        """Whether Neo4j has been given its first password here."""
        return (self.neo4j / "data" / "dbms" / "auth.ini").exists()

    @property
    def running_file(self) -> Path:
        """Read by `read_running`."""
        return self.path / "running.json"

    @contextmanager
    def held(self) -> Iterator[None]:
        """Be the only process that runs servers here; raises LocalServerFailed with the name of the other."""
        self._create()
        lock = take(self.lock, SECOND_HOLDER_PATIENCE)
        if lock is None:
            raise self._held_by_another()
        with lock:
            started = datetime.now(UTC).isoformat(timespec="seconds")
            write_line(lock.fileno(), f"{os.getpid()} {started}")
            self.running_file.unlink(missing_ok=True)
            try:
                yield
            finally:
                self.running_file.unlink(missing_ok=True)

    def holder(self) -> tuple[int, str] | None:
        """The pid and the start (ISO 8601, UTC) of who holds the home now."""
        if not is_held(self.lock):
            return None
        pid, _, started = self.lock.read_text(encoding="utf-8").strip().partition(" ")
        return (int(pid), started) if pid else None

    def secrets(self) -> Secrets:
        """Generated on first use; raises LocalServerFailed if they are lost while their database is not."""
        try:
            return Secrets(**json.loads(self.secrets_file.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return self._new_secrets()
        except (ValueError, TypeError) as error:
            raise LocalServerFailed(
                f"{self.secrets_file} cannot be read, so the databases of this home cannot be opened.",
                remedy="Restore the file from a copy, or remove the whole home to start empty.",
            ) from error

    def write_running(self, entries: Mapping[str, object]) -> None:
        """What `running()` reads; the file never shows half of it."""
        write_private(self.running_file, json.dumps(entries, indent=2) + "\n")

    def read_running(self) -> dict[str, object]:
        """Empty while the holder is still starting."""
        try:
            entries = json.loads(self.running_file.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        return entries if isinstance(entries, dict) else {}

    def _create(self) -> None:
        for folder in (self.path, self.neo4j, self.redis, self.logs):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        free = shutil.disk_usage(self.path).free
        if free < LEAST_FREE_BYTES:
            raise LocalServerFailed(
                f"The disk of {self.path} has {free // 2**20} MB left, too few for the databases to start.",
                remedy=f"Free {LEAST_FREE_BYTES // 2**20} MB, or choose another folder with THREEFOLD_HOME.",
            )

    def _held_by_another(self) -> LocalServerFailed:
        pid, started = self.holder() or ("unknown", "just now")
        return LocalServerFailed(
            f"This home is held by process {pid} since {started} ({self.path}).",
            remedy="Use what runs there, stop it with Ctrl-C, or choose another folder with THREEFOLD_HOME.",
        )

    def _new_secrets(self) -> Secrets:
        if self.has_database:
            raise LocalServerFailed(
                f"{self.secrets_file} is gone, so the password of this home's database is unknown.",
                remedy="Restore the file from a copy, or remove the whole home to start empty.",
            )
        fresh = Secrets(secrets.token_hex(24), secrets.token_hex(24))  # a dash in front would read as an option
        write_private(self.secrets_file, json.dumps(asdict(fresh), indent=2) + "\n")
        return fresh


def write_line(descriptor: int, line: str) -> None:
    """Replace what the open, locked file says."""
    os.ftruncate(descriptor, 0)
    os.write(descriptor, f"{line}\n".encode())
