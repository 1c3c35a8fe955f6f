"""Steps and reasons in words. `explanation_texts.json` holds each code's text in each language.

The names in braces are those of a step's or reason's values: what ends in `_minor` is shown as an amount, what ends
in `_bp` as a rate.
"""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING

from graph.money import formatted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graph.explanation import Step
    from graph.languages import Language
    from graph.reasons import Reason, Value
    from graph.rewards import Rule

TEXTS: dict[str, dict[str, dict[str, str]]] = json.loads(
    files("graph").joinpath("explanation_texts.json").read_text(encoding="utf-8")
)
"""By `steps`, `reasons`, `rules` and `words`, then by code, then by language."""
UNKNOWN = "?"


def step_text(step: Step, currency: str, language: Language) -> str:
    """What a step, or the cause of an entry, says to a reader of this language."""
    return _said(TEXTS["steps"][step.code], step.values, currency, language)


def reason_text(reason: Reason, currency: str, language: Language) -> str:
    """What a reason says to a reader of this language."""
    return _said(TEXTS["reasons"][reason.why], reason.values, currency, language)


def words(code: str, currency: str, language: Language, **values: Value) -> str:
    """What stands around steps and reasons where they are printed."""
    return _said(TEXTS["words"][code], values, currency, language)


def rule_text(rule: Rule, language: Language) -> str:
    """The name of a rule."""
    return TEXTS["rules"][rule][language]


def percent(rate_bp: int) -> str:
    """A rate in basis points as people read it: `12.5 %`."""
    whole, part = divmod(rate_bp, 100)
    return f"{whole}.{part:02d}".rstrip("0").rstrip(".") + " %"


def _said(texts: Mapping[str, str], values: Mapping[str, Value], currency: str, language: Language) -> str:
    return texts[language].format_map({name: _shown(name, value, currency) for name, value in values.items()})


def _shown(name: str, value: Value, currency: str) -> str:
    if isinstance(value, int):
        if name.endswith("_minor"):
            return formatted(value, currency)
        return percent(value) if name.endswith("_bp") else str(value)
    if isinstance(value, tuple):
        return ", ".join(value)
    return value or UNKNOWN
