"""Level commission, rules.md §4."""

from __future__ import annotations

import json

import pytest
from pure_engine import PureEngine

from graph.commissions import WHOLE_UPLINE, levels_needed
from graph.plan import PlanVersion
from graph.plan_document import parse_plan


def shop(**levels: object) -> PureEngine:
    """a refers b refers c refers d."""
    return PureEngine(
        json.dumps({"name": "levels", "levels": {"levels_bp": [1000, 500]} | levels, "acknowledge_multi_level": True}),
        {"a": None, "b": "a", "c": "b", "d": "c"},
    )


def paid(engine: PureEngine, buyer: str, amount: int) -> list[tuple[str, int | None, int]]:
    return [(r.beneficiary_id, r.level, r.worth_minor) for r in engine.buys(buyer, amount)]


def test_each_level_earns_its_rate() -> None:
    assert paid(shop(), "d", 10000) == [("c", 1, 1000), ("b", 2, 500)]


def test_a_short_upline_pays_the_levels_there_are() -> None:
    assert paid(shop(), "b", 10000) == [("a", 1, 1000)]
    assert paid(shop(), "a", 10000) == []


def test_every_order_pays_not_only_the_first() -> None:
    engine = shop()
    assert paid(engine, "b", 10000) == paid(engine, "b", 10000)


def test_half_a_minor_unit_rounds_up() -> None:
    assert paid(shop(), "d", 45) == [("c", 1, 5), ("b", 2, 2)]
    assert paid(shop(), "d", 10) == [("c", 1, 1), ("b", 2, 1)]


def test_what_rounds_to_nothing_is_no_reward() -> None:
    assert paid(shop(), "d", 4) == []


def test_an_ineligible_level_pays_nothing() -> None:
    engine = shop(eligible="has_order")
    engine.buys("b", 100)
    assert paid(engine, "d", 10000) == [("b", 2, 500)]


def test_compression_hands_the_level_to_the_next_eligible() -> None:
    engine = shop(eligible="has_order", compression=True)
    engine.buys("b", 100)
    engine.buys("a", 100)
    assert paid(engine, "d", 10000) == [("b", 1, 1000), ("a", 2, 500)]


def test_an_order_does_not_make_its_own_upline_eligible_later() -> None:
    engine = shop(eligible="has_order")
    assert paid(engine, "c", 10000) == []
    assert paid(engine, "d", 10000) == [("c", 1, 1000)]


def test_the_path_runs_from_the_buyer_to_the_beneficiary() -> None:
    engine = shop(eligible="has_order", compression=True)
    engine.buys("a", 100)
    (reward,) = engine.buys("d", 10000)
    assert reward.path == ("d", "c", "b", "a")
    assert reward.level == 1


LEVELS = {"levels_bp": [1000, 500]}
SKIPPING = {"eligible": "has_order", "compression": True}


@pytest.mark.parametrize(
    ("rules", "levels"),
    [
        ({}, 0),
        ({"levels": LEVELS}, 2),
        ({"levels": LEVELS | {"compression": True}}, 2),
        ({"levels": LEVELS | {"eligible": "has_order"}}, 2),
        ({"levels": LEVELS | SKIPPING}, WHOLE_UPLINE),
        ({"nearest": {"count": 3, "rate_bp": 1}}, 3),
        ({"nearest": {"count": 3, "rate_bp": 1, "eligible": "has_order"}}, WHOLE_UPLINE),
        ({"levels": LEVELS, "nearest": {"count": 1, "rate_bp": 1}}, 2),
        ({"team": {"ranks": [{"name": "V", "min_direct": 1, "min_team_volume_minor": 1, "rate_bp": 1}]}}, WHOLE_UPLINE),
        ({"monthly": {"tiers": [{"min_volume_minor": 1, "rate_bp": 1}]}}, WHOLE_UPLINE),
    ],
)
def test_how_far_up_a_plan_looks(rules: dict[str, object], levels: int) -> None:
    document = json.dumps({"name": "n", "acknowledge_multi_level": True, "currencies": ["CNY"]} | rules)
    version = PlanVersion(1, 0, parse_plan(document), document)
    assert levels_needed(version, "CNY") == levels
    assert levels_needed(version, "USD") == 0
