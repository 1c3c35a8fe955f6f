"""Both languages say everything."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING

import pytest

import api
import graph
from api.messages import MESSAGES, REMEDIES, Language, message, preferred, remedy
from graph import desk_errors, errors, privacy_errors

if TYPE_CHECKING:
    from collections.abc import Iterator

DOMAIN = Path(graph.__file__).parent
SOURCES = [
    *Path(api.__file__).parent.rglob("*.py"),
    *(
        DOMAIN / f"{name}.py"
        for name in (
            "identity",
            "members",
            "money",
            "orders",
            "times",
            "store/ledger",
            "store/plans",
            "adjustments",
            "months",
            "payouts",
            "privacy/phones",
        )
    ),
]
"""Where the input of a request is read."""
GIVEN = {code for file in SOURCES for code in re.findall(r'\bcode="([A-Z_]+)"', file.read_text(encoding="utf-8"))}


def _all(kind: type[errors.ThreefoldError]) -> Iterator[type[errors.ThreefoldError]]:
    """A kind of error and its narrower ones; those that only commands raise stand with the commands."""
    yield kind
    for narrower in kind.__subclasses__():
        if narrower.__module__ in {errors.__name__, desk_errors.__name__, privacy_errors.__name__}:
            yield from _all(narrower)


BASES = (errors.Refused, errors.Unauthenticated, errors.Forbidden, errors.Unavailable)
SHOWN = {kind.code for base in BASES for kind in _all(base)} | GIVEN | {"INTERNAL"}


def test_the_catalogue_has_every_code_and_no_other() -> None:
    assert set(MESSAGES) == SHOWN


@pytest.mark.parametrize("code", MESSAGES)
def test_a_text_exists_in_both_languages_and_names_the_same_things(code: str) -> None:
    assert MESSAGES[code].keys() == set(Language)
    named = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in MESSAGES[code].values()]
    assert named[0] == named[1]
    assert all(text.strip() for text in MESSAGES[code].values())


def test_every_outage_with_a_remedy_has_it_in_both_languages() -> None:
    assert set(REMEDIES) == {kind.code for kind in _all(errors.Unavailable) if kind.remedy}
    fault = errors.DatabaseUnavailable("Neo4j does not answer.")
    assert remedy(fault, Language.EN) == fault.remedy != remedy(fault, Language.ZH_CN)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(
    "error",
    [
        errors.InvalidInput("amount_minor", "…", code="BAD_AMOUNT"),
        errors.SelfReferral("ada"),
        errors.AlreadyReferred("ada", None),
        errors.MemberConflict("ada", ("name",)),
        errors.ReferralCycle("ada", "bo"),
        errors.UnknownMember("ada"),
        errors.UnknownReferrer("ada"),
        errors.UnknownOrder("o-1"),
        errors.OrderConflict("o-1", ("amount",)),
        errors.OrderNotOpen("o-1", "cancelled", "completed"),
        errors.OverRefund("o-1", 40, "CNY"),
        errors.RefundConflict("r-1", ("amount",)),
        desk_errors.IdempotencyConflict("k-1", ("amount_minor",)),
        desk_errors.InsufficientFunds("ada", "CNY", 50),
        desk_errors.RewardNotHoldable("r-1", "paid"),
        desk_errors.AlreadyHeld("r-1", "h-1"),
        desk_errors.SamePerson("adj-1", "fin"),
        desk_errors.MonthNotOver("2026-01"),
        desk_errors.AdjustmentNotOpen("adj-1", "rejected"),
        desk_errors.PayoutNotOpen("p-1", "settled"),
        desk_errors.UnknownReward("r-1"),
        desk_errors.UnknownDeadLetter("ada"),
        errors.PlanInvalid(("name is missing", "slots_bp must be a list")),
    ],
)
def test_an_error_fills_its_text(error: errors.Refused, language: Language) -> None:
    assert "{" not in message(error, language)


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("zh", "zh-CN"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"),
        ("en-GB, zh;q=0.5", "en"),
        ("zh;q=0.2, en;q=0.7", "en"),
        ("zh;q=0", "en"),
        ("fr, zh-Hant;q=0.3", "zh-CN"),
        ("fr", "en"),
        ("zh;q=x", "en"),
        (";;,,q=", "en"),
    ],
)
def test_the_language_is_the_first_of_ours_that_is_asked_for(header: str, language: str) -> None:
    assert preferred(header) == language
