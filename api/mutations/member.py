"""Enrolment."""

from typing import Annotated

import strawberry

from api.context import Info
from api.policies import INGEST
from api.scalars import DateTime
from api.types.error import (
    AlreadyReferredError,
    InvalidInputError,
    MemberConflictError,
    PersonErasedError,
    ReferralCycleError,
    SelfReferralError,
    UnknownMemberError,
)
from api.types.fields import mutation, seen
from api.types.member import Member
from graph.errors import Refused
from graph.identity import id_number
from graph.members import Enrolment, member_id
from graph.privacy.phones import phone
from graph.times import parse_time


@strawberry.input(description="Who joins, and under whom.")
class EnrollMemberInput:
    """A wish to enrol."""

    member_id: str = strawberry.field(description="The business key: 1 to 64 printable characters without spaces.")
    referrer_id: str | None = strawberry.field(
        default=None, description="Who referred them, enrolled before; null for a root. It never changes."
    )
    name: str | None = strawberry.field(default=None, description="What they are called: at most 200 characters.")
    joined_at: DateTime | None = strawberry.field(default=None, description="When they joined; now, if left out.")
    phone: str | None = strawberry.field(
        default=None, description="Their phone, however written; of this installation's country unless it says another."
    )
    id_number: str | None = strawberry.field(default=None, description="Their ID number of 18 characters (GB 11643).")

    def to_domain(self, phone_region: str) -> Enrolment:
        """The wish; raises InvalidInput or SelfReferral."""
        return Enrolment(
            member_id=member_id(self.member_id),
            referrer_id=None if self.referrer_id is None else member_id(self.referrer_id, "referrer_id"),
            joined_at=None if self.joined_at is None else parse_time(self.joined_at, "joined_at"),
            name=self.name,
            phone=None if self.phone is None else phone(self.phone, phone_region),
            id_number=None if self.id_number is None else id_number(self.id_number),
        )


@strawberry.type(description="The member is enrolled.")
class EnrollMemberSuccess:
    """Also where the member was so before."""

    member: Member = seen(description="The member there now is.")


EnrollMemberResult = Annotated[
    EnrollMemberSuccess
    | InvalidInputError
    | SelfReferralError
    | AlreadyReferredError
    | MemberConflictError
    | ReferralCycleError
    | UnknownMemberError
    | PersonErasedError,
    strawberry.union("EnrollMemberResult", description="The member, or why not."),
]
Input = Annotated[EnrollMemberInput, strawberry.argument(name="input", description="Who joins.")]


@strawberry.type
class MemberMutations:
    """The mutations about members."""

    @mutation(description="Enrols a member. Repeating it with the same content changes nothing.", allow=INGEST)
    async def enroll_member(self, info: Info, wish: Input) -> EnrollMemberResult:
        """Accepts one enrolment."""
        enrolment = wish.to_domain(info.context.services.settings.phone_region)
        stamp = await info.context.clock.stamp()
        (outcome,) = await info.context.services.members.enrol([(0, enrolment)], stamp)
        if isinstance(outcome, Refused):
            raise outcome
        info.context.forget()
        return EnrollMemberSuccess(member=Member.from_domain(info.context.reads.shown(outcome.subject)))
