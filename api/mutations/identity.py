"""What is known of people: recorded, revealed, looked up by, erased. All but the first are audited with a reason."""

import asyncio
from typing import Annotated

import strawberry

from api.context import Info
from api.policies import ADMIN, INGEST, REVIEW
from api.scalars import DateTime
from api.types.error import (
    ErasureBlockedError,
    InvalidInputError,
    PersonErasedError,
    UnknownMemberError,
)
from api.types.fields import mutation, seen
from api.types.member import Member
from graph.errors import Refused
from graph.identity import IdentifierKind, IdentityField
from graph.members import member_id
from graph.store.identifiers import Sighting
from graph.times import parse_time, stored


@strawberry.input(description="What a member was seen with.")
class RecordIdentifierInput:
    """A sighting."""

    member_id: str = strawberry.field(description="The member.")
    kind: IdentifierKind = strawberry.field(description="What kind of thing it is.")
    value: str = strawberry.field(description="The thing itself: kept as a keyed hash, never as it is.")
    seen_at: DateTime | None = strawberry.field(default=None, description="When; now, if left out.")

    def to_domain(self) -> Sighting:
        """The sighting; raises InvalidInput."""
        seen_at = None if self.seen_at is None else parse_time(self.seen_at, "seen_at")
        return Sighting(member_id(self.member_id), self.kind, self.value, seen_at)


@strawberry.type(description="The sighting is recorded.")
class RecordIdentifierSuccess:
    """Also where it was so before."""

    member_id: str = seen(description="The member.")
    new: bool = seen(description="Whether the member was never seen with it before.")


RecordIdentifierResult = Annotated[
    RecordIdentifierSuccess | InvalidInputError | UnknownMemberError | PersonErasedError,
    strawberry.union("RecordIdentifierResult", description="The sighting, or why not."),
]
RecordInput = Annotated[RecordIdentifierInput, strawberry.argument(name="input", description="Who, and with what.")]


@strawberry.input(description="Whose values to see, and why.")
class RevealIdentityInput:
    """A wish to see plain text."""

    member_id: str = strawberry.field(description="The member.")
    fields: list[IdentityField] = strawberry.field(description="Which values.")
    reason: str = strawberry.field(description="Why: 1 to 200 characters, without a phone or an ID number.")


@strawberry.type(description="The values, in plain text. The audit has who asked, for which of them, and why.")
class RevealIdentitySuccess:
    """Those that were asked for; the others are null."""

    member_id: str = seen(description="The member.")
    name: str | None = seen(description="What they are called.")
    phone: str | None = seen(description="Their phone in E.164.")
    id_number: str | None = seen(description="Their ID number.")


RevealIdentityResult = Annotated[
    RevealIdentitySuccess | InvalidInputError | UnknownMemberError | PersonErasedError,
    strawberry.union("RevealIdentityResult", description="The values, or why not."),
]
RevealInput = Annotated[RevealIdentityInput, strawberry.argument(name="input", description="Whose, which, and why.")]


@strawberry.input(description="What members are looked up by, and why.")
class FindMemberInput:
    """A look-up."""

    kind: IdentifierKind = strawberry.field(description="What kind of thing it is.")
    value: str = strawberry.field(description="The thing itself, however written.")
    reason: str = strawberry.field(description="Why: 1 to 200 characters, without a phone or an ID number.")


@strawberry.type(description="Who was seen with it.")
class FindMemberSuccess:
    """Nobody, somebody, or a ring."""

    members: list[Member] = seen(description="The members by id, the first hundred at most.")


FindMemberResult = Annotated[
    FindMemberSuccess | InvalidInputError,
    strawberry.union("FindMemberResult", description="Who was seen with it, or why it cannot be read."),
]
FindInput = Annotated[FindMemberInput, strawberry.argument(name="input", description="By what, and why.")]


@strawberry.input(description="Whom to erase, and why.")
class EraseMemberInput:
    """A request for erasure."""

    member_id: str = strawberry.field(description="The member.")
    reason: str = strawberry.field(description="Why: 1 to 200 characters, without a phone or an ID number.")


@strawberry.type(description="Nothing personal of the member is kept; their money and their place are.")
class EraseMemberSuccess:
    """Also where they were erased before."""

    member_id: str = seen(description="The member.")
    erased_at: DateTime = seen(description="Since when.")


EraseMemberResult = Annotated[
    EraseMemberSuccess | InvalidInputError | UnknownMemberError | ErasureBlockedError,
    strawberry.union("EraseMemberResult", description="Since when they are erased, or why not."),
]
EraseInput = Annotated[EraseMemberInput, strawberry.argument(name="input", description="Whom, and why.")]
MOST_SHOWN = 100
LOOK_UP = 500
"""Points: who tries number after number has soon spent the budget."""


@strawberry.type
class IdentityMutations:
    """The mutations about what is known of people."""

    @mutation(
        description="Records what a member was seen with. Repeating it changes nothing but the time last seen.",
        allow=INGEST,
    )
    async def record_identifier(self, info: Info, wish: RecordInput) -> RecordIdentifierResult:
        """Accepts one sighting."""
        sighting = wish.to_domain()
        (outcome,) = await info.context.services.identifiers.record([(0, sighting)], await info.context.clock.stamp())
        if isinstance(outcome, Refused):
            raise outcome
        return RecordIdentifierSuccess(member_id=sighting.member_id, new=outcome.new)

    @mutation(description="Shows values of a member in plain text, and audits that.", allow=REVIEW, cost=LOOK_UP)
    async def reveal_identity(self, info: Info, wish: RevealInput) -> RevealIdentityResult:
        """Reads and audits in one transaction."""
        people, actor = info.context.services.people, info.context.principal.name
        found = await people.reveal(wish.member_id, wish.fields, wish.reason, actor)
        plain = {field.value: found.get(field) for field in IdentityField}
        return RevealIdentitySuccess(member_id=wish.member_id, **plain)

    @mutation(
        description="Looks members up by a phone, an ID number or another identifier, and audits that.",
        allow=REVIEW,
        cost=LOOK_UP,
    )
    async def find_member(self, info: Info, wish: FindInput) -> FindMemberResult:
        """A mutation, since it is audited, and since its value belongs into no URL and no cache."""
        people, actor = info.context.services.people, info.context.principal.name
        found = await people.find_by(wish.kind, wish.value, wish.reason, actor)
        members = await asyncio.gather(*(Member.get(info.context, one) for one in found[:MOST_SHOWN]))
        return FindMemberSuccess(members=members)

    @mutation(description="Destroys what is known of a member. Repeating it changes nothing.", allow=ADMIN)
    async def erase_member(self, info: Info, wish: EraseInput) -> EraseMemberResult:
        """Refused while money of theirs is on its way, or held."""
        actor = info.context.principal.name
        erasure = await info.context.services.erasure.erase(wish.member_id, wish.reason, actor)
        info.context.forget()
        return EraseMemberSuccess(member_id=erasure.member_id, erased_at=DateTime(stored(erasure.erased_at)))
