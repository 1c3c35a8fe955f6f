"""Whole networks on the real store, with every rule, refund and change of plan: the ledger is the plain recount."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from network import rewards, run_engine
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
