"""Three-for-one (推三返一): the slots of a member's own orders, filled by the orders of those they referred.

Pure arithmetic and one small state machine, `RebateBook`; rules.md §3 is the law. Every fact changes the slots of
some anchors, and what is claimed is the difference between what they were due before and what they are due now:
a refund is no special case.
"""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from graph.anchors import Anchor, Refusal, Slot
from graph.events import OrderCompleted
from graph.plan import AnchorChoice, Bank, Qualify, RefundPolicy
from graph.rewards import Reward, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graph.events import OrderFact, OrderRefunded
    from graph.members import MemberId
    from graph.plan import PlanHistory, PlanVersion, ThreeForOne


class Unfit(StrEnum):
    """Why an order of a referee is no referral."""

    CURRENCY = "currency"
    NOT_FIRST = "not_first"
    TOO_SMALL = "too_small"


@dataclass(slots=True)
class RebateBook:
    """One member's running three-for-one, advanced fact by fact in seq order.

    It knows the anchors that were added to it: those with an open slot, and those that a refund touches. `waiting` are
    the referrals in the bank, oldest first; `cycles` is how many of the owner's orders ever received a referral.
    `filled`, `mended` and `banked` say what a store has to write.
    """

    owner_id: MemberId
    plans: PlanHistory
    anchors: list[Anchor] = field(default_factory=list)
    """Those with an open slot, oldest first."""
    waiting: list[OrderCompleted] = field(default_factory=list)
    cycles: int = 0
    by_order: dict[str, Anchor] = field(default_factory=dict)
    by_referral: dict[str, Anchor] = field(default_factory=dict)
    filled: list[tuple[Anchor, int]] = field(default_factory=list)
    """Anchors and the positions that were filled in them."""
    mended: dict[str, Anchor] = field(default_factory=dict)
    """Anchors that a refund has touched, by order id: to be written whole."""
    banked: dict[str, OrderCompleted | None] = field(default_factory=dict)
    """Referrals that wait now, and None for those that wait no more, by order id."""

    def add(self, anchor: Anchor) -> None:
        """Makes an anchor known, with its slots; each once."""
        self.by_order[anchor.order.order_id] = anchor
        for slot in anchor.slots.values():
            self.by_referral[slot.referral.order_id] = anchor
        if anchor.open:
            insort(self.anchors, anchor, key=_seq)

    def accept_anchor(self, order: OrderCompleted) -> list[Reward]:
        """The owner's own order opens slots; referrals that wait in the bank fill them first."""
        anchor = anchor_of(order, self.plans.in_force(order.seq))
        if anchor is None:
            return []
        self.add(anchor)
        return self._fill_from_bank(order) if self.waiting else []

    def accept_referral(self, order: OrderCompleted) -> list[Reward]:
        """An order of somebody the owner referred takes a slot, waits in the bank, or is no referral."""
        version = self.plans.in_force(order.seq)
        rule = version.plan.three_for_one
        if rule is None or not qualifies(order, rule, version):
            return []
        anchor = self.anchor_for(order, rule)
        if anchor is not None:
            due = anchor.due()
            self._fill(anchor, order)
            return list(self._claims(anchor, due, order))
        if rule.bank is Bank.KEEP:
            self.waiting.append(order)
            self.banked[order.order_id] = order
        return []

    def refund_anchor(self, refund: OrderRefunded) -> list[Reward]:
        """Money back on the owner's own order: its slots are worth less; in full, nothing, for ever."""
        anchor = self.by_order.get(refund.order_id)
        if anchor is None:
            return []
        due = anchor.due()
        anchor.refund(refund.amount_minor)
        self._mend(anchor)
        return list(self._claims(anchor, due, refund))

    def refund_referral(self, refund: OrderRefunded) -> list[Reward]:
        """Money back on a referral: in the bank or in a slot, it is worth less; in full, the policy decides."""
        for place, waiting in enumerate(self.waiting):
            if waiting.order_id == refund.order_id:
                self._refund_waiting(place, refund)
                return []
        anchor = self.by_referral.get(refund.order_id)
        return self._refund_slot(anchor, refund) if anchor else []

    def hear(self, fact: OrderFact) -> list[Reward]:
        """Takes any fact of the owner's scope, to do again what the engine did."""
        own = fact.buyer_id == self.owner_id
        if isinstance(fact, OrderCompleted):
            return self.accept_anchor(fact) if own else self.accept_referral(fact)
        return self.refund_anchor(fact) if own else self.refund_referral(fact)

    def obstacles(self, referral: OrderCompleted, rule: ThreeForOne) -> list[tuple[Anchor, Refusal]]:
        """Why none of the known anchors would take a referral now, oldest anchor first; empty where one would."""
        if self.anchor_for(referral, rule):
            return []
        anchors = sorted(self.by_order.values(), key=_seq)
        return [(anchor, anchor.refusal(referral) or Refusal.MAX_CYCLES) for anchor in anchors]

    def _refund_waiting(self, place: int, refund: OrderRefunded) -> None:
        left = self.waiting[place].net_minor - refund.amount_minor
        if left:
            self.waiting[place] = self.banked[refund.order_id] = replace(self.waiting[place], net_minor=left)
        else:
            del self.waiting[place]
            self.banked[refund.order_id] = None

    def _refund_slot(self, anchor: Anchor, refund: OrderRefunded) -> list[Reward]:
        due = anchor.due()
        position = due[refund.order_id][0]
        anchor.mended = True
        anchor.reduce(position, refund.amount_minor)
        opens = anchor.slots[position].referral.net_minor == 0 and not anchor.closed
        if opens and anchor.rule.refund_policy is RefundPolicy.REFILL:
            anchor.empty(position)
        elif opens and anchor.rule.refund_policy is RefundPolicy.SHIFT:
            anchor.shift(position)
        else:
            opens = False
        self._mend(anchor)
        if not opens:
            return list(self._claims(anchor, due, refund))
        del self.by_referral[refund.order_id]
        return self._fill_from_bank(refund, (anchor, due))

    def _mend(self, anchor: Anchor) -> None:
        anchor.mended = anchor.mended or anchor.received
        self.mended[anchor.order.order_id] = anchor
        listed = anchor in self.anchors
        if listed and not anchor.open:
            self.anchors.remove(anchor)
        elif anchor.open and not listed:
            insort(self.anchors, anchor, key=_seq)

    def _fill_from_bank(self, cause: OrderFact, touched: tuple[Anchor, Due] | None = None) -> list[Reward]:
        """Lets every waiting referral try again, oldest first; claims once for each anchor that changed."""
        changed = {id(touched[0]): touched} if touched else {}
        for referral in tuple(self.waiting):
            if not self.anchors:
                break
            rule = self.plans.in_force(referral.seq).plan.three_for_one
            anchor = self.anchor_for(referral, rule) if rule else None
            if anchor is not None:
                changed.setdefault(id(anchor), (anchor, anchor.due()))
                self.waiting.remove(referral)
                self.banked[referral.order_id] = None
                self._fill(anchor, referral)
        return [reward for anchor, due in changed.values() for reward in self._claims(anchor, due, cause)]

    def anchor_for(self, referral: OrderCompleted, rule: ThreeForOne) -> Anchor | None:
        """The anchor that the plan in force at the referral chooses among those that are open to it."""
        fresh_allowed = rule.max_cycles is None or self.cycles < rule.max_cycles
        for anchor in self.anchors if rule.anchor is AnchorChoice.OLDEST else reversed(self.anchors):
            if anchor.open_to(referral) and (anchor.received or fresh_allowed):
                return anchor
        return None

    def _fill(self, anchor: Anchor, referral: OrderCompleted) -> None:
        self.cycles += not anchor.received
        self.filled.append((anchor, anchor.fill(referral)))
        self.by_referral[referral.order_id] = anchor
        if anchor.full:
            self.anchors.remove(anchor)

    def _claims(self, anchor: Anchor, before: Due, cause: OrderFact) -> Iterator[Reward]:
        """What the rewards of an anchor's slots are worth now, where that has changed."""
        now = anchor.due()
        for order_id, (position, worth, slot) in (before | now).items():
            _, had, _ = before.get(order_id, (None, 0, None))
            if order_id not in now:
                worth = 0
            if worth != had or (worth and before[order_id][0] != position):
                yield self._reward(anchor, position, slot, worth, cause)

    def _reward(self, anchor: Anchor, position: int, slot: Slot, worth: int, cause: OrderFact) -> Reward:
        return Reward(
            order_id=slot.referral.order_id,
            order_seq=slot.referral.seq,
            rule=Rule.REBATE,
            beneficiary_id=self.owner_id,
            plan_version=anchor.version,
            worth_minor=worth,
            currency=anchor.order.currency,
            base_minor=anchor.base_of(slot.referral),
            rate_bp=anchor.rule.slots_bp[position - 1],
            path=(slot.referral.buyer_id, self.owner_id),
            created_at=cause.at,
            due_at=slot.referral.completed_at + timedelta(days=anchor.rule.hold_days),
            slot=position,
            anchor_order_id=anchor.order.order_id,
        )


Due = dict[str, tuple[int, int, Slot]]
"""What an anchor's slots are due: by the referral's order id, the position, the amount, and the slot."""


def _seq(anchor: Anchor) -> int:
    return anchor.order.seq


def anchor_of(order: OrderCompleted, version: PlanVersion) -> Anchor | None:
    """The anchor that an order becomes under the version in force when it was accepted, if any."""
    rule = version.plan.three_for_one
    if rule is None or not version.plan.covers(order.currency):
        return None
    return Anchor(order, rule, version.version)


def qualifies(order: OrderCompleted, rule: ThreeForOne, version: PlanVersion) -> bool:
    """Whether a referee's order counts as a referral under the version in force when it was accepted."""
    return unfit(order, rule, version) is None


def unfit(order: OrderCompleted, rule: ThreeForOne, version: PlanVersion) -> Unfit | None:
    """Why a referee's order is no referral under that version; None where it is one."""
    if not version.plan.covers(order.currency):
        return Unfit.CURRENCY
    if not order.first and rule.qualify is Qualify.FIRST_ORDER:
        return Unfit.NOT_FIRST
    return Unfit.TOO_SMALL if order.net_minor < rule.min_order_minor else None
