"""What a member may see, in Neo4j: who is near enough below them, and which rewards are theirs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graph.store.queries import load
from graph.store.rewards import posted_reward

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graph.ledger import PostedReward
    from graph.store.database import Database

LEVELS = load("sight/levels")
REWARDS = load("sight/rewards")


@dataclass(frozen=True, slots=True)
class SightStore:
    """Reads for members only: staff see all, and never ask."""

    database: Database

    async def levels(self, viewer_id: str, member_ids: Sequence[str], max_level: int) -> dict[str, int]:
        """How far below the viewer those of these members are whom the viewer sees; 0 for the viewer."""
        rows = await self.database.rows(LEVELS, viewer_id=viewer_id, member_ids=list(member_ids), max_level=max_level)
        return {row["member_id"]: row["level"] for row in rows}

    async def rewards(self, viewer_id: str, order_ids: Sequence[str]) -> dict[str, list[PostedReward]]:
        """What each of these orders made due to the viewer; an unknown order is like one that paid nothing."""
        rewards: dict[str, list[PostedReward]] = {order_id: [] for order_id in order_ids}
        for row in await self.database.rows(REWARDS, viewer_id=viewer_id, order_ids=list(rewards)):
            rewards[row["order_id"]].append(posted_reward(row["reward"]))
        return rewards
