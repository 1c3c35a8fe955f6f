"""Documents that were met before: parsed, measured and validated once, and the best remembered last."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from graphql import parse, validate

from api.guard.limits import ERRORS, LINES
from api.guard.measure import Measure, Walk
from api.guard.refusal import Refusal
from api.guard.repeats import refuse_repeats
from api.guard.weights import Weights

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphql import DocumentNode, GraphQLError, GraphQLSchema

REMEMBERED, SIZES_REMEMBERED = 128, 32
"""Documents, and for each the sets of page sizes that it was asked with."""


@dataclass(slots=True)
class Known:
    """One document. `sizes` are the variables on which its cost depends; None until it was measured."""

    document: DocumentNode
    sizes: tuple[str, ...] | None = None
    measures: dict[tuple[object, ...], dict[str, Measure]] = field(default_factory=dict)
    merges: bool = False
    """Whether its repeats were counted, and are few."""
    errors: dict[bool, list[GraphQLError]] = field(default_factory=dict)


class Documents:
    """A bounded memory of documents under one schema."""

    def __init__(self, schema: GraphQLSchema, max_tokens: int, max_depth: int) -> None:
        self.schema = schema
        self.weights = Weights(schema)
        self.max_tokens = max_tokens
        self.max_depth = max_depth
        self._known: OrderedDict[str, Known] = OrderedDict()

    def known(self, text: str) -> Known:
        """The document of a text; raises GraphQLError for what does not parse, Refusal for too many lines or tokens."""
        known = self._known.get(text)
        if known is not None:
            self._known.move_to_end(text)
            return known
        if text.count("\n") + text.count("\r") > LINES:
            raise Refusal(400, code="TOO_MANY_LINES", limit=LINES)
        known = self._known[text] = Known(parse(text, max_tokens=self.max_tokens))
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return known

    def forget(self, text: str) -> None:
        """A document that was refused makes room for others."""
        self._known.pop(text, None)

    def measured(self, known: Known, variables: Mapping[str, Any]) -> dict[str, Measure]:
        """The measures of its operations, with these variables."""
        if known.sizes is not None:
            sizes = tuple(_size(variables.get(name, known)) for name in known.sizes)
            found = known.measures.get(sizes)
            if found is not None:
                return found
        walk = Walk(self.weights, self.max_depth, variables)
        found = walk.measure(known.document)
        if known.sizes is None:
            known.sizes = tuple(sorted(walk.sizes))
        if len(known.measures) >= SIZES_REMEMBERED:
            known.measures.clear()
        known.measures[tuple(_size(variables.get(name, known)) for name in known.sizes)] = found
        return found

    def refuse_repeats(self, known: Known) -> None:
        """Refuses what validation would compare for too long; only after the measures are within the limits."""
        if not known.merges:
            refuse_repeats(known.document)
            known.merges = True

    def errors(self, known: Known, *, suggesting: bool) -> list[GraphQLError]:
        """What validation finds, at most so many."""
        found = known.errors.get(suggesting)
        if found is None:
            found = validate(self.schema, known.document, max_errors=ERRORS, hide_suggestions=not suggesting)
            known.errors[suggesting] = found
        return found


def _size(value: object) -> object:
    """What tells sizes apart: a number, something else, or a variable that is missing (then `Known` stands for it)."""
    if isinstance(value, Known):
        return "missing"
    return value if isinstance(value, int) and not isinstance(value, bool) else None
