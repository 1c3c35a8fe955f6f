"""The trail's upkeep: signed checkpoints, and the sealing of what was written before there was an audit."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from graph.errors import AuditBroken
from graph.times import stored

if TYPE_CHECKING:
    from graph.store.audit import AuditStore
    from graph.verification.checkpoints import Checkpoint, CheckpointFile

log = logging.getLogger(__name__)

GENESIS = "genesis"
"""The chain that holds the entries from before the audit."""
SEAL_AT_ONCE = 1_000
LOOKS = 5
"""How often the heads are read again because another process made a later checkpoint meanwhile."""


@dataclass(frozen=True, slots=True)
class AuditTrail:
    """Keeps the trail that the stores write."""

    store: AuditStore
    file: CheckpointFile

    async def checkpoint(self) -> Checkpoint | None:
        """Signs where all chains end now; the newest one if none has moved, None while there is no chain.

        Raises AuditBroken when a chain ends before what the newest checkpoint has signed: the database lost links.
        """
        for _ in range(LOOKS):
            heads = await self.store.heads()
            if not heads:
                return None
            checkpoint = await asyncio.to_thread(self.file.append, stored(datetime.now(UTC)), heads)
            if checkpoint is not None:
                await self.store.note(checkpoint.number, checkpoint.hash)
                log.info("audit checkpoint %d %s", checkpoint.number, checkpoint.hash)
                return checkpoint
        raise AuditBroken(
            "A chain ends before what the newest checkpoint has signed.", remedy="See `threefold audit verify`."
        )

    async def seal(self, actor: str) -> int:
        """Seals every entry that belongs to no link, a thousand a link, into a chain of their own; how many."""
        after, sealed, count = "", 0, SEAL_AT_ONCE
        while count == SEAL_AT_ONCE:
            now = datetime.now(UTC)
            after, count = await self.store.seal_unlinked(GENESIS, actor, now, after, SEAL_AT_ONCE)
            sealed += count
        return sealed
