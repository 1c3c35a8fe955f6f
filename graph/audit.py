"""What people and jobs did, as the audit keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that an actor did to a subject, such as a payout or a hold."""

    kind: str
    subject: str
    actor: str
    at: datetime
    detail: dict[str, str | int]
