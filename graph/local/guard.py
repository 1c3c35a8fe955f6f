"""Runs one server and ends it when the process that wanted it is gone: `python -I -S guard.py -- command…`.

Its stdin is a pipe that nobody writes to: the pipe closes when the parent dies, by whatever signal. Then, or
on SIGTERM, the server gets SIGTERM, 20 seconds, and SIGKILL. If the guard itself is killed, Linux kills the
server. The server's pid is written to stdout; both outputs of the server go to the guard's stderr.
"""

from __future__ import annotations

import ctypes
import os
import select
import signal
import subprocess
import sys

GRACE_SECONDS = 20
PARENT_CHECK_SECONDS = 1.0
PR_SET_PDEATHSIG = 1


def die_with(guard: int) -> None:
    """Runs in the child before the server does; a guard that is already gone is noticed by its pid."""
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != guard:
        os.kill(os.getpid(), signal.SIGKILL)


def start(command: list[str]) -> subprocess.Popen[bytes]:
    """The server; descriptors that the guard was handed (the lock of the server's files) are passed on."""
    guard = os.getpid()
    server = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=2,
        close_fds=False,
        preexec_fn=lambda: die_with(guard),  # noqa: PLW1509 - the guard has one thread
    )
    os.write(1, b"%d\n" % server.pid)
    os.close(1)
    return server


def wait_for_an_end(server: subprocess.Popen[bytes], parent: int, wake: int) -> None:
    """Return when the server has ended, a signal asks for it, or the parent is gone.

    The pipe alone would do, were it not for a parent that forked without exec: its copy keeps the pipe open.
    """
    while server.poll() is None and os.getppid() == parent:
        readable, _, _ = select.select([0, wake], [], [], PARENT_CHECK_SECONDS)
        if 0 in readable and not os.read(0, 1):
            return
        if wake in readable and set(os.read(wake, 64)) - {signal.SIGCHLD}:
            return


def stop(server: subprocess.Popen[bytes]) -> int:
    """Ask, wait, insist; the exit code as a shell would give it."""
    if server.poll() is None:
        server.terminate()
    try:
        code = server.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        code = server.wait()
    return code if code >= 0 else 128 - code


def wake_on_signals() -> int:
    """A descriptor that gets the number of each signal, so that one select waits for everything."""
    wake, write = os.pipe()
    os.set_blocking(write, False)
    signal.set_wakeup_fd(write)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD):
        signal.signal(number, lambda *_: None)
    return wake


def main() -> int:
    """Guard the command after `--`."""
    parent = os.getppid()  # asked before the parent hears of the server, and so while it lives
    wake = wake_on_signals()
    server = start(sys.argv[sys.argv.index("--") + 1 :])
    wait_for_an_end(server, parent, wake)
    return stop(server)


if __name__ == "__main__":
    sys.exit(main())
