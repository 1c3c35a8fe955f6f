"""Dead letters."""

from typing import Self

import strawberry

from api.scalars import DateTime
from api.types.fields import seen
from graph.store import dead_letters
from graph.times import stored


@strawberry.type(description="A member's share of the facts that could not be applied.")
class DeadLetter:
    """Kept with the reason until somebody looks at it."""

    scope_id: str = seen(description="The member.")
    reason: str = seen(description="What the last try failed of, for the operator.")
    deliveries: int = seen(description="How often it was tried.")
    since: DateTime = seen(description="The first failure.")
    at: DateTime = seen(description="The last failure.")
    facts: int = seen(description="How many facts wait for it.")
    discarded_by: str | None = seen(description="Who discarded it; null while it is waited for.")
    discarded_reason: str | None = seen(description="Why it was discarded.")

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
