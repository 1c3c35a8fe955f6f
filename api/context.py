"""What a resolver finds beside its arguments: one object a request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self, TypeAlias

import strawberry
from strawberry.fastapi import BaseContext

from api.paging import Cursors
from api.reads import Reads
from graph.access.sight import Sight

if TYPE_CHECKING:
    from api.guard.guard import Guard
    from api.loaders import Loaders
    from api.messages import Language
    from api.subscriptions.gate import Proof
    from api.subscriptions.hub import Hub
    from graph.principals import Principal
    from graph.store.acceptance import StampClock
    from graph.wiring import Services


@dataclass(frozen=True, slots=True)
class Installation:
    """What all requests of one application share."""

    services: Services
    guard: Guard
    hub: Hub
    clock: StampClock
    """Stamps all facts of this process."""
    cursor_key: bytes


class Context(BaseContext):
    """Who asks, and what they may read. Nothing is executed before `admit` said who it is.

    `services` is for mutations alone: queries and types read through `reads` (`tests/unit/test_architecture.py`).
    """

    proof: Proof
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
        self.hub = installation.hub
        self.language = language
        self.streams = False
        """Whether more than one answer can be sent back."""
        self.now = datetime.now(UTC)
        """The moment that all of one answer is about."""

    def admit(self, proof: Proof) -> None:
        """Lets in whom a verified proof vouches for."""
        self.proof, self.principal = proof, proof.principal
        self.cursors = Cursors(self.installation.cursor_key, proof.principal)
        self.forget()

    def forget(self) -> None:
        """After a write: what was read before it, for an earlier mutation of the same document, may have changed."""
        self.reads = Reads(self.services, Sight(self.principal, self.services.settings.member_depth))
        self.now = datetime.now(UTC)

    def as_stream(self) -> Self:
        """For a transport that can send several answers."""
        self.streams = True
        return self

    def renewed(self, proof: Proof) -> Context:
        """For the next operation on the same connection."""
        context = Context(self.installation, self.language).as_stream()
        context.request = self.request
        context.admit(proof)
        return context

    @property
    def loaders(self) -> Loaders:
        """Those of `reads`."""
        return self.reads.loaders


Info: TypeAlias = strawberry.Info[Context, None]
