"""Advisory locks on files. A dead holder's lock is free, whatever killed it."""

from __future__ import annotations

import fcntl
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path
    from typing import TextIO

PAUSE_SECONDS = 0.05


def take(path: Path, patience: float) -> TextIO | None:
    """The locked file, which must stay open, or None if another holds it for longer than `patience` seconds.

    The lock belongs to the open file: a child that inherits the descriptor holds it too.
    """
    file = path.open("a+", encoding="utf-8")
    deadline = time.monotonic() + patience
    while not _locked(file, fcntl.LOCK_EX):
        if time.monotonic() > deadline:
            file.close()
            return None
        time.sleep(PAUSE_SECONDS)
    return file


def is_held(path: Path) -> bool:
    """Whether someone holds it now. Looking locks it for an instant: whoever takes must be patient."""
    try:
        file = path.open("r", encoding="utf-8")
    except FileNotFoundError:
        return False
    with file:
        return not _locked(file, fcntl.LOCK_SH)


def _locked(file: TextIO, kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
