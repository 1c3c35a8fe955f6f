"""Start and stop the local servers of one home: the public face of this package."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Self

from graph.errors import LocalServerFailed
from graph.local.child import Child
from graph.local.home import Home
from graph.local.jar_lock import locked_jars
from graph.local.jars import fetch
from graph.local.loopback import HOST
from graph.local.neo4j_launch import Neo4jLaunch
from graph.local.redis_launch import RedisLaunch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from types import TracebackType

    from graph.local.home import Secrets

NEO4J, REDIS = "neo4j", "redis"
NEO4J_USER = "neo4j"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the servers answer; empty for one that was not started here. `redis_url` carries the password."""

    neo4j_uri: str = ""
    neo4j_user: str = ""
    neo4j_password: str = ""
    redis_url: str = ""


@dataclass(frozen=True, slots=True)
class RunningServers:
    """What another process needs to use the servers of `pid`; `api` is empty until it is announced."""

    pid: int
    started_at: str
    addresses: Addresses
    api: str


class LocalServers:
    """The servers of one home, from entering to leaving; they end with this process, however it ends."""

    addresses: Addresses

    def __init__(
        self,
        home: Path,
        cache: Path,
        *,
        neo4j: bool = True,
        redis: bool = True,
        heap_mb: int = 1024,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        self._home = Home(home.absolute())
        self._jars = cache.absolute() / "jars"
        self._wanted = [name for name, wanted in ((REDIS, redis), (NEO4J, neo4j)) if wanted]
        self._heap_mb = heap_mb
        self._progress = progress
        self._children: dict[str, Child] = {}
        self._announced: dict[str, str] = {}
        self._leaving = ExitStack()
        self.addresses = Addresses()

    def __enter__(self) -> Self:
        """Raises LocalServerFailed; then nothing runs and the home is free."""
        with self._disk_errors_named(), ExitStack() as leaving:
            leaving.enter_context(self._home.held())
            secrets = self._home.secrets()
            for name in self._wanted:
                self._children[name] = child = self._child(name, secrets)
                leaving.callback(child.stop)
                child.start()
            self.addresses = self._addresses(secrets)
            self.announce()
            self._leaving = leaving.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Neo4j ends first, then Redis; each gets SIGTERM, 20 seconds, and SIGKILL."""
        self._leaving.close()

    @property
    def pids(self) -> dict[str, int]:
        """The process of each server itself, not of its guard."""
        return {name: child.pid for name, child in self._children.items()}

    def dead(self) -> str | None:
        """The name of a server that has ended without being stopped, or None."""
        return next((name for name, child in self._children.items() if child.is_dead()), None)

    def announce(self, **extra: str) -> None:
        """Tell other processes where the servers are; what was announced before stays."""
        self._announced.update(extra)
        pid, started_at = self._home.holder() or (0, "")
        self._home.write_running(
            {"pid": pid, "started_at": started_at, "addresses": asdict(self.addresses), **self._announced}
        )

    def start_neo4j(self) -> None:
        """On the port it had. For tests of faults, like the three below."""
        self._children[NEO4J].start()

    def stop_neo4j(self) -> None:
        """In order, so that its store is clean."""
        self._children[NEO4J].stop()

    def start_redis(self) -> None:
        """On the port it had."""
        self._children[REDIS].start()

    def stop_redis(self) -> None:
        """In order, so that its file is whole."""
        self._children[REDIS].stop()

    @contextmanager
    def _disk_errors_named(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise LocalServerFailed(
                f"The home {self._home.path} cannot be used: {error.strerror or error}.",
                remedy="Free some space, or choose another folder with THREEFOLD_HOME.",
            ) from error

    def _child(self, name: str, secrets: Secrets) -> Child:
        if name == REDIS:
            return Child(self._home, RedisLaunch(self._home, secrets.redis_password))
        fetch(locked_jars(), self._jars, self._progress)
        return Child(self._home, Neo4jLaunch(self._home, self._jars, secrets.neo4j_password, self._heap_mb))

    def _addresses(self, secrets: Secrets) -> Addresses:
        neo4j, redis = self._children.get(NEO4J), self._children.get(REDIS)
        return Addresses(
            neo4j_uri=f"bolt://{HOST}:{neo4j.port}" if neo4j else "",
            neo4j_user=NEO4J_USER if neo4j else "",
            neo4j_password=secrets.neo4j_password if neo4j else "",
            redis_url=f"redis://:{secrets.redis_password}@{HOST}:{redis.port}/0" if redis else "",
        )


def running(home: Path) -> RunningServers | None:
    """The servers that another process runs on this home; None if none does, or it is still starting."""
    place = Home(home.absolute())
    holder = place.holder()
    entries = place.read_running()
    addresses = entries.get("addresses")
    if holder is None or not isinstance(addresses, dict) or entries.get("pid") != holder[0]:
        return None
    pid, started_at = holder
    return RunningServers(pid, started_at, Addresses(**addresses), str(entries.get("api", "")))
