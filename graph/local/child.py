"""One server as a child process: on a free port, under the guard, up when it answers in its own protocol."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol, cast

from graph.errors import LocalServerFailed
from graph.local.holding import take
from graph.local.home import write_line
from graph.local.log_tail import port_was_taken, reason
from graph.local.loopback import free_port

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graph.local.home import Home

GUARD = Path(__file__).with_name("guard.py")
PORTS_TRIED = 5
PAUSE_SECONDS = 0.02
PREDECESSOR_SECONDS = 30.0  # more than the guard gives a server to end
STOP_SECONDS = 25.0


class Launch(Protocol):
    """How one kind of server is configured, started and asked."""

    @property
    def name(self) -> str:
        """The name of its folder and its log."""

    @property
    def patience(self) -> float:
        """Seconds until it must answer."""

    def command(self, port: int) -> Sequence[str]:
        """Write the settings for this port and say what to run."""

    def answers(self, port: int) -> bool:
        """Whether the server on this port is up and takes our password, if it asks for one this early."""


class Child:
    """A server that can be started, stopped, and started again on the same port."""

    def __init__(self, home: Home, launch: Launch) -> None:
        self._home = home
        self._launch = launch
        self._guard: subprocess.Popen[bytes] | None = None
        self.port = 0
        self.pid = 0

    def start(self) -> None:
        """Return when it answers; the first start chooses the port, later ones keep it.

        Raises LocalServerFailed with the reason from the log.
        """
        if self.is_dead():
            self.stop()
        ports = [self.port] if self.port else [free_port() for _ in range(PORTS_TRIED)]
        for port in ports:
            self._spawn(port)
            if self._came_up(port):
                self.port = port
                return
            self.stop()
            if not port_was_taken(self._log):
                break
        raise self._failed(reason(self._log))

    def stop(self) -> None:
        """SIGTERM and, in the end, SIGKILL; returns when it is gone. Stopping a stopped one does nothing."""
        if self._guard is None:
            return
        if self._guard.stdin:
            self._guard.stdin.close()  # what the guard waits for
        try:
            self._guard.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._guard.kill()  # takes the server along
            self._guard.wait()
        self._guard = None

    def is_dead(self) -> bool:
        """Whether it was started, was not stopped, and has ended."""
        return self._guard is not None and self._guard.poll() is not None

    @property
    def _server_lock(self) -> Path:
        return self._home.path / self._launch.name / "lock"

    @property
    def _log(self) -> Path:
        return self._home.logs / f"{self._launch.name}.log"

    def _spawn(self, port: int) -> None:
        lock = take(self._server_lock, PREDECESSOR_SECONDS)
        if lock is None:
            raise self._predecessor_runs()
        with lock, self._new_log() as log:
            command = self._launch.command(port)
            self._guard = subprocess.Popen(
                [sys.executable, "-I", "-S", str(GUARD), "--", *command],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                pass_fds=[lock.fileno()],  # so the files stay locked while the server lives, not we
                start_new_session=True,
                env={**os.environ, "LC_ALL": "C.UTF-8"},  # else Java cannot open paths beyond ASCII
            )
            self.pid = self._pid_from(self._guard)
            write_line(lock.fileno(), str(self.pid))

    def _new_log(self) -> IO[bytes]:
        if self._log.exists():
            self._log.replace(self._log.with_suffix(".log.1"))
        return self._log.open("wb")

    def _pid_from(self, guard: subprocess.Popen[bytes]) -> int:
        """The server's own pid, or the guard's if the server could not even be executed."""
        with cast("IO[bytes]", guard.stdout) as said:
            return int(said.readline() or guard.pid)

    def _came_up(self, port: int) -> bool:
        deadline = time.monotonic() + self._launch.patience
        while not self.is_dead():
            if self._launch.answers(port):
                return not self.is_dead()
            if time.monotonic() > deadline:
                raise self._gave_up()
            time.sleep(PAUSE_SECONDS)
        return False

    def _gave_up(self) -> LocalServerFailed:
        self.stop()
        return self._failed(f"no answer within {self._launch.patience:.0f} seconds; {reason(self._log)}")

    def _failed(self, why: str) -> LocalServerFailed:
        log = self._log.relative_to(self._home.path)
        return LocalServerFailed(
            f"{self._launch.name} did not start: {why}",
            remedy=f"Its log is {log} in {self._home.path}.",
        )

    def _predecessor_runs(self) -> LocalServerFailed:
        pid = self._server_lock.read_text(encoding="utf-8").strip()
        return LocalServerFailed(
            f"A {self._launch.name} of an earlier start still runs here: process {pid or 'unknown'}.",
            remedy=f"End it (kill {pid or 'PID'}) and start again.",
        )
