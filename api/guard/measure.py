"""The one walk over a parsed document. Every fragment is measured once, however often it is spread: the walk is linear.

Runs before validation, so that nothing is assumed: fields, fragments and types may not exist.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    OperationType,
    VariableNode,
)

from api.guard.limits import FRAGMENTS, INTROSPECTION_DEPTH, OPERATIONS
from api.guard.refusal import Refusal
from api.guard.weights import BOUNDS, INTROSPECTION, POINT, Rows, Weight, Weights

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphql import DocumentNode, GraphQLNamedType, SelectionSetNode, ValueNode

NESTING = 4
"""Selection sets inside each other, for each field of depth: inline fragments nest, too."""


@dataclass(slots=True)
class Measure:
    """What a selection set comes to, fragments written out. Costs are in tenths of a point.

    `of_page` is the cost for each row, where the set belongs to a page whose size its field knows.
    """

    depth: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0
    cost: int = 0
    of_page: int = 0
    mutations: int = 0
    money: int = 0
    introspects: bool = False

    def add(self, other: Measure) -> None:
        """Both, next to each other."""
        self.depth = max(self.depth, other.depth)
        self.fields += other.fields
        self.aliases += other.aliases
        self.directives += other.directives
        self.cost += other.cost
        self.of_page += other.of_page
        self.mutations += other.mutations
        self.money += other.money
        self.introspects = self.introspects or other.introspects

    @property
    def points(self) -> int:
        """The cost in whole points, at least 1."""
        return max(-(-self.cost // POINT), 1)


@dataclass(slots=True)
class Walk:
    """One walk with one set of page sizes. Raises Refusal for cycles, unknown fragments, and what nests too deeply."""

    weights: Weights
    max_depth: int
    given: Mapping[str, object]
    """The request's variables."""
    sizes: set[str] = field(default_factory=set)
    """The variables that say how many rows come."""
    inside: bool = False
    """Whether this walk is inside `__schema` or `__type`."""
    _apart: Walk | None = None
    _fragments: dict[str, FragmentDefinitionNode] = field(default_factory=dict)
    _measured: dict[str, Measure | None] = field(default_factory=dict)
    _defaults: dict[str, int | None] = field(default_factory=dict)

    def measure(self, document: DocumentNode) -> dict[str, Measure]:
        """Each operation by its name, "" for one without; and fragments that none of them spreads."""
        operations = self._sort(document)
        found = {}
        for operation in operations:
            total = self._operation(operation)
            total.directives += len(operation.directives or ())
            for variable in operation.variable_definitions or ():
                total.directives += len(variable.directives or ())
            found[operation.name.value if operation.name else ""] = total
        for name, fragment in self._fragments.items():
            of_schema = fragment.type_condition.name.value.startswith("__")
            (self._schema_walk() if of_schema else self)._fragment(name, 0, 0)  # noqa: SLF001  of this very class
        return found

    def _sort(self, document: DocumentNode) -> list[OperationDefinitionNode]:
        operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
        fragments = [node for node in document.definitions if isinstance(node, FragmentDefinitionNode)]
        if len(operations) > OPERATIONS:
            raise Refusal(400, code="TOO_MANY_OPERATIONS", limit=OPERATIONS, found=len(operations))
        if len(fragments) > FRAGMENTS:
            raise Refusal(400, code="TOO_MANY_FRAGMENTS", limit=FRAGMENTS, found=len(fragments))
        self._fragments = {node.name.value: node for node in fragments}
        for operation in operations:
            for variable in operation.variable_definitions or ():
                self._note_default(variable.variable.name.value, variable.default_value)
        return operations

    def _note_default(self, name: str, value: ValueNode | None) -> None:
        """The largest of all operations', None where one has none: then the worst is assumed."""
        default = _literal(value)
        before = self._defaults.get(name, default)
        self._defaults[name] = None if default is None or before is None else max(before, default)

    def _operation(self, operation: OperationDefinitionNode) -> Measure:
        schema = self.weights.schema
        roots = {
            OperationType.QUERY: schema.query_type,
            OperationType.MUTATION: schema.mutation_type,
            OperationType.SUBSCRIPTION: schema.subscription_type,
        }
        return self._set(operation.selection_set, roots[operation.operation], 1, 1)

    def _set(self, node: SelectionSetNode, parent: GraphQLNamedType | None, level: int, nesting: int) -> Measure:
        """A selection set whose fields are at a level; raises Refusal as soon as that is too deep."""
        if nesting > self.max_depth * NESTING:
            raise Refusal(400, code="DOCUMENT_TOO_DEEP", limit=self.max_depth)
        total = Measure()
        for selection in node.selections:
            total.directives += len(selection.directives or ())
            if isinstance(selection, FieldNode):
                self._field(selection, parent, level, nesting, total)
            elif isinstance(selection, FragmentSpreadNode):
                spread = self._fragment(selection.name.value, level - 1, nesting)
                total.add(spread)
                total.depth = max(total.depth, level - 1 + spread.depth)
            elif isinstance(selection, InlineFragmentNode):
                condition = selection.type_condition
                kind = self.weights.schema.type_map.get(condition.name.value) if condition else parent
                total.add(self._set(selection.selection_set, kind, level, nesting + 1))
        return total

    def _fragment(self, name: str, above: int, nesting: int) -> Measure:
        """A fragment below so many fields."""
        if name in self._measured:
            known = self._measured[name]
            if known is None:
                raise Refusal(400, code="FRAGMENT_CYCLE", fragment=name[:100])
            self._refuse_depth(above + known.depth)
            return known
        node = self._fragments.get(name)
        if node is None:
            raise Refusal(400, code="UNKNOWN_FRAGMENT", fragment=name[:100])
        self._measured[name] = None
        kind = self.weights.schema.type_map.get(node.type_condition.name.value)
        total = self._set(node.selection_set, kind, above + 1, nesting + 1)
        total.directives += len(node.directives or ())
        total.depth = max(total.depth - above, 0)
        self._measured[name] = total
        return total

    def _field(
        self, node: FieldNode, parent: GraphQLNamedType | None, level: int, nesting: int, total: Measure
    ) -> None:
        name = node.name.value
        total.fields += 1
        if node.alias and node.alias.value != name:
            total.aliases += 1
        if name.startswith("__") and not self.inside:
            self._introspection(node, total)
            return
        self._refuse_depth(level)
        weight = self.weights.of(parent, name)
        inner = self._set(node.selection_set, weight.kind, level + 1, nesting + 1) if node.selection_set else Measure()
        rows = self._rows(node, weight)
        if weight.rows is Rows.OF_PAGE:
            inner.of_page += weight.own + inner.cost
            inner.cost = 0
        elif weight.rows is Rows.PAGE:
            inner.cost = weight.own + inner.cost + rows * inner.of_page
            inner.of_page = 0
        else:
            inner.cost = rows * (weight.own + inner.cost)
        inner.depth = max(inner.depth, level)
        if parent is self.weights.schema.mutation_type and parent is not None:
            inner.mutations, inner.money = 1, int(weight.money)
        total.add(inner)

    def _introspection(self, node: FieldNode, total: Measure) -> None:
        """`__typename` is free; the rest has a depth of its own and one price, whatever it selects."""
        if node.selection_set is None:
            total.introspects = total.introspects or node.name.value != "__typename"
            return
        inner = self._schema_walk()._set(node.selection_set, None, 2, 2)  # noqa: SLF001  of this very class
        total.introspects = True
        total.cost += INTROSPECTION
        total.fields += inner.fields
        total.aliases += inner.aliases
        total.directives += inner.directives

    def _schema_walk(self) -> Walk:
        if self.inside:
            return self
        if self._apart is None:
            self._apart = Walk(self.weights, INTROSPECTION_DEPTH, {}, inside=True, _fragments=self._fragments)
        return self._apart

    def _rows(self, node: FieldNode, weight: Weight) -> int:
        """How many rows the field can bring: its argument, or the most that could be."""
        if weight.argument is None:
            return weight.bound
        most = BOUNDS[weight.argument]
        for argument in node.arguments or ():
            if argument.name.value == weight.argument:
                value = argument.value
                if isinstance(value, VariableNode):
                    return _clamped(self._variable(value.name.value), most)
                return _clamped(_literal(value), most)
        return _clamped(weight.default, most)

    def _variable(self, name: str) -> int | None:
        self.sizes.add(name)
        given = self.given.get(name, self._defaults.get(name))
        return given if isinstance(given, int) and not isinstance(given, bool) else None

    def _refuse_depth(self, depth: int) -> None:
        if depth > self.max_depth:
            raise Refusal(400, code="DOCUMENT_TOO_DEEP", limit=self.max_depth)


def _literal(value: ValueNode | None) -> int | None:
    """The number that is written there; None for anything else, and for one of more digits than any page has."""
    return int(value.value) if isinstance(value, IntValueNode) and len(value.value) < 12 else None


def _clamped(rows: int | None, most: int) -> int:
    """What no field accepts costs as the most that it would."""
    return most if rows is None else min(max(rows, 1), most)
