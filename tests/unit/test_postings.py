"""From worth to entries: the difference, its direction, its account, and nothing when told twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from made_rewards import NOON, posted, reward

from graph.ledger import Account, RewardState, Settled, account_of, settlement
from graph.postings import Postings


def moved(postings: Postings) -> list[tuple[str, str, int, str]]:
    return [(entry.debit.value, entry.credit.value, entry.amount_minor, entry.cause) for entry in postings.entries]


def test_a_new_reward_accrues_pending() -> None:
    postings = Postings()
    postings.claim([reward(70)], "completion:o", NOON)
    assert moved(postings) == [("company:rewards", "pending", 70, "completion:o")]
    assert postings.new == [reward(70).reward_id]
    assert postings.changed == set()


def test_a_reward_worth_nothing_is_kept_without_an_entry() -> None:
    postings = Postings()
    postings.claim([reward(0)], "completion:o", NOON)
    assert (postings.new, postings.entries) == ([reward(0).reward_id], [])


def test_told_twice_moves_nothing_more() -> None:
    postings = Postings()
    for _ in range(2):
        postings.claim([reward(70)], "completion:o", NOON)
    assert len(postings.entries) == 1
    assert len(postings.new) == 1


@pytest.mark.parametrize(
    ("state", "account"),
    [
        (RewardState.PENDING, "pending"),
        (RewardState.AVAILABLE, "available"),
        (RewardState.HELD, "held"),
        (RewardState.PAID, "available"),
    ],
)
def test_a_clawback_takes_from_where_the_money_lies(state: RewardState, account: str) -> None:
    postings = Postings()
    postings.load([posted(70, state)])
    postings.claim([reward(30)], "refund:r", NOON)
    assert moved(postings) == [(account, "company:rewards", 40, "refund:r")]
    assert (postings.new, postings.changed) == ([], {reward(0).reward_id})
    assert account_of(state).value == account


def test_what_falls_due_again_goes_where_the_reward_is() -> None:
    postings = Postings()
    postings.load([posted(0, RewardState.AVAILABLE)])
    postings.claim([reward(30)], "completion:p", NOON)
    assert moved(postings) == [("company:rewards", "available", 30, "completion:p")]


def test_what_was_loaded_first_stays() -> None:
    postings = Postings()
    postings.load([posted(70, RewardState.PENDING)])
    postings.load([posted(0, RewardState.PAID)])
    assert list(postings.amounts.values()) == [70]
    assert [known.worth_minor for known in postings.of_order("o")] == [70]


def test_a_capped_reward_keeps_its_worth_beside_its_amount() -> None:
    postings = Postings()
    one = reward(70)
    postings.claim_capped({one.reward_id: one}, {one.reward_id: 20}, "completion:o", NOON)
    assert moved(postings) == [("company:rewards", "pending", 20, "completion:o")]
    assert postings.rewards[one.reward_id].worth_minor == 70
    assert postings.amounts[one.reward_id] == 20


def test_another_slot_is_a_change_without_an_entry() -> None:
    postings = Postings()
    postings.claim([reward(70)], "completion:o", NOON)
    postings.claim([replace(reward(70), slot=2)], "refund:r", NOON)
    assert len(postings.entries) == 1
    assert postings.changed == {reward(0).reward_id}


def test_settlement_is_dated_at_the_end_of_the_hold() -> None:
    due = NOON + timedelta(days=7)
    waiting = replace(posted(70, RewardState.PENDING), due_at=due)
    entry = settlement(waiting, waiting.reward_id)
    assert (entry.debit, entry.credit, entry.amount_minor) == (Account.PENDING, Account.AVAILABLE, 70)
    assert (entry.at, entry.cause, entry.reward_id) == (due, "settlement", waiting.reward_id)
    assert settlement(replace(waiting, due_at=None), "r").at == NOON


def test_the_rest_is_what_is_not_paid_out() -> None:
    assert posted(30, RewardState.PAID, paid=70).rest_minor == -40


def test_a_settlement_is_summed_by_currency() -> None:
    settled = Settled()
    one = posted(70, RewardState.PENDING)
    settled.add([settlement(one, "r1"), settlement(replace(one, currency="USD"), "r2"), settlement(one, "r3")])
    assert settled.rewards == {"CNY": 2, "USD": 1}
    assert settled.amount_minor == {"CNY": 140, "USD": 70}
