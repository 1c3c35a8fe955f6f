"""An anchor: a member's own order, with the slots that referrals have filled, and what they are worth (rules.md §3)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from graph.money import share
from graph.plan import Base, Mode

if TYPE_CHECKING:
    from graph.events import OrderCompleted
    from graph.plan import ThreeForOne


@dataclass(frozen=True, slots=True)
class Slot:
    """A filled slot. `number` says which filling of its anchor it was; `referral` has its net amount of now."""

    number: int
    referral: OrderCompleted
    granted_minor: int


class Refusal(StrEnum):
    """Why an anchor does not take a referral."""

    OTHER_CURRENCY = "other_currency"
    REFUNDED = "refunded"
    FULL = "full"
    OUTSIDE_WINDOW = "outside_window"
    MAX_CYCLES = "max_cycles"
    """Not the anchor's own: as many orders of the member as may have received referrals."""


@dataclass(frozen=True, slots=True)
class Appraisal:
    """A filled slot with every number that its worth comes from, in minor units."""

    position: int
    slot: Slot
    base_minor: int
    due_minor: int
    """The slot's share of the base."""
    cap_minor: int | None
    """What all slots together may be worth; None where no cap runs."""
    earlier_minor: int
    """What the slots filled before it are worth."""
    worth_minor: int
    falls_due: bool
    """Under `threshold`: whether no slot is open."""


@dataclass(slots=True, eq=False)
class Anchor:
    """A completed order of a book's owner. `slots` are the filled ones by position, which counts from 1.

    `order` has its net amount of now. `mended` says that a refund once changed slots that had been filled.
    """

    order: OrderCompleted
    rule: ThreeForOne
    version: int
    slots: dict[int, Slot] = field(default_factory=dict)
    mended: bool = False

    @property
    def full(self) -> bool:
        """No slot is open: 出局, when it is so for the first time."""
        return len(self.slots) == len(self.rule.slots_bp)

    @property
    def closed(self) -> bool:
        """Refunded in full: worth nothing and open to nobody, for ever."""
        return self.order.net_minor == 0

    @property
    def open(self) -> bool:
        """Whether a referral may come."""
        return not self.full and not self.closed

    @property
    def received(self) -> bool:
        """Whether it ever received a referral, whatever became of it."""
        return bool(self.slots) or self.mended

    def open_to(self, referral: OrderCompleted) -> bool:
        """Whether it has a slot for this referral, by currency and window (to the microsecond)."""
        return self.open and self.order.currency == referral.currency and self._near(referral)

    def refusal(self, referral: OrderCompleted) -> Refusal | None:
        """Why it is not open to this referral; None where it is."""
        if self.order.currency != referral.currency:
            return Refusal.OTHER_CURRENCY
        if self.closed:
            return Refusal.REFUNDED
        if self.full:
            return Refusal.FULL
        return None if self._near(referral) else Refusal.OUTSIDE_WINDOW

    def fill(self, referral: OrderCompleted) -> int:
        """Fills the lowest open slot; its position."""
        position = next(k for k in range(1, len(self.rule.slots_bp) + 1) if k not in self.slots)
        number = max((slot.number for slot in self.slots.values()), default=0) + 1
        self.slots[position] = Slot(number, referral, self._grant(position, referral, number))
        return position

    def refund(self, amount_minor: int) -> None:
        """Takes a refund off the order itself. Grants that it cuts stay cut."""
        self.order = replace(self.order, net_minor=self.order.net_minor - amount_minor)
        for k, worth in self._worth().items():
            self.slots[k] = replace(self.slots[k], granted_minor=min(worth, self.slots[k].granted_minor))

    def reduce(self, position: int, amount_minor: int) -> None:
        """Takes a refund off the referral in a slot."""
        slot = self.slots[position]
        less = replace(slot.referral, net_minor=slot.referral.net_minor - amount_minor)
        self.slots[position] = replace(slot, referral=less)

    def empty(self, position: int) -> None:
        """Opens a slot again."""
        del self.slots[position]

    def shift(self, position: int) -> None:
        """Takes a slot away: later ones move down and are granted anew, in the order they were filled."""
        del self.slots[position]
        moved = sorted((slot.number, k) for k, slot in self.slots.items() if k > position)
        slots = [(k - 1, self.slots.pop(k)) for _, k in moved]
        for place, slot in slots:
            self.slots[place] = replace(slot, granted_minor=self._grant(place, slot.referral, slot.number))

    def due(self) -> dict[str, tuple[int, int, Slot]]:
        """By the referral's order id: its position, what is due for it now in minor units, and the slot."""
        worth = self._worth() if self.falls_due else dict.fromkeys(self.slots, 0)
        return {slot.referral.order_id: (k, worth[k], slot) for k, slot in self.slots.items()}

    @property
    def falls_due(self) -> bool:
        """Whether its slots are due as they are: under `threshold` only while none is open."""
        return self.rule.mode is Mode.SLOT or self.full

    def appraise(self, position: int) -> Appraisal:
        """What a filled slot is worth now, and why."""
        slot, worth, rule = self.slots[position], self._worth(), self.rule
        own = rule.base is Base.OWN
        base = self.base_of(slot.referral)
        return Appraisal(
            position=position,
            slot=slot,
            base_minor=base,
            due_minor=self._own_share(position) if own else share(base, rule.slots_bp[position - 1]),
            cap_minor=None if own or rule.allow_over_100 else self._cap,
            earlier_minor=sum(worth[k] for k, other in self.slots.items() if other.number < slot.number),
            worth_minor=worth[position] if self.falls_due else 0,
            falls_due=self.falls_due,
        )

    def base_of(self, referral: OrderCompleted) -> int:
        """What a slot is a share of, with the net amounts of now."""
        if self.rule.base is Base.OWN:
            return self.order.net_minor
        if self.rule.base is Base.REFEREE:
            return referral.net_minor
        return min(referral.net_minor, self.order.net_minor)

    def _near(self, referral: OrderCompleted) -> bool:
        days = self.rule.window_days
        return days is None or abs(referral.completed_at - self.order.completed_at) <= timedelta(days=days)

    def _grant(self, position: int, referral: OrderCompleted, number: int) -> int:
        """What a slot may be worth at most from now on: a refund of another slot never raises it."""
        if self.rule.base is Base.OWN:
            return self._own_share(position)
        due = share(self.base_of(referral), self.rule.slots_bp[position - 1])
        if self.rule.allow_over_100:
            return due
        worth = self._worth()
        return min(due, self._cap - sum(worth[k] for k, slot in self.slots.items() if slot.number < number))

    def _worth(self) -> dict[int, int]:
        """What each filled slot is worth now, by position. Where a cap runs, the slots filled last are cut first."""
        if self.closed:
            return dict.fromkeys(self.slots, 0)
        if self.rule.base is Base.OWN:
            return {k: self._own_share(k) if slot.referral.net_minor else 0 for k, slot in self.slots.items()}
        worth, left = {}, self._cap
        for k, slot in sorted(self.slots.items(), key=lambda item: item[1].number):
            due = share(self.base_of(slot.referral), self.rule.slots_bp[k - 1])
            worth[k] = min(slot.granted_minor, due)
            if not self.rule.allow_over_100:
                worth[k] = min(worth[k], left)
                left -= worth[k]
        return worth

    @property
    def _cap(self) -> int:
        return share(self.order.net_minor, sum(self.rule.slots_bp))

    def _own_share(self, position: int) -> int:
        """The difference of cumulative shares, so that all slots together add up exactly."""
        rates, own = self.rule.slots_bp, self.order.net_minor
        return share(own, sum(rates[:position])) - share(own, sum(rates[: position - 1]))
