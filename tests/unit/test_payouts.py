"""From which rewards money is paid: sums exact, debts first, nothing below zero that was not a debt."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.ledger import Account, PostedReward, RewardState
from graph.members import MemberId
from graph.orders import OrderId
from graph.payouts import all_of, allocate, available, coming_back, is_free, paying, payment, payout_id, reversal
from graph.rewards import Rule

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def reward(number: int, amount: int, paid: int = 0, state: RewardState = RewardState.AVAILABLE) -> PostedReward:
    """The reward for order `number`: older orders have lower numbers."""
    return PostedReward(
        order_id=OrderId(f"o{number}"),
        order_seq=number,
        rule=Rule.COMMISSION,
        beneficiary_id=MemberId("a"),
        plan_version=1,
        worth_minor=amount,
        currency="CNY",
        base_minor=amount,
        rate_bp=1000,
        path=(MemberId("b"), MemberId("a")),
        created_at=NOON,
        due_at=None,
        level=1,
        amount_minor=amount,
        paid_minor=paid,
        state=state,
    )


amounts = st.integers(0, 1000)
rewards = st.lists(st.tuples(amounts, amounts, st.sampled_from(RewardState)), max_size=12).map(
    lambda rows: [reward(number, *row) for number, row in enumerate(rows)]
)


def paid_out(held: list[PostedReward], portions: list) -> list[PostedReward]:
    """The rewards as they are once the portions are paid."""
    by_id = {r.reward_id: r for r in held}
    for portion in portions:
        paid, state = paying(by_id[portion.reward_id], portion)
        by_id[portion.reward_id] = replace(by_id[portion.reward_id], paid_minor=paid, state=state)
    return list(by_id.values())


@given(rewards, st.data())
def test_portions_add_up_to_the_amount_and_leave_the_rest(held: list[PostedReward], data: st.DataObject) -> None:
    free = available(held)
    if free < 1:
        return
    amount = data.draw(st.integers(1, free))
    portions = allocate(held, amount)
    assert sum(portion.amount_minor for portion in portions) == amount
    assert len({portion.reward_id for portion in portions}) == len(portions)
    assert available(paid_out(held, portions)) == free - amount


@given(rewards, st.data())
def test_a_withdrawal_leaves_no_debt_and_makes_none(held: list[PostedReward], data: st.DataObject) -> None:
    free = available(held)
    if free < 1:
        return
    after = paid_out(held, allocate(held, data.draw(st.integers(1, free))))
    assert all(r.rest_minor >= 0 for r in after if is_free(r))


@given(rewards)
def test_what_is_pending_or_held_is_never_touched(held: list[PostedReward]) -> None:
    touched = {portion.reward_id for portion in all_of(held)}
    kept = {r.reward_id for r in held if r.state in {RewardState.PENDING, RewardState.HELD}}
    assert not touched & kept


@given(rewards)
def test_all_of_it_is_what_is_available(held: list[PostedReward]) -> None:
    portions = all_of(held)
    assert sum(portion.amount_minor for portion in portions) == available(held)
    assert available(paid_out(held, portions)) == 0


@given(rewards)
def test_a_payment_that_comes_back_leaves_everything_as_it_was(held: list[PostedReward]) -> None:
    before = {r.reward_id: r for r in held}
    for portion in all_of(held):
        paid, state = paying(before[portion.reward_id], portion)
        after = replace(before[portion.reward_id], paid_minor=paid, state=state)
        paid, state = coming_back(after, portion)
        assert paid == before[portion.reward_id].paid_minor
        assert state is RewardState.AVAILABLE


@given(rewards, st.data())
def test_more_than_is_available_is_not_there(held: list[PostedReward], data: st.DataObject) -> None:
    with pytest.raises(ValueError, match="not there"):
        allocate(held, max(0, available(held)) + data.draw(st.integers(1, 100)))


def test_debts_come_first_then_the_oldest_and_the_last_in_part() -> None:
    debt = reward(9, 20, paid=50, state=RewardState.PAID)
    old, new = reward(1, 100), reward(2, 100)
    portions = allocate([new, debt, old], 90)
    assert [(p.reward_id, p.amount_minor) for p in portions] == [
        (debt.reward_id, -30),
        (old.reward_id, 100),
        (new.reward_id, 20),
    ]
    assert [r.state for r in paid_out([old, new], portions[1:])] == [RewardState.PAID, RewardState.AVAILABLE]


def test_a_payment_moves_from_available_to_paid_and_a_debt_the_other_way() -> None:
    debt, free = reward(1, 20, paid=50, state=RewardState.PAID), reward(2, 100)
    there, back = (payment(r, p, "p1", NOON) for r, p in zip((debt, free), all_of([debt, free]), strict=True))
    assert (there.debit, there.credit, there.amount_minor) == (Account.PAID, Account.AVAILABLE, 30)
    assert (back.debit, back.credit, back.amount_minor) == (Account.AVAILABLE, Account.PAID, 100)
    assert back.cause == "payout:p1"


def test_a_payment_of_a_reward_held_since_comes_back_to_where_the_rest_of_it_is() -> None:
    held = reward(1, 100, paid=40, state=RewardState.HELD)
    (portion,) = allocate([replace(held, paid_minor=0, state=RewardState.AVAILABLE)], 40)
    entry = reversal(held, portion, "p1", NOON)
    assert (entry.debit, entry.credit, entry.cause) == (Account.PAID, Account.HELD, "payout_failed:p1")
    assert coming_back(held, portion) == (0, RewardState.HELD)


def test_a_member_is_paid_once_a_batch_and_currency() -> None:
    keys = {payout_id(b, m, c) for b in ("b1", "b2") for m in ("a", "b") for c in ("CNY", "USD")}
    assert len(keys) == 8
