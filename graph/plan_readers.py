"""How single values of a plan document are read. A reader also says as JSON Schema what it reads.

So the published schema cannot differ from the parser: `graph/plan_document.py` puts these together, and
`graph/plan_schema.py` writes down what came out.
"""

from __future__ import annotations

from dataclasses import MISSING, dataclass, field, fields
from typing import TYPE_CHECKING, Any

from graph.currencies import MINOR_DIGITS
from graph.money import BASIS_POINTS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from enum import StrEnum

    Read = Callable[[Any, str], Any]

MAX_LIST = 50
"""The longest list of slots, levels, ranks or tiers that a plan may hold."""
MAX_DAYS = 36_500
MAX_COUNT = 2**31 - 1


class Unreadable(ValueError):
    """A value that is not what its setting needs; each fault names the place."""

    def __init__(self, *faults: str) -> None:
        super().__init__(*faults)
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Reader:
    """`read(value, place)` gives the domain's value or raises Unreadable; `schema` is the JSON Schema of the value."""

    read: Read
    schema: dict[str, Any] = field(default_factory=dict)

    def about(self, description: str) -> Reader:
        """The same reader with words for whoever writes a plan."""
        return Reader(self.read, {"description": description} | self.schema)


def whole(least: int, most: int) -> Reader:
    """A whole number; true, 1.5 and "1" are none."""

    def read(value: object, place: str) -> int:
        if type(value) is not int or not least <= value <= most:
            raise Unreadable(f"{place} must be a whole number from {least} to {most}")
        return value

    return Reader(read, {"type": "integer", "minimum": least, "maximum": most})


def choice(options: type[StrEnum]) -> Reader:
    """One of a few words."""

    def read(value: object, place: str) -> StrEnum:
        if not isinstance(value, str) or value not in list(options):
            raise Unreadable(f"{place} must be one of {', '.join(options)}")
        return options(value)

    return Reader(read, {"enum": [str(option) for option in options]})


def rates(least: int, most: int) -> Reader:
    """A list of at least so many rates, each in basis points up to `most`."""
    rate = whole(0, most)

    def read(value: object, place: str) -> tuple[int, ...]:
        if not isinstance(value, list) or not least <= len(value) <= MAX_LIST:
            raise Unreadable(f"{place} must be a list of {least} to {MAX_LIST} rates in basis points")
        return _each(rate, value, place)

    return Reader(read, {"type": "array", "items": rate.schema, "minItems": least, "maxItems": MAX_LIST})


def sections(element: Reader) -> Reader:
    """A list of one or more objects of a kind."""

    def read(value: object, place: str) -> tuple[Any, ...]:
        if not isinstance(value, list) or not 1 <= len(value) <= MAX_LIST:
            raise Unreadable(f"{place} must be a list of 1 to {MAX_LIST} objects")
        return _each(element, value, place)

    return Reader(read, {"type": "array", "items": element.schema, "minItems": 1, "maxItems": MAX_LIST})


def _each(element: Reader, values: list[object], place: str) -> tuple[Any, ...]:
    faults: list[str] = []
    read = []
    for index, value in enumerate(values):
        try:
            read.append(element.read(value, f"{place}[{index}]"))
        except Unreadable as fault:
            faults += fault.faults
    if faults:
        raise Unreadable(*faults)
    return tuple(read)


def flag() -> Reader:
    """True or false."""

    def read(value: object, place: str) -> bool:
        if value is True or value is False:
            return value
        raise Unreadable(f"{place} must be true or false")

    return Reader(read, {"type": "boolean"})


def text(most: int) -> Reader:
    """Printable characters, at least one."""

    def read(value: object, place: str) -> str:
        if not isinstance(value, str) or not 1 <= len(value) <= most or not value.isprintable():
            raise Unreadable(f"{place} must be 1 to {most} printable characters")
        return value

    return Reader(read, {"type": "string", "minLength": 1, "maxLength": most})


def note() -> Reader:
    """Words of whoever wrote the plan, kept with it and read by nobody else; line ends are welcome."""

    def read(value: object, place: str) -> str:
        if not isinstance(value, str):
            raise Unreadable(f"{place} must be text")
        return value

    return Reader(read, {"type": "string"})


def currencies() -> Reader:
    """ISO 4217 codes, at least one."""

    def read(value: object, place: str) -> frozenset[str]:
        codes = value if isinstance(value, list) else []
        if not codes or not all(isinstance(code, str) and code in MINOR_DIGITS for code in codes):
            raise Unreadable(f"{place} must be a list of ISO 4217 codes")
        return frozenset(codes)

    return Reader(read, {"type": "array", "items": {"enum": sorted(MINOR_DIGITS)}, "minItems": 1})


def section(shape: type[Any], settings: Mapping[str, Reader], unread: Mapping[str, Reader]) -> Reader:
    """An object with these settings, made into a domain value; null and absence mean the default.

    What is `unread` may stand there as well and says nothing to the rules.
    """
    known = {**unread, **settings}
    default = {f.name: f.default for f in fields(shape)}
    required = [key for key in settings if default[key] is MISSING]

    def read(value: object, place: str) -> object:
        here = place or "the plan"
        if not isinstance(value, dict):
            raise Unreadable(f"{here} must be an object")
        faults = [f"{here} has no setting {key!r}" for key in sorted(value.keys() - known.keys())]
        dotted = f"{place}." if place else ""
        faults += [f"{dotted}{key} is missing" for key in required if value.get(key) is None]
        given = {}
        for key, reader in known.items():
            if value.get(key) is not None:
                try:
                    given[key] = reader.read(value[key], dotted + key)
                except Unreadable as fault:
                    faults += fault.faults
        if faults:
            raise Unreadable(*faults)
        return shape(**{key: given[key] for key in given if key in settings})

    properties = {
        key: reader.schema if key in required else _or_default(reader, default.get(key))
        for key, reader in known.items()
    }
    schema = {"type": "object", "additionalProperties": False, "properties": properties}
    return Reader(read, schema | ({"required": required} if required else {}))


def _or_default(reader: Reader, default: object) -> dict[str, Any]:
    shown = list(default) if isinstance(default, tuple) else default
    nullable = dict(reader.schema)
    if "enum" in nullable:
        nullable["enum"] = [*nullable["enum"], None]
    else:
        nullable["type"] = [nullable["type"], "null"]
    return nullable | {"default": shown}


RATE = whole(0, BASIS_POINTS)
"""A rate of at most all of it."""
