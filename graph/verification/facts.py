"""The log as the recount takes it: members, plan versions and facts, out of Neo4j in pages.

What the recount would stumble over, a refund of nothing or a second completion, is left out here and named by
`graph/verification/journal.py`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from sys import intern
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from graph.plan import PlanVersion
    from graph.store.database import Row

    Fact = dict[str, Any]


@dataclass(slots=True)
class PlanFacts:
    """The publications up to a mark, by seq; each is told once, before the facts that it governs."""

    versions: Sequence[PlanVersion]
    told: int = 0

    @classmethod
    def upto(cls, mark: int, versions: Iterable[PlanVersion]) -> PlanFacts:
        """Those of the numbered versions that are in force by a mark."""
        numbered = [(v.seq, v.version, v) for v in versions if v.seq is not None and v.seq <= mark]
        return cls([version for _, _, version in sorted(numbered, key=lambda item: item[:2])])

    def before(self, seq: int) -> Iterator[Fact]:
        """The publications up to a seq that have not been told yet."""
        while self.told < len(self.versions) and (self.versions[self.told].seq or 0) <= seq:
            version = self.versions[self.told]
            self.told += 1
            yield {"kind": "plan", "seq": version.seq, "document": json.loads(version.document)}

    def number(self, place: int) -> int:
        """The version that was published as the n-th: the recount counts publications."""
        return self.versions[place - 1].version if place else 0

    def slots_of(self, seq: int) -> int:
        """How many slots an order accepted at a seq has."""
        in_force = [version for version in self.versions if (version.seq or 0) <= seq]
        rule = in_force[-1].plan.three_for_one if in_force else None
        return len(rule.slots_bp) if rule else 0


def facts_of(events: Iterable[Row], plans: PlanFacts) -> Iterator[Fact]:
    """The facts that events tell, in seq order, with the publications between them.

    The recount keeps what it is told: members and currencies are told as the same text each time.
    """
    for event in events:
        yield from plans.before(event["seq"])
        if event["kind"] == "OrderCompleted":
            yield {
                "kind": "completed",
                "seq": event["seq"],
                "order_id": event["order_id"],
                "member_id": intern(event["buyer_id"]),
                "amount_minor": event["amount_minor"],
                "currency": intern(event["currency"]),
                "completed_at": datetime.fromisoformat(event["at"]),
            }
        elif event["kind"] == "OrderRefunded":
            yield {
                "kind": "refunded",
                "seq": event["seq"],
                "order_id": event["order_id"],
                "amount_minor": event["amount_minor"],
            }
        elif event["kind"] == "MonthClosed":
            yield {"kind": "month_closed", "seq": event["seq"], "month": event["month"]}
