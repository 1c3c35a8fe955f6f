"""Whole networks on the real store, with every rule, refund and change of plan: the ledger is the plain recount."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING

import pytest
from network import accept, amounts, buys, chain, engine, number_all, rewards, run_engine
from real_stories import HISTORIES, Story, close_month, publish, told

from graph.verification.oracle import recount

if TYPE_CHECKING:
    from graph.wiring import Services


@pytest.mark.parametrize("name", HISTORIES)
async def test_the_ledger_is_the_plain_recount(store: Services, name: str) -> None:
    chance = random.Random(name)
    story = Story(store)
    await story.join(chance, 25)
    for number, rules in enumerate(HISTORIES[name]):
        await publish(store, rules, f"plan {number}")
        await story.happen(chance, 60)
        await run_engine(store, workers=2)
        if "monthly" in rules:
            await close_month(store, "2026-01")
            await run_engine(store)
        await story.happen(chance, 60)
        await run_engine(store, workers=2)
    ours = {
        (r.order_id, r.rule.value, r.beneficiary_id, r.level, r.anchor_order_id): (r.amount_minor, r.plan_version)
        for r in await rewards(store)
        if r.amount_minor
    }
    expected = recount(story.referrers, await told(store)).rewards
    assert ours == {key: (line.amount_minor, line.plan_version) for key, line in expected.items() if line.amount_minor}
    assert len(ours) > 5


async def test_a_poisonous_fact_in_sequence_becomes_a_dead_letter_and_is_paid_once_mended(store: Services) -> None:
    await accept(store, *chain("ada", "bo"))
    await publish(store, {"levels": {"levels_bp": [1000]}, "max_payout_bp": 500}, "capped")
    await accept(store, buys("bo", 10_000, "good"), buys("bo", 10_000, "bad"))
    await number_all(store)
    await store.database.schema("MATCH (e:Event {order_id: 'bad'}) SET e.completed_at = 'never'")
    async with engine(store):
        for _ in range(100):
            if letters := await store.dead_letters.all():
                break
            await asyncio.sleep(0.1)
    assert {letter.scope_id for letter in letters} <= {"ada", "bo"}  # both take part in it
    assert await amounts(store, "ada") == [500]  # what came before is paid
    await store.database.schema("MATCH (e:Event {order_id: 'bad'}) SET e.completed_at = '2026-01-01T12:00:00.000000Z'")
    await run_engine(store)
    assert await amounts(store, "ada") == [500, 500]
    assert await store.dead_letters.all() == []
