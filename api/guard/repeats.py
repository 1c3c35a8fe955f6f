"""How often fields of one answer's place repeat: validation compares each two of them, which is quadratic.

Counted over the document as it is written out; `measure.py` has bounded that before.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graphql import FieldNode, FragmentDefinitionNode, FragmentSpreadNode, InlineFragmentNode, OperationDefinitionNode

from api.guard.limits import PAIRS, STEPS
from api.guard.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphql import DocumentNode, SelectionSetNode


@dataclass(slots=True)
class _Count:
    fragments: dict[str, FragmentDefinitionNode]
    pairs: int = 0
    steps: int = 0
    spread: set[str] = field(default_factory=set)

    def count(self, sets: list[SelectionSetNode]) -> None:
        """The pairs among the fields of sets that are merged, and below them."""
        groups: dict[str, list[FieldNode]] = {}
        self._collect(sets, groups, set())
        for nodes in groups.values():
            self.pairs += len(nodes) * (len(nodes) - 1) // 2
            if self.pairs > PAIRS:
                raise Refusal(400, code="TOO_MANY_REPEATS", limit=PAIRS)
            inner = [node.selection_set for node in nodes if node.selection_set]
            if inner:
                self.count(inner)

    def _collect(self, sets: Iterable[SelectionSetNode], groups: dict[str, list[FieldNode]], entered: set[str]) -> None:
        for selections in sets:
            for node in selections.selections:
                self.steps += 1
                if self.steps > STEPS:
                    raise Refusal(400, code="TOO_MANY_REPEATS", limit=PAIRS)
                if isinstance(node, FieldNode):
                    groups.setdefault((node.alias or node.name).value, []).append(node)
                elif isinstance(node, InlineFragmentNode):
                    self._collect((node.selection_set,), groups, entered)
                elif isinstance(node, FragmentSpreadNode) and node.name.value not in entered:
                    entered.add(node.name.value)
                    self.spread.add(node.name.value)
                    self._collect((self.fragments[node.name.value].selection_set,), groups, entered)


def refuse_repeats(document: DocumentNode) -> None:
    """Raises Refusal for a document that would take long to validate. Its fragments exist and form no cycle."""
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    counted = _Count(fragments)
    for node in document.definitions:
        if isinstance(node, OperationDefinitionNode):
            counted.count([node.selection_set])
    for name, fragment in fragments.items():
        if name not in counted.spread:
            counted.count([fragment.selection_set])
