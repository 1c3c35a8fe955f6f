"""Strawberry's decorators with types: its own give up the signature of what they decorate."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import strawberry

P = ParamSpec("P")
T = TypeVar("T")


def field(description: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """A field with a resolver."""
    decorate: Callable[[Callable[P, T]], Callable[P, T]] = strawberry.field(description=description)
    return decorate


def subscription(description: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """A subscription."""
    decorate: Callable[[Callable[P, T]], Callable[P, T]] = strawberry.subscription(description=description)
    return decorate


def mutation(description: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """A mutation."""
    decorate: Callable[[Callable[P, T]], Callable[P, T]] = strawberry.mutation(description=description)
    return decorate
