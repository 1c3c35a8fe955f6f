"""Plan documents: what is read, and how every fault is named."""

from __future__ import annotations

import json

import pytest

from graph.errors import PlanInvalid
from graph.plan import (
    Bank,
    Base,
    Eligible,
    Monthly,
    Nearest,
    Plan,
    PlanHistory,
    PlanVersion,
    Rank,
    TeamBonus,
    ThreeForOne,
    Tier,
)
from graph.plan_document import parse_plan, stored_plan
from graph.plan_limits import reach, reaches
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


TEAM = {"ranks": [{"name": "V1", "min_direct": 1, "min_team_volume_minor": 0, "rate_bp": 500}]}
RANK = TEAM["ranks"][0]
SURE = {"name": "n", "acknowledge_multi_level": True}


def test_every_rule_is_read() -> None:
    plan = parse_plan(
        json.dumps(
            SURE
            | {
                "team": TEAM | {"peer_bp": 1000, "note": "as in the rules"},
                "nearest": {"count": 2, "fixed_minor": 100, "eligible": "has_order"},
                "monthly": {"tiers": [{"min_volume_minor": 0, "rate_bp": 100}], "hold_days": 3},
                "currencies": ["CNY"],
                "max_payout_bp": 3000,
                "$schema": "plan.schema.json",
                "note": "one line\nand another",
            }
        )
    )
    assert plan.team == TeamBonus((Rank("V1", 1, 0, 500),), peer_bp=1000)
    assert plan.nearest == Nearest(2, fixed_minor=100, eligible=Eligible.HAS_ORDER)
    assert plan.monthly == Monthly((Tier(0, 100),), hold_days=3)
    assert (plan.max_payout_bp, plan.in_sequence) == (3000, True)


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ({"team": {"ranks": []}}, ["team.ranks must be a list"]),
        ({"team": {"ranks": [{}]}}, [f"team.ranks[0].{key} is missing" for key in RANK]),
        ({"team": {"ranks": [RANK, RANK]}}, ["'V1' twice"]),
        ({"team": {"ranks": [RANK | {"name": ""}]}}, ["ranks[0].name must be 1"]),
        ({"team": {"ranks": [RANK, RANK | {"name": "V2", "rate_bp": 499}]}}, ["'V2' has a lower rate_bp than 'V1'"]),
        ({"nearest": {}}, ["nearest.count is missing"]),
        ({"nearest": {"count": 1}}, ["exactly one"]),
        ({"nearest": {"count": 1, "rate_bp": 1, "fixed_minor": 1}}, ["exactly one", "one currency"]),
        ({"nearest": {"count": 1, "fixed_minor": 1}, "currencies": ["CNY", "EUR"]}, ["one currency"]),
        ({"monthly": {"tiers": [{"min_volume_minor": 5, "rate_bp": 2}] * 2}}, ["does not rise"]),
        ({"monthly": {"tiers": [{"min_volume_minor": n, "rate_bp": 9 - n} for n in (1, 2)]}}, ["rate_bp 7 is below"]),
        ({"max_payout_bp": 100_001}, ["max_payout_bp must be"]),
        ({"note": 1, "levels": {"note": []}}, ["note must be text", "levels.note must be text"]),
    ],
    ids=str,
)
def test_each_fault_says_where_it_is(rules: dict[str, object], words: list[str]) -> None:
    found = faults(SURE | rules)
    assert len(found) == len(words)
    for word in words:
        assert any(word in fault for fault in found)


HAS_ORDER = {"eligible": "has_order"}


@pytest.mark.parametrize(
    ("rules", "depth"),
    [
        ({}, 0),
        ({"three_for_one": {}}, 1),
        ({"levels": {"levels_bp": [1000, 500, 0]}}, 2),
        ({"levels": {"levels_bp": [1000], "compression": True}}, 1),
        ({"levels": {"levels_bp": [1000, 500, 100]}}, 3),
        ({"levels": HAS_ORDER | {"levels_bp": [1000]}}, 1),
        ({"levels": HAS_ORDER | {"levels_bp": [1000], "compression": True}}, None),
        ({"nearest": {"count": 2, "rate_bp": 1}}, 2),
        ({"nearest": {"count": 3, "rate_bp": 1}}, 3),
        ({"nearest": HAS_ORDER | {"count": 1, "rate_bp": 1}}, None),
        ({"team": TEAM}, None),
        ({"monthly": {"tiers": [{"min_volume_minor": 0, "rate_bp": 1}]}}, None),
    ],
    ids=str,
)
def test_a_plan_that_reaches_beyond_max_level_must_say_so(rules: dict[str, object], depth: int | None) -> None:
    assert reach(parse_plan(json.dumps(SURE | rules))) == depth
    document = json.dumps({"name": "n"} | rules)
    if (depth is not None and depth <= 2) or "eligible" in str(rules):  # paid farther up, but no more levels
        parse_plan(document)
        return
    (fault,) = faults(document)
    assert fault.startswith(next(iter(rules)))
    assert "acknowledge_multi_level" in fault
    assert stored_plan(document).name == "n"  # what was published before there was such a limit stays readable


def test_facts_go_in_sequence_from_the_first_version_that_needs_it() -> None:
    capped, plain = Plan("n", max_payout_bp=0), Plan("n")
    versions = [PlanVersion(1, 0, plain, ""), PlanVersion(2, 7, capped, ""), PlanVersion(3, 9, plain, "")]
    assert PlanHistory(versions).sequence_from == 7
    assert PlanHistory(versions[:1]).sequence_from is None


def test_more_levels_need_an_acknowledgement() -> None:
    levels = {"levels_bp": [1000, 500, 100]}
    assert parse_plan(json.dumps({"name": "n", "levels": levels, "acknowledge_multi_level": True})).levels
    assert parse_plan(json.dumps({"name": "n", "levels": levels, "max_level": 3})).levels


V = {"name": "V", "min_direct": 0, "min_team_volume_minor": 0}


@pytest.mark.parametrize(
    ("rules", "reaching"),
    [
        ({"three_for_one": {"slots_bp": [1]}}, [("three_for_one", 1)]),
        ({"three_for_one": {"slots_bp": [0, 0]}}, []),
        ({"levels": {"levels_bp": []}}, []),
        ({"levels": {"levels_bp": [0, 0]}}, []),
        ({"levels": {"levels_bp": [5, 0, 7, 0]}}, [("levels", 3)]),
        ({"team": {"ranks": [{"name": "V", "min_direct": 0, "min_team_volume_minor": 0, "rate_bp": 0}]}}, []),
        (
            {"team": {"ranks": [{"name": "V", "min_direct": 0, "min_team_volume_minor": 0, "rate_bp": 1}]}},
            [("team", None)],
        ),
        ({"monthly": {"tiers": [{"min_volume_minor": 0, "rate_bp": 0}]}}, []),
        ({"monthly": {"tiers": [{"min_volume_minor": 0, "rate_bp": 1}]}}, [("monthly", None)]),
    ],
)
def test_which_rules_reach_how_far(rules: dict[str, object], reaching: list[tuple[str, int | None]]) -> None:
    assert reaches(parse_plan(json.dumps(SURE | rules))) == reaching


def test_each_rule_is_measured_by_its_own_levels() -> None:
    both = {"name": "n", "levels": {"levels_bp": [1, 1]}, "nearest": {"count": 3, "rate_bp": 1}}
    assert faults(both) == ("nearest pays 3 levels, over max_level 2, without acknowledge_multi_level",)
    others = {"name": "n", "levels": {"levels_bp": [1, 1, 1]}, "nearest": {"count": 2, "rate_bp": 1}}
    assert faults(others) == ("levels pays 3 levels, over max_level 2, without acknowledge_multi_level",)
