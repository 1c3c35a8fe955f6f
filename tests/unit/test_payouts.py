"""From which rewards money is paid: sums exact, debts first, nothing below zero that was not a debt."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.errors import InvalidInput
from graph.ledger import Account, PostedReward, RewardState
from graph.members import MemberId
from graph.orders import OrderId
from graph.payouts import (
    Portion,
    actor_name,
    all_of,
    allocate,
    available,
    batch_id,
    coming_back,
    is_free,
    paying,
    payment,
    payout_id,
    reason_text,
    reversal,
)
from graph.rewards import Rule, digest

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


def test_ids_and_names_of_payouts_are_their_own() -> None:
    assert batch_id("k") == digest("payout batch", "k")
    assert payout_id("b", "m", "CNY") == digest("payout", "b", "m", "CNY")
    assert actor_name("fin") == "fin"
    assert reason_text("a reason") == "a reason"


@pytest.mark.parametrize("text", ["", "  ", "x" * 201, "a\nb"])
def test_a_reason_must_say_something(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        reason_text(text)
    assert (caught.value.field, caught.value.code) == ("reason", "BAD_REASON")
    assert caught.value.message == "A reason has 1 to 200 printable characters."
    assert reason_text("x" * 200) == "x" * 200


def test_an_actor_has_a_name() -> None:
    with pytest.raises(InvalidInput) as caught:
        actor_name("")
    assert caught.value.field == "actor"


@pytest.mark.parametrize(("rest", "free"), [(1, True), (-1, True), (0, False)])
def test_what_is_free_is_any_rest_in_available(rest: int, free: bool) -> None:
    assert is_free(reward(1, rest, 0, RewardState.AVAILABLE)) is free
    assert not is_free(reward(1, rest, 0, RewardState.PENDING))


def test_a_payment_and_its_reversal_name_the_reward_and_the_moment() -> None:
    one = reward(1, 70)
    portion = Portion(one.reward_id, 70)
    there, back = payment(one, portion, "p", NOON), reversal(one, portion, "p", NOON)
    assert (there.reward_id, there.at, there.cause, there.debit, there.credit, there.amount_minor) == (
        one.reward_id,
        NOON,
        "payout:p",
        "available",
        "paid",
        70,
    )
    assert (back.reward_id, back.at, back.cause, back.debit, back.credit, back.amount_minor) == (
        one.reward_id,
        NOON,
        "payout_failed:p",
        "paid",
        "available",
        70,
    )
