"""Any story under any plans, told to the engine in any batches: its ledger is that of the plain recount."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest
from engine_stories import stories, tell
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from memory.recounted import broken_laws, differences

from graph.engine import months

if TYPE_CHECKING:
    from story import Story


@pytest.fixture(autouse=True)
def few_members_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(months, "MEMBERS_AT_ONCE", 2)


@settings(max_examples=examples(300), deadline=None)
@given(story=stories, seed=st.integers(0, 10**9))
def test_the_ledger_is_that_of_the_plain_recount(story: Story, seed: int) -> None:
    store = tell(story, Random(seed)).store
    assert [fact["seq"] for fact in story.facts] == list(range(len(story.facts)))
    assert differences(store) == []
    assert broken_laws(store) == []


@settings(max_examples=examples(150), deadline=None)
@given(story=stories, seed=st.integers(0, 10**9))
def test_refunding_everything_leaves_nobody_anything(story: Story, seed: int) -> None:
    random = Random(seed)
    orders = [fact["order_id"] for fact in story.facts if fact["kind"] == "completed"]
    for order in random.sample(orders, len(orders)):
        if story.left(order):
            story.refunds(order)
    store = tell(story, random).store
    assert all(reward.amount_minor == 0 for reward in store["rewards"].values())
    assert differences(store) == []
    assert broken_laws(store) == []
