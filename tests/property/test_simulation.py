"""Any story under any plan: the replay sums up what the plain recount pays, whole or in parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine_stories import members, stories
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from replaying import paid, recounted, recounted_by_order, replayed

if TYPE_CHECKING:
    from story import Story


@settings(max_examples=examples(600), deadline=None)
@given(story=stories)
def test_a_replay_pays_what_the_recount_pays(story: Story) -> None:
    replay = replayed(story)
    assert paid(replay) == recounted(story)
    order_ids = {fact["seq"]: fact.get("order_id") for fact in story.facts}
    by_order = {order_ids[seq]: minor for seq, minor in replay.sums.by_order.items() if minor}
    assert by_order == recounted_by_order(story)


def alone(plan: dict[str, Any]) -> dict[str, Any]:
    """The plan without the rules that look across scopes."""
    return {name: section for name, section in plan.items() if name not in {"team", "monthly", "max_payout_bp"}}


@settings(max_examples=examples(300), deadline=None)
@given(story=stories, mine=st.sets(st.sampled_from(members)))
def test_scopes_replayed_apart_add_up(story: Story, mine: set[str]) -> None:
    for fact in story.facts:
        if fact["kind"] == "plan":
            fact["document"] = alone(fact["document"])
    parts = [paid(replayed(story, mine)), paid(replayed(story, set(members) - mine))]
    keys = parts[0].keys() | parts[1].keys()
    sums = {key: parts[0].get(key, 0) + parts[1].get(key, 0) for key in keys}
    assert {key: minor for key, minor in sums.items() if minor} == recounted(story)
