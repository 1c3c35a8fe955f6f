"""The trail's upkeep: signed checkpoints, and the sealing of what was written before there was an audit."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from graph.audit import FIRST, link_id
from graph.errors import AuditBroken, InvalidInput
from graph.payouts import actor_name, reason_text
from graph.times import stored
from graph.verification.audit_checkpoints import Checkpoints
from graph.verification.checkpoints import Restoration, read_lines, read_public_key
from graph.verification.findings import Findings

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

    async def restored(self, actor: str, reason: str) -> Checkpoint:
        """Signs that an older copy of the database was put back; what had been signed beyond it is missed no longer.

        Raises InvalidInput if nothing that was signed is missing, and AuditBroken as `checkpoint` does.
        """
        actor_name(actor)
        reason_text(reason)
        heads = await self.store.settled_heads()
        signed = await asyncio.to_thread(self._signed)
        hashes = {row["id"]: row["hash"] async for page in self.store.links() for row in page}
        kept = {chain: _kept(chain, links, hashes) for chain, links in signed.items()}
        if all(kept[chain] == max(links) for chain, links in signed.items()):
            raise InvalidInput("reason", "Nothing that was signed is missing.", code="NOTHING_RESTORED")
        said = Restoration(actor, reason, kept)
        checkpoint = await asyncio.to_thread(self.file.declare, stored(datetime.now(UTC)), heads, said)
        await self.store.note(checkpoint.number, checkpoint.hash)
        log.info("audit checkpoint %d %s after a restoration", checkpoint.number, checkpoint.hash)
        return checkpoint

    def _signed(self) -> dict[str, dict[int, str]]:
        """By chain and number of a link, the hash that the file's checkpoints have signed and not given up since."""
        checkpoints = Checkpoints(Findings(), read_public_key(self.file.public_key_path), (0, FIRST))
        checkpoints.read(read_lines(self.file.path))
        return {chain: {n: of_link for n, (of_link, _) in links.items()} for chain, links in checkpoints.signed.items()}

    async def seal(self, actor: str) -> int:
        """Seals every entry that belongs to no link, a thousand a link, into a chain of their own; how many."""
        after, sealed, count = "", 0, SEAL_AT_ONCE
        while count == SEAL_AT_ONCE:
            now = datetime.now(UTC)
            after, count = await self.store.seal_unlinked(GENESIS, actor, now, after, SEAL_AT_ONCE)
            sealed += count
        return sealed


def _kept(chain: str, signed: dict[int, str], hashes: dict[str, str]) -> int:
    """The last signed link of a chain up to which all are there as they were signed; 0 if the first is not."""
    kept = 0
    for number, of_link in sorted(signed.items()):
        if number and hashes.get(link_id(chain, number)) != of_link:
            break
        kept = number
    return kept
