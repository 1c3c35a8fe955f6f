"""What the slots of an order are worth, through fillings, refunds and shifts: rules.md §3."""

from __future__ import annotations

from typing import Any

from made_rewards import NOON

from graph.anchors import Anchor
from graph.events import OrderCompleted
from graph.members import MemberId
from graph.orders import OrderId
from graph.plan import Base, Mode, ThreeForOne


def order(net: int, name: str = "X", seq: int = 1) -> OrderCompleted:
    return OrderCompleted(seq, OrderId(name), MemberId("a"), None, net, "CNY", NOON, first=True)


def anchor(net: int, referrals: list[int], **rule: Any) -> Anchor:
    made = Anchor(order(net), ThreeForOne(**rule), 1)
    for number, amount in enumerate(referrals, start=1):
        made.fill(order(amount, f"r{number}", number + 1))
    return made


def worth(made: Anchor) -> dict[str, tuple[int, int]]:
    """By referral: position and amount."""
    return {name: (position, amount) for name, (position, amount, _) in made.due().items()}


def test_fillings_are_numbered_from_one() -> None:
    made = anchor(100, [1, 1])
    assert [(position, slot.number) for position, slot in made.slots.items()] == [(1, 1), (2, 2)]


def test_a_slot_that_opened_is_filled_next_and_numbered_last() -> None:
    made = anchor(100, [1, 1, 1])
    made.empty(2)
    assert made.fill(order(1, "late", 9)) == 2
    assert made.slots[2].number == 4
    assert made.full


def test_a_shift_grants_what_the_new_place_is_worth() -> None:
    made = anchor(100, [100, 100, 100], base=Base.REFEREE)
    made.shift(1)
    assert worth(made) == {"r2": (1, 20), "r3": (2, 30)}
    assert [slot.granted_minor for slot in made.slots.values()] == [20, 30]


def test_a_shift_grants_within_what_was_filled_before() -> None:
    made = anchor(100, [100, 400, 400], base=Base.REFEREE)
    assert worth(made) == {"r1": (1, 20), "r2": (2, 80), "r3": (3, 0)}  # 120 is cut to 80, and nothing is left
    made.shift(1)
    assert worth(made) == {"r2": (1, 80), "r3": (2, 20)}


def test_what_an_anchor_loses_is_taken_from_the_slots_filled_last() -> None:
    made = anchor(100, [100, 100, 100], base=Base.REFEREE)
    made.refund(40)
    assert worth(made) == {"r1": (1, 20), "r2": (2, 30), "r3": (3, 10)}
    made.reduce(1, 100)
    assert worth(made) == {"r1": (1, 0), "r2": (2, 30), "r3": (3, 10)}  # what was cut does not come back


def test_a_closed_anchor_is_worth_nothing_whatever_its_base() -> None:
    made = anchor(100, [100, 100], base=Base.REFEREE, allow_over_100=True)
    made.refund(100)
    assert worth(made) == {"r1": (1, 0), "r2": (2, 0)}
    assert not made.open


def test_without_the_cap_slots_may_be_worth_more_than_the_order() -> None:
    made = anchor(100, [900, 900], base=Base.REFEREE, allow_over_100=True)
    assert worth(made) == {"r1": (1, 180), "r2": (2, 270)}


def test_the_smaller_of_the_two_is_the_base_of_min() -> None:
    assert worth(anchor(100, [50, 900], base=Base.MIN)) == {"r1": (1, 10), "r2": (2, 30)}


def test_a_threshold_falls_due_when_no_slot_is_open() -> None:
    made = anchor(100, [1, 1], mode=Mode.THRESHOLD)
    assert worth(made) == {"r1": (1, 0), "r2": (2, 0)}
    made.fill(order(1, "r3", 9))
    assert worth(made) == {"r1": (1, 20), "r2": (2, 30), "r3": (3, 50)}
    made.empty(2)
    assert worth(made) == {"r1": (1, 0), "r3": (3, 0)}
