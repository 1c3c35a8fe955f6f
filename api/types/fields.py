"""Strawberry's decorators with types: its own give up the signature of what they decorate."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import strawberry

P = ParamSpec("P")
T = TypeVar("T")

COST, ROWS, MONEY = "cost", "rows", "money"
"""What a field declares to the guard (`api/guard/weights.py`)."""


def field(
    description: str, *, cost: int | None = None, rows: int | None = None
) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """A field with a resolver.

    `cost` is its points, `rows` what its list has where no argument says it; both where the guard cannot know.
    """
    declared = {COST: cost, ROWS: rows}
    metadata = {name: value for name, value in declared.items() if value is not None}
    decorate: Callable[[Callable[P, T]], Callable[P, T]] = strawberry.field(description=description, metadata=metadata)
    return decorate


def mutation(
    description: str, *, cost: int | None = None, money: bool = False
) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """A mutation. One that moves money by hand stands alone in its operation."""
    metadata = {MONEY: money} | ({} if cost is None else {COST: cost})
    decorate: Callable[[Callable[P, T]], Callable[P, T]] = strawberry.mutation(
        description=description, metadata=metadata
    )
    return decorate
