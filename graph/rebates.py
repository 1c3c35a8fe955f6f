"""Three-for-one (推三返一): the slots of a member's own orders, filled by the orders of those they referred.

Pure arithmetic and one small state machine, `RebateBook`; rules.md §3 is the law.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from graph.money import share
from graph.plan import AnchorChoice, Bank, Base, Mode, Qualify
from graph.rewards import Reward, Rule

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graph.events import OrderCompleted
    from graph.members import MemberId
    from graph.plan import PlanHistory, PlanVersion, ThreeForOne


@dataclass(frozen=True, slots=True)
class Slot:
    """One filled slot. `position` counts from 1; amounts are minor units of the anchor's currency."""

    position: int
    referral: OrderCompleted
    base_minor: int
    granted_minor: int


@dataclass(slots=True)
class Anchor:
    """A completed order of the book's owner with the slots that referrals have filled so far."""

    order: OrderCompleted
    rule: ThreeForOne
    version: int
    filled: list[Slot] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        """出局: no slot is open any more."""
        return len(self.filled) == len(self.rule.slots_bp)

    def within_window(self, referral: OrderCompleted) -> bool:
        """Whether the two completions lie close enough together, to the microsecond."""
        if self.rule.window_days is None:
            return True
        apart = abs(referral.completed_at - self.order.completed_at)
        return apart <= timedelta(days=self.rule.window_days)

    def fill(self, referral: OrderCompleted) -> Slot:
        """Fills the lowest open slot."""
        base, granted = slot_worth(self.rule, self.order.net_minor, referral.net_minor, self.filled)
        slot = Slot(len(self.filled) + 1, referral, base, granted)
        self.filled.append(slot)
        return slot


def slot_worth(rule: ThreeForOne, anchor_minor: int, referral_minor: int, before: list[Slot]) -> tuple[int, int]:
    """What the next slot is a share of, and what it is granted, both in minor units.

    With base `own` the slots are differences of cumulative shares, so that they add up exactly; otherwise
    each is its own share, cut where the anchor's slots together would exceed the cap.
    """
    k = len(before)
    if rule.base is Base.OWN:
        up_to = share(anchor_minor, sum(rule.slots_bp[: k + 1]))
        return anchor_minor, up_to - share(anchor_minor, sum(rule.slots_bp[:k]))
    base = referral_minor if rule.base is Base.REFEREE else min(referral_minor, anchor_minor)
    due = share(base, rule.slots_bp[k])
    if rule.allow_over_100:
        return base, due
    cap = share(anchor_minor, sum(rule.slots_bp))
    return base, min(due, cap - sum(slot.granted_minor for slot in before))


@dataclass(slots=True)
class RebateBook:
    """One member's running three-for-one, advanced order by order in seq order.

    `anchors` are the owner's orders with an open slot, oldest first; `waiting` the referrals in the bank, oldest
    first; `cycles` how many of the owner's orders ever received a referral. What changes is kept in `filled`,
    `banked` and `unbanked` (ids of referral orders) for the store to write.
    """

    owner_id: MemberId
    plans: PlanHistory
    anchors: list[Anchor] = field(default_factory=list)
    waiting: list[OrderCompleted] = field(default_factory=list)
    cycles: int = 0
    filled: list[tuple[Anchor, Slot]] = field(default_factory=list)
    banked: set[str] = field(default_factory=set)
    unbanked: set[str] = field(default_factory=set)

    def accept_anchor(self, order: OrderCompleted) -> list[Reward]:
        """The owner's own order opens slots; referrals that wait in the bank fill them first."""
        version = self.plans.in_force(order.seq)
        anchor = anchor_of(order, version)
        if anchor is None:
            return []
        self.anchors.append(anchor)
        return [reward for referral in tuple(self.waiting) for reward in self._fill_from_bank(referral, order)]

    def accept_referral(self, order: OrderCompleted) -> list[Reward]:
        """An order of somebody the owner referred takes a slot, waits in the bank, or is no referral."""
        version = self.plans.in_force(order.seq)
        rule = version.plan.three_for_one
        if rule is None or not qualifies(order, rule, version):
            return []
        anchor = self._anchor_for(order, rule)
        if anchor is not None:
            return self._fill(anchor, order, cause=order)
        if rule.bank is Bank.KEEP:
            self.waiting.append(order)
            self.banked.add(order.order_id)
        return []

    def _fill_from_bank(self, referral: OrderCompleted, cause: OrderCompleted) -> list[Reward]:
        rule = self.plans.in_force(referral.seq).plan.three_for_one
        anchor = self._anchor_for(referral, rule) if rule else None
        if anchor is None:
            return []
        self.waiting.remove(referral)
        self.unbanked.add(referral.order_id)
        return self._fill(anchor, referral, cause)

    def _anchor_for(self, referral: OrderCompleted, rule: ThreeForOne) -> Anchor | None:
        """The anchor that the plan in force at the referral chooses among those that are open to it."""
        fresh_allowed = rule.max_cycles is None or self.cycles < rule.max_cycles
        open_to_it = (
            anchor
            for anchor in (self.anchors if rule.anchor is AnchorChoice.OLDEST else reversed(self.anchors))
            if anchor.order.currency == referral.currency
            and (anchor.filled or fresh_allowed)
            and anchor.within_window(referral)
        )
        return next(open_to_it, None)

    def _fill(self, anchor: Anchor, referral: OrderCompleted, cause: OrderCompleted) -> list[Reward]:
        self.cycles += not anchor.filled
        slot = anchor.fill(referral)
        self.filled.append((anchor, slot))
        if anchor.complete:
            self.anchors.remove(anchor)
        if anchor.rule.mode is Mode.SLOT:
            return list(self._rewards(anchor, [slot], cause))
        return list(self._rewards(anchor, anchor.filled, cause)) if anchor.complete else []

    def _rewards(self, anchor: Anchor, slots: Iterable[Slot], cause: OrderCompleted) -> Iterable[Reward]:
        """The rewards that fall due for these slots; a slot worth nothing is no reward."""
        hold = timedelta(days=anchor.rule.hold_days)
        for slot in slots:
            if slot.granted_minor == 0:
                continue
            yield Reward(
                order_id=slot.referral.order_id,
                order_seq=slot.referral.seq,
                rule=Rule.REBATE,
                beneficiary_id=self.owner_id,
                plan_version=anchor.version,
                amount_minor=slot.granted_minor,
                currency=anchor.order.currency,
                base_minor=slot.base_minor,
                rate_bp=anchor.rule.slots_bp[slot.position - 1],
                path=(slot.referral.buyer_id, self.owner_id),
                caused_by=cause.order_id,
                created_at=cause.completed_at,
                due_at=slot.referral.completed_at + hold,
                slot=slot.position,
                anchor_order_id=anchor.order.order_id,
            )


def anchor_of(order: OrderCompleted, version: PlanVersion) -> Anchor | None:
    """The anchor that an order becomes under the version in force when it was accepted, if any."""
    rule = version.plan.three_for_one
    if rule is None or not version.plan.covers(order.currency):
        return None
    return Anchor(order, rule, version.version)


def qualifies(order: OrderCompleted, rule: ThreeForOne, version: PlanVersion) -> bool:
    """Whether a referee's order counts as a referral under the version in force when it was accepted."""
    return (
        version.plan.covers(order.currency)
        and order.net_minor >= rule.min_order_minor
        and (order.first or rule.qualify is Qualify.EVERY_ORDER)
    )
