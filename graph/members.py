"""Members and the referral edge between them. The forest's one invariant: at most one edge leaves a member."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NewType

from graph.errors import AlreadyReferred, InvalidInput, MemberConflict, SelfReferral
from graph.identity import IdentityField
from graph.redaction import looks_personal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

MemberId = NewType("MemberId", str)
MAX_ID_LENGTH = 64
MAX_NAME_LENGTH = 200


def identifier(text: str, field: str) -> str:
    """A business key as given; raises InvalidInput unless it is 1 to 64 printable characters without spaces."""
    if not 1 <= len(text) <= MAX_ID_LENGTH or not text.isprintable() or " " in text:
        raise InvalidInput(
            field, f"{field} must be 1 to {MAX_ID_LENGTH} printable characters without spaces.", code="BAD_ID"
        )
    return text


def member_id(text: str, field: str = "member_id") -> MemberId:
    """A member's business key; raises InvalidInput as `identifier` does."""
    return MemberId(identifier(text, field))


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A person about to join: the wish, not yet the fact. Raises SelfReferral or InvalidInput when made.

    What is None beside the referrer is left unsaid: a moment unsaid is the moment of acceptance. The phone and the
    ID number are given in their canonical forms.
    """

    member_id: MemberId
    referrer_id: MemberId | None
    joined_at: datetime | None = None
    name: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)
    id_number: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if self.member_id == self.referrer_id:
            raise SelfReferral(self.member_id)
        if self.name is not None and not (self.name.isprintable() and len(self.name) <= MAX_NAME_LENGTH):
            raise InvalidInput("name", f"A name has at most {MAX_NAME_LENGTH} printable characters.", code="BAD_NAME")
        if looks_personal(self.member_id):
            raise InvalidInput(
                "member_id", "member_id looks like a phone or an ID number, which no id may be.", code="PERSONAL_ID"
            )

    @property
    def personal(self) -> dict[IdentityField, str]:
        """What is said of the person, to be sealed."""
        said = {
            IdentityField.NAME: self.name,
            IdentityField.PHONE: self.phone,
            IdentityField.ID_NUMBER: self.id_number,
        }
        return {name: value for name, value in said.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Member:
    """A member of the forest. `depth` counts hops from the root, which has depth 0.

    What is known of the person is sealed, and read apart from it (`graph/store/people.py`).
    """

    member_id: MemberId
    referrer_id: MemberId | None
    depth: int
    joined_at: datetime

    def refuse_other_content(self, wish: Enrolment, personal: Mapping[IdentityField, str | None]) -> None:
        """Raises AlreadyReferred or MemberConflict unless the wish repeats what is already so.

        `personal` is what is known of the person, of what the wish says of them.
        """
        if wish.referrer_id != self.referrer_id:
            raise AlreadyReferred(self.member_id, self.referrer_id)
        moment = () if wish.joined_at in {None, self.joined_at} else ("joined_at",)
        differing = (*moment, *(name for name, value in wish.personal.items() if personal.get(name) != value))
        if differing:
            raise MemberConflict(self.member_id, differing)


@dataclass(frozen=True, slots=True)
class Ancestor:
    """One member of somebody's upline. `level` counts hops from that somebody: 1 is the direct referrer."""

    member_id: MemberId
    level: int
    first_order_seq: int | None
    """When the ancestor's first completion was accepted, if ever: what `eligible: has_order` asks."""
