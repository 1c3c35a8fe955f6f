"""What fields cost by what they declare and by their types: on a small schema, in tenths of a point."""

from __future__ import annotations

import pytest
import strawberry
from graphql import GraphQLObjectType, get_named_type

from api import policies
from api.guard.documents import Documents
from api.guard.measure import Measure
from api.guard.weights import UNKNOWN, Rows, Weights
from api.schema import schema
from api.types.fields import field, mutation, seen


@strawberry.type
class Item:
    tag: str = seen(description="A scalar.")


@strawberry.type
class ItemConnection:
    nodes: list[Item] = seen(description="As many as the page has.")
    total: int = seen(description="A scalar.")

    @field(description="Another page of the same size.", allow=policies.SEEN)
    def next(self) -> ItemConnection:
        return self


@strawberry.type
class SmallQuery:
    item: Item = seen(description="An object.")
    items: list[Item] = seen(description="A list that declares nothing.")

    @field(description="A scalar with a resolver.", allow=policies.SEEN)
    def count(self) -> int:
        return 1

    @field(description="It says what it costs.", allow=policies.SEEN, cost=7)
    def dear(self) -> int:
        return 1

    @field(description="It costs nothing.", allow=policies.SEEN, cost=0)
    def free(self) -> int:
        return 1

    @field(description="It says how long it is.", allow=policies.SEEN, rows=3)
    def few(self) -> list[Item]:
        return []

    @field(description="A page.", allow=policies.SEEN)
    def page(self, first: int = 20) -> ItemConnection:
        return ItemConnection(nodes=[], total=first)

    @field(description="A list of so many.", allow=policies.SEEN)
    def listed(self, first: int = 5) -> list[Item]:
        return []

    @field(description="A list of so many, and few where nobody says it.", allow=policies.SEEN, rows=4)
    def levels(self, max_level: int | None = None) -> list[Item]:
        return []

    @field(description="A list of so many days.", allow=policies.SEEN)
    def daily(self, days: int) -> list[Item]:
        return []


@strawberry.type
class SmallMutation:
    @strawberry.mutation(description="It declares nothing.")
    def plain(self) -> int:
        return 1

    @mutation(description="It moves money.", allow=policies.FINANCE, money=True)
    def pay(self) -> int:
        return 1

    @mutation(description="It says what it costs.", allow=policies.FINANCE, cost=3)
    def note(self) -> int:
        return 1


SCHEMA = strawberry.Schema(SmallQuery, SmallMutation)._schema  # noqa: SLF001  there is no public name


def measure(text: str, **variables: object) -> Measure:
    documents = Documents(SCHEMA, 1000, 12)
    (found,) = documents.measured(documents.known(text), variables).values()
    return found


@pytest.mark.parametrize(
    ("text", "cost"),
    [
        ("{ item { tag } }", 10 + 1),
        ("{ item { tag tag } }", 10 + 2),
        ("{ items { tag } }", 10 * 11),
        ("{ count }", 10),
        ("{ dear }", 70),
        ("{ free }", 0),
        ("{ few { tag } }", 3 * 11),
        ("{ page { nodes { tag } } }", 10 + 20 * 11),
        ("{ page(first: 2) { nodes { tag } total } }", 10 + 1 + 2 * 11),
        ("{ page(first: 2) { total } }", 10 + 1),
        ("{ page(first: 2) { next { nodes { tag } } } }", 10 + 10 + 2 * 11),
        ("{ page(first: 2) { ... { nodes { tag } } ... on ItemConnection { nodes { tag } } } }", 10 + 2 * 22),
        ("{ listed { tag } }", 5 * 11),
        ("{ listed(first: 2) { tag } }", 2 * 11),
        ("{ listed(first: 0) { tag } }", 11),
        ("{ listed(first: 1000) { tag } }", 100 * 11),
        ('{ listed(first: "2") { tag } }', 100 * 11),
        ("{ listed(first: -9999999999) { tag } }", 11),
        ("{ listed(first: -99999999999) { tag } }", 100 * 11),
        ("{ listed(after: 2) { tag } }", 5 * 11),
        ("{ levels { tag } }", 4 * 11),
        ("{ levels(maxLevel: 999) { tag } }", 999 * 11),
        ("{ levels(maxLevel: 1001) { tag } }", 1000 * 11),
        ("{ daily { tag } }", 366 * 11),
        ("{ daily(days: 2) { tag } }", 2 * 11),
        ("{ nothing { tag } }", 1 + 1),
        ("{ item { nothing } }", 10 + 1),
        ("{ ... on Nothing { item { tag } } }", 1 + 1),
        ("{ __typename }", 0),
        ("{ item { __typename } }", 10),
        ("{ __schema { types { name } } }", 5000),
        ("{ item { tag } __schema { types { name } } count }", 11 + 5000 + 10),
        ("mutation { plain }", 100),
        ("mutation { pay }", 100),
        ("mutation { note }", 30),
    ],
)
def test_what_a_document_costs(text: str, cost: int) -> None:
    assert measure(text).cost == cost


@pytest.mark.parametrize(("cost", "points"), [(0, 1), (1, 1), (10, 1), (11, 2), (20, 2), (21, 3)])
def test_points_are_whole_and_never_none(cost: int, points: int) -> None:
    assert Measure(cost=cost).points == points


def test_measures_next_to_each_other_add_up() -> None:
    total = Measure(1, 2, 3, 4, 5, 6, 7, 8)
    total.add(Measure(9, 20, 30, 40, 50, 60, 70, 80, introspects=True))
    assert total == Measure(9, 22, 33, 44, 55, 66, 77, 88, introspects=True)
    total.add(Measure(2))
    assert total == Measure(9, 22, 33, 44, 55, 66, 77, 88, introspects=True)


@pytest.mark.parametrize(
    ("name", "rows", "bound", "argument", "default"),
    [
        ("item", Rows.ONE, 1, None, None),
        ("items", Rows.LIST, 10, None, None),
        ("few", Rows.LIST, 3, None, None),
        ("page", Rows.PAGE, 100, "first", 20),
        ("listed", Rows.LIST, 100, "first", 5),
        ("levels", Rows.LIST, 4, "maxLevel", 4),
        ("daily", Rows.LIST, 366, "days", None),
    ],
)
def test_how_many_rows_a_field_brings(
    name: str, rows: Rows, bound: int, argument: str | None, default: int | None
) -> None:
    weight = Weights(SCHEMA).of(SCHEMA.query_type, name)
    assert (weight.rows, weight.bound, weight.argument, weight.default) == (rows, bound, argument, default)


def test_a_list_of_a_page_has_the_rows_of_the_page() -> None:
    weight = Weights(SCHEMA).of(SCHEMA.type_map["ItemConnection"], "nodes")
    assert (weight.rows, weight.bound, weight.kind) == (Rows.OF_PAGE, 1, SCHEMA.type_map["Item"])


def test_every_page_of_ours_can_be_asked_for_by_its_size() -> None:
    """Else the rows of its lists would be counted as those of the page around it, or not at all."""
    kinds = [kind for kind in schema.core.type_map.values() if isinstance(kind, GraphQLObjectType)]
    every = [made for kind in kinds for made in kind.fields.values()]
    pages = [made for made in every if get_named_type(made.type).name.endswith("Connection")]
    assert pages
    assert all("first" in made.args for made in pages)


def test_a_weight_is_found_once_and_only_in_its_type() -> None:
    weights = Weights(SCHEMA)
    item = SCHEMA.type_map["Item"]
    assert isinstance(item, GraphQLObjectType)
    assert weights.of(SCHEMA.query_type, "item") is weights.of(SCHEMA.query_type, "item")
    assert weights.of(item, "item") is weights.of(None, "item") is weights.of(SCHEMA.type_map["String"], "x") is UNKNOWN


def test_mutations_are_counted_and_those_that_move_money() -> None:
    found = measure("mutation { plain a: pay ...n } fragment n on SmallMutation { note pay }")
    assert (found.mutations, found.money) == (4, 2)
    assert (measure("{ item { tag } }").mutations, measure("{ pay }").money) == (0, 0)


def test_what_a_document_has() -> None:
    found = measure(
        "query ($n: Int @a @b) @c { item @d { tag: tag } b: item { c: tag } ... @e { ...f @g } __typename }"
        " fragment f on SmallQuery @h @i { item { __typename d: tag @j } }"
    )
    assert found == Measure(depth=2, fields=8, aliases=3, directives=9, cost=3 * 11)


def test_introspection_is_counted_with_the_rest() -> None:
    found = measure(
        "{ a: item { tag @a } b: __schema { c: types { name @b @c } } ...f d: item { tag } }"
        " fragment f on SmallQuery { e: __type { f: name } }"
    )
    assert found == Measure(2, 9, 6, 3, 11 + 5000 + 5000 + 11, introspects=True)
    for text in ("{ __schema __typename }", "{ __typename __schema }", "{ __schema { a } __typename }"):
        assert measure(text).introspects
    assert not measure("{ a: __typename item { __typename } }").introspects


@pytest.mark.parametrize(
    ("spread", "depth"),
    [("{ item { ...t } }", 1), ("{ ...u }", 2), ("{ ...u ...u }", 2), ("{ item { ...t } ...u }", 2), ("{ ...t }", 0)],
)
def test_a_fragment_is_as_deep_as_its_fields(spread: str, depth: int) -> None:
    fragments = " fragment t on Item { __typename } fragment u on SmallQuery { item { tag ...t } }"
    assert measure(spread + fragments).depth == depth


def test_defaults_of_one_name_in_several_operations_cost_the_largest_or_the_worst() -> None:
    documents = Documents(SCHEMA, 1000, 12)
    page = "{ listed(first: $n) { tag } }"
    for first, second, rows in (
        ("9", "6", 9),
        ("6", "9", 9),
        ("9", "null", 100),
        ("null", "9", 100),
        ('"9"', "9", 100),
    ):
        text = f"query a($n: Int = {first}) {page} query b($n: Int = {second}) {page}"
        found = documents.measured(documents.known(text), {})
        assert {name: measure.cost for name, measure in found.items()} == {"a": rows * 11, "b": rows * 11}
    bare = documents.known(f"query a($n: Int = 9) {page} query b($n: Int) {page}")
    assert documents.measured(bare, {})["a"].cost == 100 * 11
    assert documents.measured(bare, {"n": 2})["b"].cost == 2 * 11


def test_ten_operations_are_walked() -> None:
    documents = Documents(SCHEMA, 1000, 12)
    text = " ".join(f"query q{n} {{ item {{ tag }} }}" for n in range(10))
    found = documents.measured(documents.known(text), {})
    assert found == {f"q{n}": Measure(2, 2, 0, 0, 11) for n in range(10)}
