"""Dead letters are looked at, tried again, or given up; no fact is ever lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from network import accept, applied, apply_once, buys, chain, number_all, rewards, run_engine

from graph.commands.checks import check_dead_letters
from graph.desk_errors import UnknownDeadLetter
from graph.engine.requeue import requeue

if TYPE_CHECKING:
    from graph.wiring import Services


async def a_dead_letter(services: Services) -> None:
    """bo's share of two orders cannot be applied."""
    await accept(services, *chain("ada", "bo", "cy"), buys("ada", 300), buys("bo", 100), buys("cy", 100))
    await number_all(services)
    await services.dead_letters.write("bo", "a fault", 5)


async def test_a_letter_says_how_many_facts_wait_and_which(store: Services) -> None:
    await a_dead_letter(store)
    (letter,) = await store.dead_letters.all()
    assert (letter.scope_id, letter.reason, letter.deliveries, letter.facts) == ("bo", "a fault", 5, 2)
    facts = await store.dead_letters.facts("bo", 10)
    assert [(fact.kind, fact.order_id) for fact in facts] == [("OrderCompleted", "o-bo"), ("OrderCompleted", "o-cy")]


async def test_a_second_failure_keeps_since_when(store: Services) -> None:
    await a_dead_letter(store)
    (first,) = await store.dead_letters.all()
    await store.dead_letters.write("bo", "another fault", 6)
    (second,) = await store.dead_letters.all()
    assert (second.since, second.reason) == (first.since, "another fault")
    assert second.at > first.at


async def test_a_discarded_letter_is_not_waited_for_and_its_facts_stay(store: Services) -> None:
    await a_dead_letter(store)
    assert not (await check_dead_letters(store)).ok
    await store.dead_letters.discard("bo", "ops", "a test order")
    assert await store.dead_letters.all() == []
    assert (await check_dead_letters(store)).ok
    (letter,) = await store.dead_letters.with_discarded()
    assert (letter.discarded_by, letter.discarded_reason, letter.facts) == ("ops", "a test order", 2)
    await apply_once(store, {"ada", "cy"})
    await applied(store)
    assert len(await store.dead_letters.facts("bo", 10)) == 2


async def test_a_requeued_letter_is_applied_and_gone(store: Services) -> None:
    await a_dead_letter(store)
    await store.dead_letters.discard("bo", "ops", "a test order")
    await requeue(store.dead_letters, store.news, ["bo"])
    assert len(await store.dead_letters.all()) == 1
    await run_engine(store)
    assert await store.dead_letters.with_discarded() == []
    assert {reward.beneficiary_id for reward in await rewards(store)} == {"ada", "bo"}


async def test_a_letter_that_fails_again_is_waited_for_again(store: Services) -> None:
    await a_dead_letter(store)
    await store.dead_letters.discard("bo", "ops", "a test order")
    await store.dead_letters.write("bo", "a new fault", 5)
    assert [letter.reason for letter in await store.dead_letters.all()] == ["a new fault"]


async def test_what_is_no_dead_letter_is_refused(store: Services) -> None:
    await a_dead_letter(store)
    with pytest.raises(UnknownDeadLetter):
        await store.dead_letters.discard("ada", "ops", "why not")
    await store.dead_letters.discard("bo", "ops", "a test order")
    with pytest.raises(UnknownDeadLetter):
        await requeue(store.dead_letters, store.news, ["bo", "ada"])
    assert await store.dead_letters.all() == []
    await apply_once(store, {"bo"})
    assert await store.dead_letters.with_discarded() == []
