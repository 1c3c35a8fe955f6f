"""Differential, peer and monthly tier: the example of rules.md §5 and its edges."""

from __future__ import annotations

import json

from made_rewards import NOON

from graph.bonuses import differentials, tier_worth
from graph.events import OrderCompleted
from graph.members import Ancestor, MemberId
from graph.orders import OrderId
from graph.plan import Monthly, PlanVersion, Tier
from graph.plan_document import parse_plan

RATES = {"V1": 500, "V2": 1000, "V3": 1500, "V4": 2000}


def earned(*ranks: str | None, rates: dict[str, int] | None = None, net: int = 100_000) -> list[tuple[str, int, int]]:
    """(rule, level, amount) for uplines of these ranks, with what is left of them on half the order."""
    table = [
        {"name": name, "min_direct": 0, "min_team_volume_minor": 0, "rate_bp": rate}
        for name, rate in (rates or RATES).items()
    ]
    document = json.dumps({"name": "n", "acknowledge_multi_level": True, "team": {"ranks": table, "peer_bp": 1000}})
    upline = [Ancestor(MemberId(f"m{level}"), level, None) for level in range(1, len(ranks) + 1)]
    places = {f"m{level}": list(rates or RATES).index(rank) for level, rank in enumerate(ranks, start=1) if rank}
    order = OrderCompleted(9, OrderId("o"), MemberId("b"), MemberId("m1"), 100_000, "CNY", NOON, first=True)
    found = differentials(order, upline, places, PlanVersion(1, 0, parse_plan(document), document))
    return [(r.rule.value, r.level or 0, r.on(net).worth_minor) for r in found]


def test_the_example_of_the_rules() -> None:
    assert earned("V1", "V2", "V2", "V4") == [
        ("differential", 1, 5000),
        ("differential", 2, 5000),
        ("peer", 3, 500),
        ("differential", 4, 10_000),
    ]


def test_on_half_the_order_it_is_half() -> None:
    assert [amount for _, _, amount in earned("V1", "V2", "V2", "V4", net=50_000)] == [2500, 2500, 250, 5000]


def test_who_has_no_rank_takes_no_part_and_hides_no_peer() -> None:
    assert earned(None, "V2", None, "V1", "V2") == [("differential", 2, 10_000), ("peer", 5, 1000)]


def test_one_peer_a_winner() -> None:
    assert earned("V2", "V2", "V2") == [("differential", 1, 10_000), ("peer", 2, 1000)]


def test_a_higher_rank_between_ends_the_search_even_at_the_same_rate() -> None:
    same = {"V1": 1000, "V2": 1000}
    assert earned("V1", "V2", "V1", rates=same) == [("differential", 1, 10_000)]


def test_a_tier_holds_from_its_volume_on_for_the_whole_volume() -> None:
    monthly = Monthly((Tier(1000, 100), Tier(5000, 300)))
    assert [tier_worth(monthly, volume) for volume in (999, 1000, 4999, 5000)] == [
        (0, 0),
        (10, 100),
        (50, 100),
        (150, 300),
    ]
