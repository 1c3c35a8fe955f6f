"""The one line of a server's log that says why it ended."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

TAIL_BYTES = 65_536
CAUSE = re.compile(r"(?:Caused by: |Exception in thread \S+ )?(?:[a-z]\w*\.)+[A-Z][\w$]*: (.+)")
TAKEN = ("Address already in use", "BindException")


def tail(log: Path) -> list[str]:
    """The last lines that are not blank, oldest first."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - TAIL_BYTES))
            text = file.read().decode(errors="replace")
    except FileNotFoundError:
        return []
    return [line for line in text.splitlines() if line.strip()]


def reason(log: Path) -> str:
    """The two innermost causes of a Java stack trace, outer first, or else the last line."""
    lines = tail(log) or ["it wrote nothing"]
    causes = [match[1] for line in lines if (match := CAUSE.match(line))]
    return ": ".join(causes[-2:]) or lines[-1].strip()


def port_was_taken(log: Path) -> bool:
    """Whether the server ended because another had its port."""
    return any(mark in line for line in tail(log) for mark in TAKEN)
