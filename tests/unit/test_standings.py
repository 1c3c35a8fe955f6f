"""What teams have done, and the ranks that it brings: rules.md §5."""

from __future__ import annotations

from graph.plan import Rank, TeamBonus
from graph.standings import ALL_TIME, Standings

TEAM = TeamBonus((Rank("V1", 1, 100, 500), Rank("V2", 2, 200, 1000)))


def standings(direct: int, volume: int) -> Standings:
    found = Standings()
    for _ in range(direct):
        found.count_direct("a")
    found.count(["a"], "CNY", "2026-01", volume)
    return found


def test_volumes_are_kept_for_all_time_and_by_month() -> None:
    found = standings(0, 100)
    found.count(["a", "b"], "CNY", "2026-02", -30)
    assert found.volumes == {
        ("a", "CNY", ALL_TIME): 70,
        ("a", "CNY", "2026-01"): 100,
        ("a", "CNY", "2026-02"): -30,
        ("b", "CNY", ALL_TIME): -30,
        ("b", "CNY", "2026-02"): -30,
    }
    assert found.changed_volumes == found.volumes.keys()


def test_a_rank_needs_both_conditions() -> None:
    for direct, volume, place in ((0, 100, None), (1, 99, None), (1, 100, 0), (2, 199, 0), (2, 200, 1), (9, 999, 1)):
        found = standings(direct, volume)
        found.look(["a"], "CNY", TEAM, 7)
        assert found.rank("a", "CNY", TEAM) == place, (direct, volume)
        assert found.changed_ranks == ({("a", "CNY")} if place is not None else set())


def test_a_rank_once_reached_stays_with_its_seq() -> None:
    found = standings(2, 200)
    found.look(["a"], "CNY", TEAM, 7)
    found.count(["a"], "CNY", "2026-01", -200)
    found.look(["a"], "CNY", TEAM, 9)
    assert found.ranks == {("a", "CNY"): {"V2": 7}}
    assert found.rank("a", "USD", TEAM) is None


def test_the_rank_before_an_order_has_a_lower_seq() -> None:
    found = standings(1, 100)
    found.look(["a"], "CNY", TEAM, 7)
    assert [found.rank_before("a", "CNY", TEAM, seq) for seq in (7, 8)] == [None, 0]
    assert found.rank_before("b", "CNY", TEAM, 8) is None


def test_parts_hold_every_change_once() -> None:
    found = standings(1, 100)
    found.count(["b"], "CNY", "2026-01", 5)
    parts = list(found.parts(3))
    volumes = [key for part in parts for key in part.changed_volumes]
    assert sorted(volumes) == sorted(found.changed_volumes)
    assert max(len(part.changed_volumes) for part in parts) == 3
    assert [part.changed_directs for part in parts] == [set()] * (len(parts) - 1) + [{"a"}]
