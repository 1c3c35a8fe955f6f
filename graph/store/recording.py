"""The one way in which the desk moves money: entries and what was done, in the caller's transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graph.store.ledger import POST_ENTRIES
from graph.store.rewards import entry_properties

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from graph.audit import Action
    from graph.ledger import Entry
    from graph.store.database import Transaction

DESK = "desk"
"""The chain of all that people and jobs do."""


async def record(
    tx: Transaction,
    chain: str,  # noqa: ARG001  for the audit
    actor: str,  # noqa: ARG001  for the audit
    at: datetime,  # noqa: ARG001  for the audit
    entries: Sequence[Entry],
    actions: Sequence[Action],  # noqa: ARG001  for the audit
) -> None:
    """Writes entries, whose keys refuse a second writing."""
    if entries:
        rows = [{"reward_id": entry.reward_id, "entry": entry_properties(entry)} for entry in entries]
        await tx.run(POST_ENTRIES, rows=rows)
