"""No server outlives the process that wanted it, in whatever order they die."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from graph.local import guard

if TYPE_CHECKING:
    from collections.abc import Iterator

GUARD = [sys.executable, "-I", "-S", str(Path(guard.__file__)), "--"]
SLEEP = ["sleep", "600"]
DEAF = ["bash", "-c", "trap '' TERM; while :; do sleep 0.1; done"]
PARENT = """
import os, signal, subprocess, sys, time
signal.signal(signal.SIGINT, signal.SIG_DFL)  # a test run in the background would have handed down that it is ignored
guard = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)
print(guard.pid, guard.stdout.readline().decode().strip(), flush=True)
time.sleep(600)
"""
FORKED = """
fork = os.fork()
if fork:
    print(fork, flush=True)
    os._exit(0)
time.sleep(600)
"""


def is_alive(pid: int) -> bool:
    """A zombie is dead: only its parent has not looked yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def is_gone(pid: int, seconds: float = 5.0) -> bool:
    deadline = time.monotonic() + seconds
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not is_alive(pid)


@contextmanager
def guarded(*command: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    with subprocess.Popen([*GUARD, *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout
            yield process, int(process.stdout.readline())
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_dead_parent_takes_guard_and_server_along(number: signal.Signals) -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT, *GUARD, *SLEEP], stdout=subprocess.PIPE) as parent:
        assert parent.stdout
        guard_pid, server = (int(word) for word in parent.stdout.readline().split())
        parent.send_signal(number)
    assert is_gone(server)
    assert is_gone(guard_pid)


def test_a_killed_guard_takes_the_server_along() -> None:
    with guarded(*SLEEP) as (process, server):
        process.kill()
        assert is_gone(server)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_to_the_guard_ends_the_server_in_order(number: signal.Signals) -> None:
    with guarded(*SLEEP) as (process, server):
        process.send_signal(number)
        assert process.wait(5) == 128 + signal.SIGTERM
        assert is_gone(server)


def test_a_fork_that_keeps_the_pipe_open_does_not_keep_the_server() -> None:
    script = PARENT.replace("time.sleep(600)", FORKED)
    with subprocess.Popen([sys.executable, "-c", script, *GUARD, *SLEEP], stdout=subprocess.PIPE) as parent:
        assert parent.stdout
        server = int(parent.stdout.readline().split()[1])
        fork = int(parent.stdout.readline())
        parent.wait()
        try:
            assert is_gone(server)
            assert is_alive(fork)
        finally:
            os.kill(fork, signal.SIGKILL)


def test_the_exit_code_is_passed_on() -> None:
    with guarded("sh", "-c", "exit 7") as (process, _):
        assert process.wait(5) == 7


def test_a_server_that_does_not_listen_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "GRACE_SECONDS", 0.3)
    with subprocess.Popen(DEAF) as deaf:
        time.sleep(0.2)
        assert guard.stop(deaf) == 128 + signal.SIGKILL
