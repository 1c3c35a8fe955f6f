"""The slots in the store against the recount: the same referral in the same place, and none twice."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graph.verification.mismatches import Mismatch

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from graph.store.database import Row
    from graph.verification.facts import PlanFacts


@dataclass(slots=True)
class Slots:
    """The slots that the recount has filled. What is left when all have been seen is missing."""

    expected: dict[tuple[str, int], str]
    plans: PlanFacts
    seen: set[tuple[str, int | None]] = field(default_factory=set)
    referrals: dict[str, str] = field(default_factory=dict)

    def read(self, page: Iterable[Row]) -> Iterator[Mismatch]:
        """Takes in slots in the order of their anchors."""
        anchor = None
        for row in page:
            if row["anchor_id"] != anchor:
                anchor = row["anchor_id"]
                self.seen.clear()
            yield from self._compare(row)

    def _compare(self, row: Row) -> Iterator[Mismatch]:
        anchor, position, referral = row["anchor_id"], row["position"], row["referral_order_id"]
        name = f"{anchor}/{position}"
        if row["anchor_order_id"] != anchor:
            yield Mismatch("SLOT_ANCHOR", f"{row['anchor_order_id']}/{position}", row["anchor_order_id"], anchor)
        if referral in self.referrals:
            yield Mismatch("REFERRAL_DOUBLED", referral, self.referrals[referral], name)
        self.referrals[referral] = name
        if (anchor, position) in self.seen:
            yield Mismatch("SLOT_DOUBLED", name, None, referral)
            return
        self.seen.add((anchor, position))
        places = self.plans.slots_of(row["anchor_seq"])
        expected = self.expected.pop((anchor, position), None)
        if position is None or not 1 <= position <= places:
            yield Mismatch("SLOT_OUT_OF_RANGE", name, places, referral)
        elif expected is None:
            yield Mismatch("SLOT_SURPLUS", name, None, referral)
        elif expected != referral:
            yield Mismatch("SLOT_REFERRAL", name, expected, referral)

    def missing(self) -> Iterator[Mismatch]:
        """What is filled by the facts, but not in the store."""
        for (anchor, position), referral in self.expected.items():
            yield Mismatch("SLOT_MISSING", f"{anchor}/{position}", referral)
