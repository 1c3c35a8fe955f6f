"""What a resolver finds beside its arguments: one object a request."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeAlias

import strawberry
from strawberry.fastapi import BaseContext

from api.paging import Cursors
from api.reads import Reads
from graph.access.sight import Sight

if TYPE_CHECKING:
    from api.loaders import Loaders
    from api.messages import Language
    from graph.principals import Principal
    from graph.store.acceptance import StampClock
    from graph.wiring import Services


class Context(BaseContext):
    """Who asks, what they may read, and the clock that all facts of this process are stamped by.

    `services` is for mutations alone: queries and types read through `reads` (`tests/unit/test_architecture.py`).
    """

    def __init__(
        self, services: Services, clock: StampClock, language: Language, principal: Principal, cursor_key: bytes
    ) -> None:
        super().__init__()
        self.services = services
        self.clock = clock
        self.language = language
        self.principal = principal
        """Who asks; the actor of what is done."""
        self.cursors = Cursors(cursor_key, principal)
        self.now = datetime.now(UTC)
        """The moment that all of one answer is about."""
        self.forget()

    def forget(self) -> None:
        """After a write: what was read before it, for an earlier mutation of the same document, may have changed."""
        self.reads = Reads(self.services, Sight(self.principal, self.services.settings.member_depth))

    @property
    def loaders(self) -> Loaders:
        """Those of `reads`."""
        return self.reads.loaders


Info: TypeAlias = strawberry.Info[Context, None]
