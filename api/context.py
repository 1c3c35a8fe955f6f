"""What a resolver finds beside its arguments: one object a request."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self, TypeAlias

import strawberry
from strawberry.fastapi import BaseContext

from api.loaders import Loaders

if TYPE_CHECKING:
    from api.messages import Language
    from api.subscriptions.gate import Proof
    from api.subscriptions.hub import Hub
    from graph.principals import Principal
    from graph.store.acceptance import StampClock
    from graph.wiring import Services


class Context(BaseContext):
    """The services, the clock that all facts of this process are stamped by, and the loaders of one request.

    `principal` is who asks, and `proof` what says so; the endpoint sets them before anything is executed.
    """

    principal: Principal
    proof: Proof

    def __init__(self, services: Services, clock: StampClock, language: Language, hub: Hub) -> None:
        super().__init__()
        self.services = services
        self.clock = clock
        self.hub = hub
        self.language = language
        self.streams = False
        """Whether more than one answer can be sent back."""
        self.loaders = Loaders(services)
        self.now = datetime.now(UTC)
        """The moment that all of one answer is about."""

    def forget(self) -> None:
        """After a write: what was read before it, for an earlier mutation of the same document, may have changed."""
        self.loaders = Loaders(self.services)
        self.now = datetime.now(UTC)

    def as_stream(self) -> Self:
        """For a transport that can send several answers."""
        self.streams = True
        return self

    def renewed(self, principal: Principal) -> Context:
        """For the next operation on the same connection."""
        context = Context(self.services, self.clock, self.language, self.hub)
        context.request, context.principal, context.streams = self.request, principal, True
        return context


Info: TypeAlias = strawberry.Info[Context, None]
