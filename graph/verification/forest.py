"""The forest: everyone has one referrer at most, nobody is above themselves, and depth counts the hops to the root."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graph.verification.mismatches import Mismatch

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from graph.store.database import Row


@dataclass(slots=True)
class Forest:
    """Who referred whom, as stored, with what members say of themselves."""

    referrers: dict[str, str | None] = field(default_factory=dict)
    said_depths: dict[str, int | None] = field(default_factory=dict)
    first_orders: dict[str, int] = field(default_factory=dict)
    depths: dict[str, int] = field(default_factory=dict)
    """The hops to the root, counted; nothing for those in and below a cycle."""
    sound: bool = True

    def read(self, page: Iterable[Row]) -> Iterator[Mismatch]:
        """Takes in members."""
        for row in page:
            member, above = row["member_id"], row["referrer_ids"]
            self.referrers[member] = above[0] if above else None
            self.said_depths[member] = row["depth"]
            if row["first_order_seq"] is not None:
                self.first_orders[member] = row["first_order_seq"]
            if len(above) > 1:
                self.sound = False
                yield Mismatch("REFERRER_DOUBLED", member, 1, len(above), ", ".join(sorted(above)))

    def check(self) -> Iterator[Mismatch]:
        """What is wrong with the whole, once all members have been taken in."""
        hopeless: set[str] = set()
        for member in self.referrers:
            path, cycle = self._climb(member, hopeless)
            if cycle:
                self.sound = False
                yield Mismatch("REFERRAL_CYCLE", min(cycle), about=" → ".join([*cycle, cycle[0]][:9]))
            if path and path[-1] in hopeless:
                hopeless.update(path)
                continue
            for step in reversed(path):
                above = self.referrers[step]
                self.depths[step] = self.depths[above] + 1 if above is not None else 0
        for member, depth in self.depths.items():
            if self.said_depths[member] != depth:
                yield Mismatch("DEPTH_WRONG", member, depth, self.said_depths[member])

    def _climb(self, member: str, hopeless: set[str]) -> tuple[list[str], list[str]]:
        """The way up to the first member whose depth is known, or to a root; and the cycle that it ran into."""
        path: dict[str, None] = {}
        step: str | None = member
        while step is not None and step not in self.depths:
            if step in hopeless:
                return [*path, step], []
            if step in path:
                way = list(path)
                cycle = way[way.index(step) :]
                hopeless.update(way)
                return way, cycle
            path[step] = None
            step = self.referrers[step]
        return list(path), []
