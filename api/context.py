"""What a resolver finds beside its arguments: one object a request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeAlias

import strawberry
from strawberry.fastapi import BaseContext

from api.paging import Cursors
from api.reads import Reads
from graph.access.sight import Sight

if TYPE_CHECKING:
    from api.guard.guard import Guard
    from api.loaders import Loaders
    from api.messages import Language
    from graph.principals import Principal
    from graph.store.acceptance import StampClock
    from graph.wiring import Services


@dataclass(frozen=True, slots=True)
class Installation:
    """What all requests of one application share."""

    services: Services
    guard: Guard
    clock: StampClock
    """Stamps all facts of this process."""
    cursor_key: bytes


class Context(BaseContext):
    """Who asks, and what they may read. Nothing is executed before `admit` said who it is.

    `services` is for mutations alone: queries and types read through `reads` (`tests/unit/test_architecture.py`).
    """

    principal: Principal
    """Who asks; the actor of what is done."""
    reads: Reads
    cursors: Cursors

    def __init__(self, installation: Installation, language: Language) -> None:
        super().__init__()
        self.installation = installation
        self.services = installation.services
        self.guard = installation.guard
        self.clock = installation.clock
        self.language = language
        self.now = datetime.now(UTC)
        """The moment that all of one answer is about."""

    def admit(self, principal: Principal) -> None:
        """Lets somebody in whose proof was verified."""
        self.principal = principal
        self.cursors = Cursors(self.installation.cursor_key, principal)
        self.forget()

    def forget(self) -> None:
        """After a write: what was read before it, for an earlier mutation of the same document, may have changed."""
        self.reads = Reads(self.services, Sight(self.principal, self.services.settings.member_depth))

    @property
    def loaders(self) -> Loaders:
        """Those of `reads`."""
        return self.reads.loaders


Info: TypeAlias = strawberry.Info[Context, None]
