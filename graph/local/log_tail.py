"""The one line of a server's log that says why it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

TAIL_BYTES = 65_536
FRAMES = ("\tat ", "\t... ", "    at ")
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
    """The innermost cause of a Java stack trace, or else the last line that is no stack frame."""
    lines = [line for line in tail(log) if not line.startswith(FRAMES)]
    causes = [line for line in lines if line.startswith("Caused by: ")]
    return (causes or lines or ["it wrote nothing"])[-1].strip()


def port_was_taken(log: Path) -> bool:
    """Whether the server ended because another had its port."""
    return any(mark in line for line in tail(log) for mark in TAKEN)
