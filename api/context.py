"""What a resolver finds beside its arguments: one object a request."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeAlias

import strawberry
from strawberry.fastapi import BaseContext

from api.loaders import Loaders
from graph.principals import Principal

if TYPE_CHECKING:
    from api.messages import Language
    from graph.store.acceptance import StampClock
    from graph.wiring import Services


class Context(BaseContext):
    """The services, the clock that all facts of this process are stamped by, and the loaders of one request."""

    def __init__(self, services: Services, clock: StampClock, language: Language) -> None:
        super().__init__()
        self.services = services
        self.clock = clock
        self.language = language
        self.loaders = Loaders(services)
        self.principal = Principal("api", frozenset())
        """Who asks; the endpoint sets it."""
        self.now = datetime.now(UTC)
        """The moment that all of one answer is about."""

    def forget(self) -> None:
        """After a write: what was read before it, for an earlier mutation of the same document, may have changed."""
        self.loaders = Loaders(self.services)


Info: TypeAlias = strawberry.Info[Context, None]
