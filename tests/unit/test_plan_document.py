"""Plan documents: what is read, and how every fault is named."""

from __future__ import annotations

import json

import pytest

from graph.errors import PlanInvalid
from graph.plan import Bank, Base, ThreeForOne
from graph.plan_document import parse_plan
from seeds.plans import DEFAULT, names, preset


def faults(document: object) -> tuple[str, ...]:
    with pytest.raises(PlanInvalid) as caught:
        parse_plan(document if isinstance(document, str) else json.dumps(document))
    return caught.value.reasons


@pytest.mark.parametrize("name", names())
def test_presets_are_valid(name: str) -> None:
    assert parse_plan(preset(name)).name == name


def test_the_default_preset_has_the_defaults_of_the_rules() -> None:
    assert parse_plan(preset(DEFAULT)).three_for_one == ThreeForOne()


def test_null_means_the_default() -> None:
    plan = parse_plan('{"name": "n", "levels": null, "three_for_one": {"bank": "keep", "window_days": null}}')
    assert plan.levels is None
    assert plan.three_for_one == ThreeForOne(bank=Bank.KEEP)
    assert plan.three_for_one.base is Base.OWN


def test_every_fault_is_named_at_once() -> None:
    found = faults({"colour": 1, "three_for_one": {"slots_bp": [], "bank": "piggy", "hold_days": -1, "x": 0}})
    assert len(found) == 6
    for word in ("'colour'", "'x'", "slots_bp", "bank", "hold_days", "name"):
        assert any(word in fault for fault in found)


@pytest.mark.parametrize(
    "document",
    [
        "",
        "not JSON",
        "[" * 100_000,
        [],
        '{"name": "a", "name": "b"}',
        {"name": "n", "levels": {"levels_bp": [10001]}},
        {"name": ""},
        {"name": "a\nb"},
        {"name": "n", "three_for_one": []},
        {"name": "n", "three_for_one": {"slots_bp": [True]}},
        {"name": "n", "three_for_one": {"slots_bp": [1.5]}},
        {"name": "n", "three_for_one": {"slots_bp": [9000, 2000]}},
        {"name": "n", "three_for_one": {"base": ["own"]}},
        {"name": "n", "three_for_one": {"allow_over_100": 1}},
        {"name": "n", "currencies": []},
        {"name": "n", "currencies": [["CNY"]]},
        {"name": "n", "currencies": ["XYZ"]},
        {"name": "n", "levels": {"levels_bp": [1000, 500, 100]}},
    ],
    ids=str,
)
def test_a_faulty_document_is_refused(document: object) -> None:
    assert faults(document)


def test_more_levels_need_an_acknowledgement() -> None:
    levels = {"levels_bp": [1000, 500, 100]}
    assert parse_plan(json.dumps({"name": "n", "levels": levels, "acknowledge_multi_level": True})).levels
    assert parse_plan(json.dumps({"name": "n", "levels": levels, "max_level": 3})).levels
