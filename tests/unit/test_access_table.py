"""The table of who is shown what names every field of the schema, and nothing else."""

from __future__ import annotations

from access_table import QUERIES, WAYS, table
from graphql import GraphQLObjectType, build_schema

from api.schema import sdl

FIELDS = {
    (name, field)
    for name, kind in build_schema(sdl()).type_map.items()
    if isinstance(kind, GraphQLObjectType) and not name.startswith("__")
    for field in kind.fields
}


def test_the_table_names_every_field_of_the_schema() -> None:
    cells, values = table()
    assert cells.keys() | values == FIELDS
    assert len(cells) * 6 * 5 >= 1000


def test_there_is_a_way_to_all_that_is_asked() -> None:
    cells, _ = table()
    assert {kind for kind, _ in cells} == WAYS.keys() | {"Query", "Mutation"}
    assert {field for kind, field in cells if kind == "Query"} == QUERIES.keys()
