"""The whole history in Neo4j, read in columns: a million facts in seconds, for those who go through all of them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graph.fact_pages import FactPage
from graph.rewards import Rule
from graph.store.paging import stretches
from graph.store.queries import load
from graph.times import stored

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime

    from graph.rewards import Share
    from graph.store.database import Database

COLUMNS = load("event/columns")
FIRST_SINCE = load("event/first_since")
REFERRALS = load("member/referrals")
SUMS = load("reward/sums")

SEQS_AT_ONCE = 10_000
MEMBERS_AT_ONCE = 50_000
REWARDS_AT_ONCE = 50_000


@dataclass(frozen=True, slots=True)
class HistoryStore:
    """Reads only."""

    database: Database

    async def pages(self, upto: int) -> AsyncIterator[FactPage]:
        """All facts up to a seq, in seq order; publications of plans are none."""
        for first, last in stretches(0, upto, SEQS_AT_ONCE):
            (row,) = await self.database.rows(COLUMNS, after=first, upto=last)
            yield FactPage(**row)

    async def referrals(self) -> tuple[dict[str, str], dict[str, int]]:
        """Every referred member's referrer, and every buyer's first completion by its seq."""
        referrers: dict[str, str] = {}
        first_seqs: dict[str, int] = {}
        after = ""
        while True:
            (row,) = await self.database.rows(REFERRALS, after=after, count=MEMBERS_AT_ONCE)
            if not row["member_ids"]:
                return referrers, first_seqs
            after = row["member_ids"][-1]
            for member_id, referrer_id, seq in zip(
                row["member_ids"], row["referrer_ids"], row["first_seqs"], strict=True
            ):
                if referrer_id:
                    referrers[member_id] = referrer_id
                if seq:
                    first_seqs[member_id] = seq

    async def posted(self, upto: int) -> dict[Share, int]:
        """What the ledger holds of the rewards for facts up to a seq, in minor units; adjustments are no plan's."""
        posted: defaultdict[Share, int] = defaultdict(int)
        for first, last in stretches(-1, upto, REWARDS_AT_ONCE):
            (row,) = await self.database.rows(SUMS, after=first, upto=last)
            columns = (row["beneficiary_ids"], row["rules"], row["currencies"], row["sums"])
            for beneficiary_id, rule, currency, minor in zip(*columns, strict=True):
                posted[beneficiary_id, Rule(rule), currency] += minor
        return posted

    async def first_since(self, moment: datetime) -> int | None:
        """The seq of the first completion, in the order of acceptance, that happened at a moment or after it."""
        (row,) = await self.database.rows(FIRST_SINCE, since=stored(moment))
        return None if row["seq"] is None else int(row["seq"])
