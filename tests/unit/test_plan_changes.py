"""What differs between two plans."""

from __future__ import annotations

from graph.plan_changes import Change, changes
from graph.plan_document import parse_plan
from seeds.plans import preset


def test_a_plan_differs_from_itself_in_nothing() -> None:
    plan = parse_plan(preset("team-differential"))
    assert changes(plan, plan) == []


def test_settings_are_named_by_their_path() -> None:
    old, new = parse_plan(preset("three-for-one")), parse_plan(preset("three-for-one-threshold"))
    assert changes(old, new) == [
        Change("name", "three-for-one", "three-for-one-threshold"),
        Change("three_for_one.mode", "slot", "threshold"),
    ]


def test_a_rule_that_goes_takes_its_settings_with_it() -> None:
    old, new = parse_plan(preset("two-level")), parse_plan('{"name": "two-level", "currencies": ["EUR", "CNY"]}')
    assert {change.setting: (change.old, change.new) for change in changes(old, new)} == {
        "levels.levels_bp": ([1000, 500], None),
        "levels.eligible": ("any", None),
        "levels.compression": (False, None),
        "levels.hold_days": (7, None),
        "currencies": (None, ["CNY", "EUR"]),
    }


def test_ranks_are_compared_one_by_one() -> None:
    document = preset("team-differential")
    found = changes(parse_plan(document), parse_plan(document.replace('"rate_bp": 500', '"rate_bp": 600')))
    assert found == [Change("team.ranks[0].rate_bp", 500, 600)]
