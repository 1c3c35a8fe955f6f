"""Whatever the plan: what the recount pays stays within its limits, and goes back with the last refund."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine_stories import stories
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from story import Story


def orders_of(story: Story) -> list[str]:
    return [fact["order_id"] for fact in story.facts if fact["kind"] == "completed"]


@settings(max_examples=examples(400), deadline=None)
@given(story=stories, data=st.data())
def test_refunding_everything_leaves_nobody_anything(story: Story, data: st.DataObject) -> None:
    for order in data.draw(st.permutations(orders_of(story))):
        if story.left(order):
            story.refunds(order)
    story.closes("2026-01")
    assert all(line.amount_minor == 0 for line in story.recount().rewards.values())


@settings(max_examples=examples(400), deadline=None)
@given(story=stories)
def test_no_order_returns_more_than_was_paid_for_it(story: Story) -> None:
    counted = story.recount()
    assert all(line.amount_minor >= 0 for line in counted.rewards.values())
    returned = dict.fromkeys(orders_of(story), 0)
    for (_, _, _, _, anchor), line in counted.rewards.items():
        if anchor is not None:
            returned[anchor] += line.amount_minor
    assert all(returned[order] <= story.left(order) for order in returned)
