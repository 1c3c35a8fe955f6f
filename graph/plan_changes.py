"""What changed from one plan to another, setting by setting, defaults written out."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graph.plan import Plan


@dataclass(frozen=True, slots=True)
class Change:
    """One setting by its path in the document; None: not set."""

    setting: str
    old: object
    new: object


def changes(old: Plan, new: Plan) -> list[Change]:
    """Every setting that differs, in the order of the plan language."""
    before, after = dict(_settings(old, "")), dict(_settings(new, ""))
    return [
        Change(setting, before.get(setting), after.get(setting))
        for setting in {**before, **after}
        if before.get(setting) != after.get(setting)
    ]


def _settings(value: object, path: str) -> Iterator[tuple[str, object]]:
    if is_dataclass(value):
        for field in fields(value):
            yield from _settings(getattr(value, field.name), f"{path}.{field.name}" if path else field.name)
    elif isinstance(value, tuple) and any(map(is_dataclass, value)):
        for index, element in enumerate(value):
            yield from _settings(element, f"{path}[{index}]")
    elif isinstance(value, frozenset | tuple):
        yield path, sorted(value) if isinstance(value, frozenset) else list(value)
    else:
        yield path, value
