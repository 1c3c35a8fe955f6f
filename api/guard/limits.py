"""What a request may be, as numbers. docs/guard.md lists them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graph.settings import Settings

JSON_DEPTH = 32
"""Objects and lists inside each other, in a body."""
LINES = 2_000
"""Lines of a document: the place of each error is found by counting them."""
FRAGMENTS, OPERATIONS = 30, 10
INTROSPECTION_DEPTH = 16
"""GraphiQL's own question is 14 deep."""
MONEY_MUTATIONS = 1
"""Mutations that move money by hand, of one operation."""
MUTATIONS = 10
PAIRS, STEPS = 2_000, 1_500
"""Pairs of fields that come to the same place of the answer, and selections that are looked at to count them."""
ERRORS = 20
"""The most errors of one answer."""
REFUSED_COST = 10
"""Points that a document costs which is refused by these numbers."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Those that an installation may change."""

    body_bytes: int = 65_536
    tokens: int = 1_000
    depth: int = 12
    fields: int = 300
    aliases: int = 15
    directives: int = 20
    cost: int = 5_000

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        """As the settings say."""
        return cls(
            body_bytes=settings.max_body_bytes,
            tokens=settings.max_tokens,
            depth=settings.max_depth,
            fields=settings.max_fields,
            aliases=settings.max_aliases,
            directives=settings.max_directives,
            cost=settings.max_cost,
        )
