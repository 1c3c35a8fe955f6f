"""The one way in which the desk moves money: entries and what was done, in the caller's transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graph.store import audit
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
    tx: Transaction, chain: str, actor: str, at: datetime, entries: Sequence[Entry], actions: Sequence[Action]
) -> None:
    """Writes entries, whose keys refuse a second writing, and their audit link. All other locks are taken before."""
    draft = await audit.begin(tx, chain)
    if entries:
        rows = [{"reward_id": entry.reward_id, "entry": entry_properties(entry, draft.link_id)} for entry in entries]
        await tx.run(POST_ENTRIES, rows=rows)
    await draft.seal(tx, actor, at, entries, actions)
