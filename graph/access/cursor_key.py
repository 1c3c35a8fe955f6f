"""The secret under which cursors are sealed: one an installation, made at first use, in a file of its home."""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path

NAME = "cursors.key"


def cursor_key(home: Path) -> bytes:
    """The key of this home, the same for all of its processes. With another, earlier cursors are refused."""
    path = home / NAME
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        _make(path)
    return bytes.fromhex(path.read_text(encoding="ascii"))


def _make(path: Path) -> None:
    """Whole, and once: of two processes that make it at the same time, the second keeps the first one's."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)  # mkstemp creates with 0600
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
        os.link(name, path)
    except FileExistsError:
        pass
    finally:
        Path(name).unlink()
