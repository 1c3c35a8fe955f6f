"""What teams have done so far, fact by fact in seq order: volumes, direct buyers, ranks reached (rules.md §5)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from graph.plan import TeamBonus

ALL_TIME = "all"
"""The period of a volume that is no month."""

VolumeKey = tuple[str, str, str]
"""Member, currency, period: a month such as 2026-01, or ALL_TIME."""


@dataclass(slots=True)
class Standings:
    """The counters of the members that a batch of facts touches. `changed_…` say what a store has to write.

    Volumes are minor units of completed orders of the whole team, net of refunds so far. `directs` counts direct
    referees with an accepted completion. `ranks` holds, by member and currency, each rank reached by name with the
    seq of the fact that brought it: the highest rank before an order is that of the ranks reached with a lower seq.
    """

    volumes: dict[VolumeKey, int] = field(default_factory=lambda: defaultdict(int))
    directs: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    ranks: dict[tuple[str, str], dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    changed_volumes: set[VolumeKey] = field(default_factory=set)
    changed_directs: set[str] = field(default_factory=set)
    changed_ranks: set[tuple[str, str]] = field(default_factory=set)

    def count(self, upline: Iterable[str], currency: str, month: str, minor: int) -> None:
        """Adds an amount to the volumes of a buyer's upline; a refund's is below zero."""
        for member_id in upline:
            for key in ((member_id, currency, ALL_TIME), (member_id, currency, month)):
                self.volumes[key] += minor
                self.changed_volumes.add(key)

    def count_direct(self, referrer_id: str) -> None:
        """One more direct referee has bought."""
        self.directs[referrer_id] += 1
        self.changed_directs.add(referrer_id)

    def look(self, upline: Iterable[str], currency: str, team: TeamBonus, seq: int) -> None:
        """Notes the highest rank whose conditions hold now, for each member who has not reached it yet."""
        for member_id in upline:
            rank = self.rank(member_id, currency, team)
            held = self._highest_held(member_id, currency, team, -1 if rank is None else rank)
            if held is not None:
                self.ranks[member_id, currency][team.ranks[held].name] = seq
                self.changed_ranks.add((member_id, currency))

    def parts(self, count: int) -> Iterator[Standings]:
        """The same counters in parts with at most so many changed volumes each, for a store to write one by one."""
        volumes = sorted(self.changed_volumes)
        for first in range(0, len(volumes), count):
            yield replace(self, changed_volumes=set(volumes[first : first + count]), changed_directs=set())
        yield replace(self, changed_volumes=set())

    def rank(self, member_id: str, currency: str, team: TeamBonus) -> int | None:
        """The place in the table of the highest rank that a member has reached, under whatever version."""
        reached = self.ranks.get((member_id, currency))
        if not reached:
            return None
        return next((place for place in range(len(team.ranks) - 1, -1, -1) if team.ranks[place].name in reached), None)

    def rank_before(self, member_id: str, currency: str, team: TeamBonus, seq: int) -> int | None:
        """The rank that a member had when the order of this seq paid: what that order brought came after."""
        reached = self.ranks.get((member_id, currency), {})
        held = (place for place, rank in enumerate(team.ranks) if rank.name in reached and reached[rank.name] < seq)
        return max(held, default=None)

    def _highest_held(self, member_id: str, currency: str, team: TeamBonus, above: int) -> int | None:
        """The place of the highest rank, above one place, whose two conditions hold now."""
        direct, volume = self.directs.get(member_id, 0), self.volumes.get((member_id, currency, ALL_TIME), 0)
        for place in range(len(team.ranks) - 1, above, -1):
            rank = team.ranks[place]
            if direct >= rank.min_direct and volume >= rank.min_team_volume_minor:
                return place
        return None
