"""Dead letters."""

from typing import Self

import strawberry

from api.scalars import DateTime
from graph.store import dead_letters
from graph.times import stored


@strawberry.type(description="A member's share of the facts that could not be applied.")
class DeadLetter:
    """Kept with the reason until somebody looks at it."""

    scope_id: str = strawberry.field(description="The member.")
    reason: str = strawberry.field(description="What the last try failed of, for the operator.")
    deliveries: int = strawberry.field(description="How often it was tried.")
    since: DateTime = strawberry.field(description="The first failure.")
    at: DateTime = strawberry.field(description="The last failure.")
    facts: int = strawberry.field(description="How many facts wait for it.")
    discarded_by: str | None = strawberry.field(description="Who discarded it; null while it is waited for.")
    discarded_reason: str | None = strawberry.field(description="Why it was discarded.")

    @classmethod
    def from_domain(cls, letter: dead_letters.DeadLetter) -> Self:
        """A dead letter as the store has it."""
        return cls(
            scope_id=letter.scope_id,
            reason=letter.reason,
            deliveries=letter.deliveries,
            since=DateTime(stored(letter.since)),
            at=DateTime(stored(letter.at)),
            facts=letter.facts,
            discarded_by=letter.discarded_by,
            discarded_reason=letter.discarded_reason,
        )
