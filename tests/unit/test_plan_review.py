"""Reviews of plans: the numbers that `plan check` says, and that both languages say all of them."""

from __future__ import annotations

import json
from fractions import Fraction
from string import Formatter
from typing import Any

import pytest

from graph.languages import Language
from graph.plan_document import parse_plan
from graph.plan_findings import Amount, Finding, Severity, Topic
from graph.plan_review import review
from graph.plan_risks import returned_to_self
from graph.plan_texts import FINDINGS, WORDS, explained, percent, plain, sentence
from seeds.plans import names, preset

SURE = {"name": "n", "acknowledge_multi_level": True}
RANKS = [
    {"name": f"V{n}", "min_direct": n, "min_team_volume_minor": 100 * (n - 1), "rate_bp": 500 * n} for n in (1, 2, 3, 4)
]
EVERYTHING: list[dict[str, Any]] = [
    {"three_for_one": {"min_order_minor": 100, "window_days": 30, "max_cycles": 2, "bank": "keep", "base": "min"}},
    {"three_for_one": {"base": "referee", "qualify": "every_order", "slots_bp": [9000, 9000], "allow_over_100": True}},
    {"three_for_one": {"hold_days": 0}, "max_payout_bp": 1000},
    {"levels": {"levels_bp": [5000, 5000], "eligible": "has_order"}},
    {"levels": {"levels_bp": [100], "eligible": "has_order", "compression": True}},
    {"levels": {"levels_bp": [100, 100, 100]}},
    {"nearest": {"count": 3, "fixed_minor": 500, "eligible": "has_order"}, "currencies": ["CNY"]},
    {"team": {"ranks": RANKS, "peer_bp": 1000}},
    {},
]
PLANS = [*(preset(name) for name in names()), *(json.dumps(SURE | rules) for rules in EVERYTHING)]


def found(rules: dict[str, Any] | str) -> dict[str, Finding]:
    document = preset(rules) if isinstance(rules, str) else json.dumps(SURE | rules)
    return {finding.code: finding for finding in review(parse_plan(document))}


def cny(*amounts: int) -> tuple[Amount, ...]:
    return tuple(Amount(amount, "CNY") for amount in amounts)


def test_three_for_one_on_an_order_of_299() -> None:
    numbers = found("three-for-one")["SLOTS"].numbers
    assert numbers["amounts"] == cny(5980, 8970, 14950)
    assert (numbers["total"], numbers["hold_days"]) == (Amount(29900, "CNY"), 7)
    assert "SLOTS" not in found("three-for-one-threshold")
    assert found("three-for-one-threshold")["THRESHOLD"].numbers["count"] == 3


@pytest.mark.parametrize(
    ("slots", "shares", "worst", "referrals"),
    [
        ([2000, 3000, 5000], ["1/5", "1/4", "1/3"], "1/3", 3),
        ([5000, 3000, 2000], ["1/2", "2/5", "1/3"], "1/2", 1),
        ([10000], ["1"], "1", 1),
    ],
)
def test_the_worst_case_of_slots(slots: list[int], shares: list[str], worst: str, referrals: int) -> None:
    numbers = found({"three_for_one": {"slots_bp": slots}})["COST_SLOTS"].numbers
    assert plain(numbers["shares"]) == shares
    assert (plain(numbers["worst"]), numbers["referrals"]) == (worst, referrals)


def test_a_threshold_costs_nothing_before_it() -> None:
    rule = {"slots_bp": [5000, 3000, 2000], "mode": "threshold"}
    assert plain(found({"three_for_one": rule})["COST_SLOTS"].numbers["shares"]) == ["0", "0", "1/3"]


@pytest.mark.parametrize(
    ("rules", "worst"),
    [
        ("two-level", "3/20"),
        ("three-for-one-two-level", "29/60"),
        ("team-differential", "11/50"),
        ({"nearest": {"count": 2, "rate_bp": 300}}, "3/50"),
        ({"nearest": {"count": 2, "fixed_minor": 2990}, "currencies": ["CNY"]}, "1/5"),
        ({"levels": {"levels_bp": [9000, 9000]}, "max_payout_bp": 2500}, "1/4"),
        ({"three_for_one": {"max_cycles": 0}, "levels": {"levels_bp": [1]}}, "1/10000"),
    ],
    ids=str,
)
def test_all_rules_together_at_worst(rules: dict[str, Any] | str, worst: str) -> None:
    assert plain(found(rules)["COST_WORST"].numbers["share"]) == worst


def test_a_plan_that_gives_all_away_is_an_alarm() -> None:
    assert found({"levels": {"levels_bp": [9000, 1000]}})["COST_ALL"].severity is Severity.ALARM
    assert "COST_ALL" not in found({"levels": {"levels_bp": [9000, 999]}})


def test_puppets_get_a_quarter_off_under_three_for_one() -> None:
    numbers = found("three-for-one")["PUPPETS_BESIDE"].numbers
    assert (numbers["paid"], numbers["returned"]) == cny(119600, 29900)
    assert numbers["discount"] == Fraction(1, 4)


def test_puppets_stand_where_it_pays_most() -> None:
    below = found({"three_for_one": {"slots_bp": [5000, 3000, 2000]}})["PUPPETS_BELOW"].numbers
    assert below["discount"] == Fraction(3 * 50, 4 * 100)
    two_level = found("two-level")["PUPPETS_BELOW"].numbers
    assert two_level["returned"] == Amount(2990 + 2 * (2990 + 1495), "CNY")


def test_a_cap_and_a_threshold_hold_for_puppets() -> None:
    capped = parse_plan(json.dumps(SURE | {"three_for_one": {}, "max_payout_bp": 2500}))
    assert returned_to_self(capped, [0, 0, 0], 10000) == 2000 + 2500 + 2500
    waiting = parse_plan(json.dumps(SURE | {"three_for_one": {"mode": "threshold"}}))
    assert [returned_to_self(waiting, [0] * count, 10000) for count in (2, 3, 4)] == [0, 10000, 10000]


def test_a_share_of_ones_own_order_without_cap_is_an_alarm() -> None:
    small = found("three-for-one")["OWN_BASE"]
    assert small.severity is Severity.ALARM
    assert small.numbers["small"] == Amount(1, "CNY")
    assert "OWN_BASE" not in found({"three_for_one": {}, "max_payout_bp": 5000})
    assert "OWN_BASE" not in found({"three_for_one": {"base": "min"}})


@pytest.mark.parametrize(
    ("rules", "lines"),
    [
        ("three-for-one", {"LAW_BUY_IN": "warn", "LAW_THIRTY": "note"}),
        ("three-for-one-threshold", {"LAW_BUY_IN": "warn", "LAW_HEADCOUNT": "warn", "LAW_THIRTY": "note"}),
        ("two-level", {"LAW_DOWNLINE_SALES": "warn", "LAW_THIRTY": "warn", "LAW_WECHAT": "warn"}),
        ({"levels": {"levels_bp": [100]}}, {"LAW_THIRTY": "note"}),
        (
            "team-differential",
            {
                "LAW_DEPTH_ANY": "alarm",
                "LAW_HEADCOUNT_RANKS": "warn",
                "LAW_TEAM_PAY": "alarm",
                "LAW_THIRTY": "alarm",
                "LAW_WECHAT_OVER": "alarm",
            },
        ),
        ({}, {}),
    ],
    ids=str,
)
def test_legal_lines(rules: dict[str, Any] | str, lines: dict[str, str]) -> None:
    law = {code: f.severity for code, f in found(rules).items() if f.topic is Topic.LAW}
    assert law == lines


def test_an_order_in_a_currency_without_fractions() -> None:
    numbers = found({"levels": {"levels_bp": [1000]}, "currencies": ["JPY"]})["LEVELS"].numbers
    assert numbers["amounts"] == (Amount(30, "JPY"),)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("document", PLANS)
def test_every_finding_has_its_words(document: str, language: Language) -> None:
    plan = parse_plan(document)
    text = explained(plan.name, review(plan), language)
    assert "{" not in text
    for finding in review(plan):
        assert sentence(finding, language).split()[0].strip("-: ") in text
        json.dumps(plain(tuple(finding.numbers.values())))


def test_both_languages_say_the_same_numbers_and_nothing_is_never_said() -> None:
    said = {finding.code for document in PLANS for finding in review(parse_plan(document))}
    assert said == FINDINGS.keys()
    for code, texts in FINDINGS.items():
        assert texts.keys() == set(Language), code
        english, chinese = ({n for _, n, _, _ in Formatter().parse(text) if n} for text in texts.values())
        assert english == chinese, code
    assert all(texts.keys() == set(Language) for texts in WORDS.values())


@pytest.mark.parametrize(
    ("share", "text"),
    [
        ("1/3", "33.3 %"),
        ("1/2", "50 %"),
        ("1/10000", "0.01 %"),
        ("49/400", "12.25 %"),
        ("0", "0 %"),
        ("29/60", "48.3 %"),
    ],
)
def test_shares_as_people_read_them(share: str, text: str) -> None:
    assert percent(Fraction(share)) == text
