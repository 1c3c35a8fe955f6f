"""Team volumes, direct buyers and ranks, as the sequence keeps them, against a count from the facts."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graph.standings import ALL_TIME
from graph.verification.mismatches import Mismatch

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from graph.standings import Standings
    from graph.verification.forest import Forest
    from graph.verification.journal import Journal
    from graph.verification.oracle_ranks import Ranks

Volumes = dict[tuple[str, str], int]
"""By currency and period."""


@dataclass(slots=True)
class Teams:
    """Counts of the recount, and how many counters of the store have been seen."""

    ranks: Ranks
    directs: Counter[str]
    volumes_seen: int = 0
    standings_seen: int = 0
    months: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, journal: Journal, ranks: Ranks) -> Teams:
        """The counts of a log that has been read."""
        above = (journal.forest.referrers[buyer] for buyer in journal.first)
        return cls(ranks, Counter(member for member in above if member), months={m for _, _, m in journal.bought})

    def compare(self, expected: Mapping[str, Volumes], found: Standings) -> Iterator[Mismatch]:
        """The counters of some members."""
        self.volumes_seen += len(found.volumes)
        self.standings_seen += len(found.ranks)
        volumes = {(member, *key): minor for member, of_team in expected.items() for key, minor in of_team.items()}
        for key in volumes.keys() | found.volumes.keys():
            counted, stored = volumes.get(key, 0), found.volumes.get(key, 0)
            if counted != stored:
                member, currency, period = key
                yield Mismatch("VOLUME_WRONG", member, counted, stored, f"{currency} ({period})")
        for member in expected:
            if self.directs[member] != found.directs.get(member, 0):
                yield Mismatch("DIRECTS_WRONG", member, self.directs[member], found.directs.get(member, 0))
        yield from self._compare_ranks(found)

    def _compare_ranks(self, found: Standings) -> Iterator[Mismatch]:
        for member, currency in sorted(found.ranks):
            reached = found.ranks[member, currency]
            last = next(reversed(reached.items()), None)
            names = self.ranks.reached.pop((member, currency), set())
            held = self.ranks.held.get((member, currency))
            if last != held or names != reached.keys():
                yield Mismatch("RANK_WRONG", member, _named(held, names), _named(last, set(reached)), currency)

    def finish(self, volumes: int, standings: int) -> Iterator[Mismatch]:
        """What was found with no member, and ranks that are not kept; how many counters the store has."""
        for (member, currency), names in self.ranks.reached.items():
            yield Mismatch("RANK_WRONG", member, _named(self.ranks.held[member, currency], names), "none", currency)
        for name, seen, count in (
            ("team volumes", self.volumes_seen, volumes),
            ("standings", self.standings_seen, standings),
        ):
            if seen != count:
                yield Mismatch("COUNTERS_STRAY", name, seen, count)


def team_volumes(forest: Forest, bought: Mapping[tuple[str, str, str], int]) -> Iterator[tuple[str, Volumes]]:
    """What each member's team has bought, the deepest members first."""
    own: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    for (buyer, currency, month), minor in bought.items():
        own[buyer].append((currency, month, minor))
    teams: dict[str, Volumes] = {}
    for member in sorted(forest.depths, key=lambda member: -forest.depths[member]):
        below = teams.pop(member, {})
        yield member, below
        above = forest.referrers[member]
        if above is not None and (below or member in own):
            team = teams.setdefault(above, defaultdict(int))
            for key, minor in below.items():
                team[key] += minor
            for currency, month, minor in own.get(member, ()):
                team[currency, month] += minor
                team[currency, ALL_TIME] += minor


def _named(last: tuple[str, int] | None, names: set[str]) -> str:
    if last is None:
        return "none"
    others = sorted(names - {last[0]})
    return f"{last[0]} at {last[1]}" + (f" after {', '.join(others)}" if others else "")
