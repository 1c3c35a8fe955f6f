"""Steps and reasons have words in both languages, and name the same numbers in both."""

from __future__ import annotations

from string import Formatter

import pytest

from graph.explanation import Code, Step
from graph.explanation_texts import TEXTS, percent, reason_text, rule_text, step_text
from graph.languages import Language
from graph.reasons import Reason, Why
from graph.rewards import Rule


def test_every_code_has_its_text_and_there_is_no_other() -> None:
    assert set(TEXTS["steps"]) == set(Code)
    assert set(TEXTS["reasons"]) == set(Why)
    assert set(TEXTS["rules"]) == set(Rule)


@pytest.mark.parametrize("section", TEXTS)
def test_both_languages_say_the_same(section: str) -> None:
    for code, texts in TEXTS[section].items():
        assert texts.keys() == set(Language), code
        named = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in texts.values()]
        assert named[0] == named[1], code
        assert all(text.strip() for text in texts.values()), code


@pytest.mark.parametrize(
    ("rate_bp", "shown"), [(0, "0 %"), (5, "0.05 %"), (50, "0.5 %"), (1250, "12.5 %"), (2000, "20 %")]
)
def test_a_rate_is_shown_as_people_read_it(rate_bp: int, shown: str) -> None:
    assert percent(rate_bp) == shown


def test_amounts_rates_and_lists_are_shown_by_their_names() -> None:
    step = Step(Code.COMMISSION, {"level": 1, "rate_bp": 1000, "net_minor": 1234})
    assert step_text(step, "CNY", Language.EN) == "Level 1: 10 % of 12.34 CNY, rounded half up."
    assert "1234 JPY 的 10 %" in step_text(step, "JPY", Language.ZH_CN)
    taken = Reason(Rule.REBATE, Why.ALL_SLOTS_TAKEN, {"anchor_order_id": "o1", "orders": ("o2", "o3")})
    assert reason_text(taken, "CNY", Language.EN).endswith("are taken, by o2, o3.")
    assert rule_text(Rule.REBATE, Language.ZH_CN) == "返利"


def test_what_is_not_known_is_shown_as_such() -> None:
    assert "which was ?" in reason_text(
        Reason(Rule.REBATE, Why.NOT_FIRST_ORDER, {"buyer_id": "b", "first_order_id": None}), "CNY", Language.EN
    )
