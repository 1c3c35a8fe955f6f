"""Laws of the engine over any story: parts sum to the whole, duplicates change nothing, old money stays as it is."""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING, Any

from engine_stories import accept, members, plans, stories, tell
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from memory.driving import Engine, run
from pure_engine import PureEngine

if TYPE_CHECKING:
    from memory.transactions import Store
    from story import Story


def money(store: Store) -> tuple[dict[str, int], set[str]]:
    """What every reward amounts to, and every entry there is."""
    return {reward_id: reward.amount_minor for reward_id, reward in store["rewards"].items()}, set(store["entries"])


def insistent(story: Story, random: Random) -> Engine:
    """Every fact is accepted once and perhaps again, every scope applied again and again."""
    referrers = {member: story.referrers.get(member) for member in members}
    engine = Engine(referrers, json.dumps(story.facts[0]["document"]))
    for place, fact in enumerate(story.facts[1:], start=1):
        accept(engine, fact)
        for _ in range(random.randint(0, 2)):
            accept(engine, story.facts[random.randint(1, place)])
        engine.number()
        for _ in range(random.randint(0, 3)):
            engine.apply(random.sample(members, random.randint(1, 6)))
            engine.step(random.randint(1, 6))
    engine.finish()
    engine.apply(members)
    engine.finish()
    return engine


@settings(max_examples=examples(150), deadline=None)
@given(story=stories, seed=st.integers(0, 10**9))
def test_any_interleaving_of_duplicates_changes_nothing(story: Story, seed: int) -> None:
    assert money(insistent(story, Random(seed)).store) == money(tell(story, Random(0)).store)


@settings(max_examples=examples(150), deadline=None)
@given(story=stories, document=plans)
def test_a_plan_version_never_changes_old_money(story: Story, document: dict[str, Any]) -> None:
    engine = tell(story, Random(0))
    before = money(engine.store)
    run(engine.intake.publish(json.dumps(document), "another"))
    engine.finish()
    engine.apply(members)
    engine.finish()
    assert money(engine.store) == before


rates = st.lists(st.integers(1, 5000), min_size=1, max_size=6).filter(lambda bps: sum(bps) < 10_000)


@settings(max_examples=examples(300), deadline=None)
@given(paid=st.integers(1, 10**12), bps=rates)
def test_the_slots_of_an_order_sum_to_it_exactly(paid: int, bps: list[int]) -> None:
    document = {"name": "whole", "three_for_one": {"slots_bp": [*bps, 10_000 - sum(bps)], "qualify": "every_order"}}
    engine = PureEngine(json.dumps(document), {"b": "A"})
    engine.buys("A", paid)
    for _ in range(len(bps) + 1):
        engine.buys("b", 1)
    assert engine.earned("A") == paid
