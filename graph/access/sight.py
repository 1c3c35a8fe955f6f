"""What a principal sees. Staff see all; a member sees themself and the downline to the allowed depth.

Levels count hops below the viewer: 0 is the viewer. Of the upline there is a display name and nothing else, of
everybody else nothing: what is not seen is answered as what is not there (docs/policies.md).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from graph.explanation import Code

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from graph.explanation import Explanation, Step
    from graph.members import Member, MemberId
    from graph.principals import Principal
    from graph.reasons import Answer, Reason, Value

HIDDEN = "***"
MEMBERS = frozenset({"buyer_id", "member_id", "referrer_id", "paid_to", "winner_id", "last_id"})
"""The values of steps and reasons that name a member."""
OF_THE_HOUSE = frozenset({"actor"})
"""Those that name somebody of the staff."""


@dataclass(frozen=True, slots=True)
class Sight:
    """The eyes of one principal. `depth` is how many levels below themself a member sees."""

    principal: Principal
    depth: int

    @property
    def sees_all(self) -> bool:
        """Whether nothing of the network is hidden, names apart."""
        return self.principal.is_staff

    @property
    def viewer(self) -> MemberId | None:
        """The member whose eyes these are."""
        return self.principal.member_id

    def owns(self, member_id: str) -> bool:
        """Whether the money, orders and explanations of a member are shown."""
        return self.sees_all or (self.viewer is not None and member_id == self.viewer)

    def reach(self, level: int | None) -> int:
        """How many levels below a member at this level are shown to a member; none below who is not seen."""
        return 0 if level is None else max(0, self.depth - level)

    def shown(self, member: Member, level: int | None) -> Member:
        """The member with the depth below the viewer in place of that below the root."""
        return member if self.sees_all or level is None else replace(member, depth=level)

    def within(self, path: Sequence[MemberId]) -> tuple[MemberId, ...]:
        """What is shown of a path up to the viewer: the part that is near enough."""
        return tuple(path if self.sees_all else path[-(self.depth + 1) :])


def people(explained: Explanation) -> set[str]:
    """The members whom an explanation names."""
    return {name for step in _steps(explained) for name in _named(step.values)}


def people_of(answers: Sequence[Answer]) -> set[str]:
    """The members whom the reasons of these answers name."""
    return {name for answer in answers for reason in answer.reasons for name in _named(reason.values)}


def without_strangers(explained: Explanation, seen: Container[str], sight: Sight) -> Explanation:
    """The explanation with the names of those hidden who are not seen, and an order only if it is one's own."""
    order, held = explained.order, explained.held_by
    return replace(
        explained,
        order=order if order is not None and sight.owns(order.member_id) else None,
        steps=tuple(_hide(step, seen) for step in explained.steps),
        movements=tuple(replace(moved, cause=_hide(moved.cause, seen)) for moved in explained.movements),
        held_by=held and _hide(held, seen),
    )


def answer_without_strangers(answer: Answer, seen: Container[str]) -> Answer:
    """The answer with the names of those hidden who are not seen."""
    return replace(answer, reasons=tuple(_hide_reason(reason, seen) for reason in answer.reasons))


def _steps(explained: Explanation) -> list[Step]:
    causes = [moved.cause for moved in explained.movements]
    return [*explained.steps, *causes, *([explained.held_by] if explained.held_by else [])]


def _named(values: Mapping[str, Value]) -> set[str]:
    return {value for name, value in values.items() if name in MEMBERS and isinstance(value, str)}


def _hide(step: Step, seen: Container[str]) -> Step:
    values = _hidden(step.values, seen)
    if step.code is Code.BY_HOLD:
        values["reason"] = HIDDEN  # why a review holds money back is for those who review
    return replace(step, values=values)


def _hide_reason(reason: Reason, seen: Container[str]) -> Reason:
    return replace(reason, values=_hidden(reason.values, seen))


def _hidden(values: Mapping[str, Value], seen: Container[str]) -> dict[str, Value]:
    return {
        name: HIDDEN if isinstance(value, str) and _is_hidden(name, value, seen) else value
        for name, value in values.items()
    }


def _is_hidden(name: str, value: str, seen: Container[str]) -> bool:
    return name in OF_THE_HOUSE or (name in MEMBERS and value not in seen)
