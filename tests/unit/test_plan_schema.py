"""The published schema and the parser read the same plans."""

from __future__ import annotations

import json
from dataclasses import MISSING, fields, is_dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.plan import Levels, Monthly, Nearest, Plan, Rank, TeamBonus, ThreeForOne, Tier
from graph.plan_document import PLAN
from graph.plan_readers import Unreadable
from graph.plan_schema import plan_schema
from seeds.plans import SCHEMA, names, preset

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Wrap = Callable[[Any], Any]

PUBLISHED: dict[str, Any] = json.loads(files("seeds.plans").joinpath(f"{SCHEMA}.json").read_text(encoding="utf-8"))
TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "null": type(None)}
RULES = ("three_for_one", "levels", "team", "nearest", "monthly")
SHAPES = (Plan, ThreeForOne, Levels, TeamBonus, Rank, Nearest, Monthly, Tier)


def valid(value: Any, schema: dict[str, Any]) -> bool:
    """The part of JSON Schema that ours uses; a keyword it does not know fails."""
    words = set(schema) - {"$schema", "title", "description", "default"}
    return all(_holds(word, value, schema) for word in words)


def _holds(word: str, value: Any, schema: dict[str, Any]) -> bool:
    wanted = schema[word]
    if word == "type":
        return any(type(value) is TYPES[kind] for kind in ([wanted] if isinstance(wanted, str) else wanted))
    if word == "enum":
        return value in wanted
    if value is None or (word == "properties" and not isinstance(value, dict)):
        return True
    if word == "properties":
        return all(key not in wanted or valid(part, wanted[key]) for key, part in value.items())
    holds = {
        "additionalProperties": lambda: wanted or not value.keys() - schema["properties"].keys(),
        "required": lambda: all(key in value for key in wanted),
        "items": lambda: all(valid(part, wanted) for part in value),
        "minItems": lambda: len(value) >= wanted,
        "maxItems": lambda: len(value) <= wanted,
        "minLength": lambda: len(value) >= wanted,
        "maxLength": lambda: len(value) <= wanted,
        "minimum": lambda: value >= wanted,
        "maximum": lambda: value <= wanted,
    }
    try:
        return bool(holds[word]())
    except (TypeError, AttributeError):
        return False


def parts(schema: dict[str, Any], within: Wrap = lambda value: value) -> Iterator[tuple[Wrap, dict[str, Any]]]:
    """Every object that the schema describes, the whole first, and how a value of it becomes a plan."""
    if "items" in schema:
        yield from parts(schema["items"], lambda value: within([value]))
    if "properties" in schema:
        yield within, schema
        for key, part in schema["properties"].items():
            yield from parts(
                part, lambda value, key=key: within({"name": "n", key: value} if key in RULES else {key: value})
            )


def right(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values that the schema admits, its borders among them."""
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    kind, *rest = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
    if kind == "object":
        known = {key: right(part) for key, part in schema["properties"].items()}
        needed = {key: known.pop(key) for key in schema.get("required", ())}
        value: st.SearchStrategy[Any] = st.fixed_dictionaries(needed, optional=known)
    elif kind == "array":
        value = st.lists(right(schema["items"]), min_size=schema["minItems"], max_size=3)
    elif kind == "string":
        value = st.sampled_from(["n", "x" * schema.get("maxLength", 1)])
    else:
        value = st.booleans() if kind == "boolean" else st.sampled_from([schema["minimum"], schema["maximum"]])
    return value | st.none() if rest else value


def nearly(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """A right value of a section with one setting taken away, or replaced, or put beside its border."""
    borders = [
        part[word] + step
        for word, step in (("minimum", -1), ("maximum", 1))
        for part in schema["properties"].values()
        if word in part
    ]
    wrong = st.sampled_from([None, True, "own", "", "x" * 101, [], [[]], {}, 1.5, *borders])
    key = st.sampled_from([*schema["properties"], "unknown"])
    replaced = st.tuples(right(schema), key, wrong).map(lambda drawn: {**(drawn[0] or {}), drawn[1]: drawn[2]})
    removed = st.tuples(right(schema), key).map(
        lambda drawn: {name: value for name, value in (drawn[0] or {}).items() if name != drawn[1]}
    )
    return replaced | removed


def read(document: object) -> bool:
    try:
        PLAN.read(document, "")
    except Unreadable:
        return False
    return True


def test_the_published_schema_is_that_of_the_parser() -> None:
    assert json.loads(plan_schema()) == PUBLISHED


@pytest.mark.parametrize("name", names())
def test_presets_are_valid_by_the_schema(name: str) -> None:
    document = json.loads(preset(name))
    assert document["$schema"] == f"{SCHEMA}.json"
    assert valid(document, PUBLISHED)


def test_every_setting_is_described_and_has_the_default_of_the_rules() -> None:
    found = [part for _, part in parts(PUBLISHED)]
    assert len(found) == len(SHAPES)
    for schema, shape in zip(found, SHAPES, strict=True):
        settings = {key: part for key, part in schema["properties"].items() if key not in ("note", "$schema")}
        assert settings.keys() == {field.name for field in fields(shape)}
        assert all(part["description"] for part in schema["properties"].values())
        assert is_dataclass(shape)
        for field in fields(shape):
            if field.default is MISSING:
                assert field.name in schema["required"]
            else:
                default = list(field.default) if isinstance(field.default, tuple) else field.default
                assert settings[field.name]["default"] == default


@pytest.mark.parametrize(("within", "part"), list(parts(PUBLISHED)), ids=[shape.__name__ for shape in SHAPES])
def test_the_schema_admits_what_the_parser_reads(within: Wrap, part: dict[str, Any]) -> None:
    """Section by section, since a plan is seldom right in all of them by chance."""

    @given(right(part) | nearly(part))
    def same(value: object) -> None:
        document = within(value)
        assert valid(document, PUBLISHED) == read(document)

    @given(right(part))
    def admitted(value: object) -> None:
        assert read(within(value))

    same()
    admitted()


def test_the_guide_lists_every_setting_with_its_default() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "plans.md").read_text(encoding="utf-8")
    names = {Plan: "", ThreeForOne: "three_for_one", Levels: "levels", TeamBonus: "team"}
    names |= {Nearest: "nearest", Monthly: "monthly", Rank: "team", Tier: "monthly"}
    for shape, name in names.items():
        section = guide.split(f"\n## `{name}`" if name else "\n## The whole plan")[1].split("\n## ")[0]
        for field in fields(shape):
            if field.name in RULES:
                continue
            prefix = {Rank: "ranks[].", Tier: "tiers[]."}.get(shape, "")
            rows = [line for line in section.splitlines() if line.startswith("|") and f"`{prefix}{field.name}`" in line]
            assert rows, field.name
            default = json.dumps(
                list(field.default) if isinstance(field.default, tuple) else field.default, default=str
            )
            shown = "required" if field.default is MISSING else default.strip('"')
            assert shown in rows[0] or field.default in (None, 0), field.name
