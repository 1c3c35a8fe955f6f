"""A review of a plan in words, in English and Chinese; the texts are in `graph/plan_texts.json` by code."""

from __future__ import annotations

import json
from fractions import Fraction
from importlib.resources import files
from textwrap import fill
from typing import TYPE_CHECKING

from graph.languages import Language
from graph.money import formatted, half_up
from graph.plan_findings import Amount, Finding, Number, Topic

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


_TEXTS = json.loads(files("graph").joinpath("plan_texts.json").read_text(encoding="utf-8"))
FINDINGS: dict[str, dict[str, str]] = _TEXTS["findings"]
"""For each code its text in each language; the names in braces are numbers of the finding."""
WORDS: dict[str, dict[str, str]] = _TEXTS["words"]
WIDTH = 100


def sentence(finding: Finding, language: Language) -> str:
    """The finding as a reader of this language sees it."""
    return FINDINGS[finding.code][language].format_map(
        {name: _shown(number, language) for name, number in finding.numbers.items()}
    )


def explained(name: str, findings: Iterable[Finding], language: Language) -> str:
    """A whole review, to be read from top to bottom."""
    return "\n".join(_lines(name, list(findings), language))


def _lines(name: str, findings: list[Finding], language: Language) -> Iterator[str]:
    yield WORDS["title"][language].format(name=name)
    for topic in Topic:
        of_topic = [finding for finding in findings if finding.topic is topic]
        if of_topic:
            yield f"\n{WORDS[topic][language]}"
        for finding in of_topic:
            yield _paragraph(finding, language)
    yield f"\n{WORDS['footer'][language]}"


def _paragraph(finding: Finding, language: Language) -> str:
    text = WORDS[finding.severity][language] + sentence(finding, language)
    if language is not Language.EN:  # has no spaces to break lines at; terminals break it anywhere
        return f"- {text}"
    return fill(text, WIDTH, initial_indent="- ", subsequent_indent="  ", break_long_words=False)


def _shown(number: Number, language: Language) -> str:
    if isinstance(number, tuple):
        return (", " if language is Language.EN else "、").join(_shown(part, language) for part in number)
    if isinstance(number, Amount):
        return formatted(number.minor, number.currency)
    if isinstance(number, Fraction):
        return percent(number)
    return WORDS[number][language] if number in WORDS else str(number)


def percent(share: Fraction) -> str:
    """A share as people read it: `5 %`, `12.25 %`, and to one digit what has no short form: `33.3 %`."""
    hundredths = share * 10_000
    if hundredths.denominator == 1:
        whole, part = divmod(hundredths.numerator, 100)
        return f"{whole}.{part:02d}".rstrip("0").rstrip(".") + " %"
    whole, tenth = divmod(half_up(share.numerator * 1000, share.denominator), 10)
    return f"{whole}.{tenth} %"


def plain(number: Number) -> object:
    """The number for programs: a share as the text `1/3`, money as minor units with their currency."""
    if isinstance(number, tuple):
        return [plain(part) for part in number]
    if isinstance(number, Amount):
        return {"amount_minor": number.minor, "currency": number.currency}
    return str(number) if isinstance(number, Fraction) else number
