"""The cap of an order, rules.md §6: floors first, then one unit each by largest remainder."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_rewards import reward

from graph.caps import cap_of, capped
from graph.rewards import Reward, Rule


def amounts(cap: int, *rewards: Reward) -> list[int]:
    found = capped({str(place): one for place, one in enumerate(rewards)}, cap)
    return [found[str(place)] for place in range(len(rewards))]


def test_the_cap_is_rounded_down() -> None:
    assert cap_of(999, 1000) == 99
    assert cap_of(1000, 10_000) == 1000
    assert cap_of(7, 0) == 0


@pytest.mark.parametrize("cap", [30, 31])
def test_what_fits_is_paid_whole(cap: int) -> None:
    assert amounts(cap, reward(10), reward(20)) == [10, 20]


def test_what_is_over_is_cut_in_proportion() -> None:
    assert amounts(15, reward(10), reward(20)) == [5, 10]


def test_the_largest_remainder_takes_the_unit_that_is_left() -> None:
    # 10 of 10 + 10 + 11 = 31: 3.22, 3.22, 3.54
    assert amounts(10, reward(10), reward(10), reward(11)) == [3, 3, 4]


def test_equal_remainders_go_to_the_rebate_then_by_rule_level_and_member() -> None:
    order = [
        reward(1, Rule.NEAREST, "a"),
        reward(1, Rule.PEER, "a"),
        reward(1, Rule.DIFFERENTIAL, "a"),
        reward(1, Rule.COMMISSION, "b", 2),
        reward(1, Rule.COMMISSION, "b", 1),
        reward(1, Rule.COMMISSION, "a", 1),
        reward(1, Rule.REBATE, "z", None),
    ]
    for cap in range(len(order) + 1):
        assert amounts(cap, *order) == [0] * (len(order) - cap) + [1] * cap


@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=12), st.integers(0, 10**13))
def test_the_parts_sum_to_the_smaller_of_cap_and_worth(worths: list[int], cap: int) -> None:
    found = amounts(cap, *(reward(worth, member=str(place)) for place, worth in enumerate(worths)))
    assert sum(found) == min(cap, sum(worths))
    for amount, worth in zip(found, worths, strict=True):
        assert 0 <= amount <= worth
        if sum(worths) > cap:
            assert abs(amount * sum(worths) - worth * cap) < sum(worths)  # within one unit of the exact share
