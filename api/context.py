"""What a resolver finds beside its arguments: one object a request."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeAlias

import strawberry
from strawberry.fastapi import BaseContext

from api.loaders import Loaders

if TYPE_CHECKING:
    from api.guard.guard import Guard
    from api.messages import Language
    from graph.principals import Principal
    from graph.store.acceptance import StampClock
    from graph.wiring import Services


class Context(BaseContext):
    """The services, the clock that all facts of this process are stamped by, and the loaders of one request."""

    principal: Principal
    """Who asks. Set before anything is executed."""

    def __init__(self, services: Services, clock: StampClock, language: Language, guard: Guard) -> None:
        super().__init__()
        self.guard = guard
        self.services = services
        self.clock = clock
        self.language = language
        self.loaders = Loaders(services)
        self.now = datetime.now(UTC)
        """The moment that all of one answer is about."""

    def forget(self) -> None:
        """After a write: what was read before it, for an earlier mutation of the same document, may have changed."""
        self.loaders = Loaders(self.services)


Info: TypeAlias = strawberry.Info[Context, None]
