"""Strawberry's decorators with types, which its own give up, and with a policy for every field.

A field without one fails `tests/unit/test_policies.py`.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from functools import wraps
from inspect import isasyncgenfunction, iscoroutinefunction
from typing import Any, ParamSpec, TypeVar, cast

import strawberry

from api.policies import DECLARED, SEEN, Policy

P = ParamSpec("P")
T = TypeVar("T")

COST, ROWS, MONEY = "cost", "rows", "money"
"""What a field declares to the guard (`api/guard/weights.py`)."""


def seen(description: str, **more: Any) -> Any:  # noqa: ANN401  as strawberry.field
    """A plain attribute of an object that was itself read through sight. Nothing is checked again."""
    return strawberry.field(description=description, metadata={DECLARED: SEEN}, **more)


def field(
    description: str, allow: Policy, *, cost: int | None = None, rows: int | None = None
) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """A field with a resolver.

    `cost` is its points, `rows` what its list has where no argument says it; both where the guard cannot know.
    """
    return _declared(strawberry.field, description, allow, {COST: cost, ROWS: rows})


def mutation(
    description: str, allow: Policy, *, cost: int | None = None, money: bool = False
) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """A mutation. One that moves money by hand stands alone in its operation."""
    return _declared(strawberry.mutation, description, allow, {COST: cost, MONEY: money})


def subscription(description: str, allow: Policy) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """A subscription; its role is checked before its first event is waited for."""
    return _declared(strawberry.subscription, description, allow, {})


def _declared(
    kind: Callable[..., Any], description: str, allow: Policy, weights: Mapping[str, int | None]
) -> Callable[[Callable[P, T]], Callable[P, T]]:
    told = f"{description} {allow.note}".rstrip()
    metadata = {DECLARED: allow} | {name: value for name, value in weights.items() if value is not None}

    def decorate(resolver: Callable[P, T]) -> Callable[P, T]:
        declared = kind(description=told, metadata=metadata)
        return cast("Callable[P, T]", declared(resolver if allow.roles is None else _guarded(resolver, allow)))

    return decorate


def _guarded(resolver: Callable[P, T], allow: Policy) -> Callable[P, T]:
    """The resolver behind the check of roles: cheaper than an extension of the field, and as early."""
    name = getattr(resolver, "__name__", "")
    if iscoroutinefunction(resolver):
        work = cast("Callable[P, Awaitable[Any]]", resolver)

        @wraps(resolver)
        async def later(*args: P.args, **kwargs: P.kwargs) -> Any:  # noqa: ANN401
            allow.admit(cast("Any", kwargs["info"]).context.principal, name)
            return await work(*args, **kwargs)

        return cast("Callable[P, T]", later)

    if isasyncgenfunction(resolver):
        events = cast("Callable[P, AsyncGenerator[Any, None]]", resolver)

        @wraps(resolver)
        async def each(*args: P.args, **kwargs: P.kwargs) -> AsyncGenerator[Any, None]:
            allow.admit(cast("Any", kwargs["info"]).context.principal, name)
            async with aclosing(events(*args, **kwargs)) as found:
                async for event in found:
                    yield event

        return cast("Callable[P, T]", each)

    @wraps(resolver)
    def at_once(*args: P.args, **kwargs: P.kwargs) -> T:
        allow.admit(cast("Any", kwargs["info"]).context.principal, name)
        return resolver(*args, **kwargs)

    return at_once
