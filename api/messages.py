"""What a refusal or an outage says to a user, in the user's language.

`messages.json` holds every text by its stable code; the names in braces are attributes of the error. A test
(`tests/unit/test_schema_messages.py`) finds the code that lacks one.
"""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING

from graph.languages import Language

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graph.errors import ThreefoldError


__all__ = ["MESSAGES", "REMEDIES", "Language", "camel_case", "language_of", "message", "preferred", "remedy", "text"]

_CATALOGUE = json.loads(files("api").joinpath("messages.json").read_text(encoding="utf-8"))
MESSAGES: dict[str, dict[str, str]] = _CATALOGUE["messages"]
"""For each code its text in each language."""
REMEDIES: dict[str, dict[str, str]] = _CATALOGUE["remedies"]
"""What to do about an outage, where a language is not the one that the errors themselves speak: English."""


def text(code: str, language: Language, values: dict[str, object]) -> str:
    """The text of a code. A code that the catalogue lacks shows itself."""
    template = MESSAGES.get(code, {}).get(language, code)
    shown = {name: "; ".join(value) if isinstance(value, tuple) else value for name, value in values.items()}
    return template.format_map(shown)


def message(error: ThreefoldError, language: Language) -> str:
    """What an error says to a user of this language."""
    values = vars(error)
    if "field" in values:
        values = values | {"field": camel_case(values["field"])}
    return text(error.code, language, values)


def remedy(error: ThreefoldError, language: Language) -> str:
    """What the operator can do about an error."""
    return REMEDIES.get(error.code, {}).get(language, error.remedy)


def camel_case(name: str) -> str:
    """A field's name as GraphQL clients know it."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def preferred(accept_language: str) -> Language:
    """The language that an Accept-Language header asks for first among ours; English if it names neither."""
    ranked = sorted(map(_weighted, accept_language.split(",")), key=lambda choice: -choice[1])
    for tag, weight in ranked:
        if weight > 0 and tag.startswith("zh"):
            return Language.ZH_CN
        if weight > 0 and tag.startswith("en"):
            return Language.EN
    return Language.EN


def language_of(headers: Mapping[str, str]) -> Language:
    """The language of a request."""
    return preferred(headers.get("accept-language", "")[:200])


def _weighted(part: str) -> tuple[str, float]:
    tag, _, weight = part.strip().lower().partition(";q=")
    try:
        return tag, float(weight or 1)
    except ValueError:
        return tag, 0.0
