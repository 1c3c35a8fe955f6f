"""`verify` finds nothing wrong with a network in which every rule occurs, and names whatever is changed in it."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from commands import shell_at
from conftest import empty
from corruptions import CORRUPTIONS, Corruption
from network import accept, buys, engine, joins, number_all, rewards, run_engine
from real_stories import EVERYTHING, Story, publish

from graph.payouts import Withdrawal
from graph.store.adjustments import Wish
from graph.store.verification import VerificationStore
from graph.verification.mismatches import Check, Verdict
from graph.verification.verifying import verify
from graph.wiring import open_services

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from graph.local.servers import Addresses
    from graph.settings import Settings
    from graph.store.database import Row
    from graph.wiring import Services


async def everything_happens(services: Services) -> None:
    """Three plans one after the other, refunds throughout, a closed month, late facts, a settlement."""
    chance = random.Random("verify")
    story = Story(services)
    await story.join(chance, 25)
    await story.happen(chance, 30)
    await publish(services, {"three_for_one": {"base": "referee", "refund_policy": "refill"}}, "referee")
    await story.happen(chance, 30)
    await run_engine(services, workers=2)
    await publish(services, EVERYTHING, "everything")
    await story.live_through_january(chance, 60, 40)
    await services.ledger.settle((await services.clock().stamp()).moment)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def network(settings: Settings, migrated: Addresses) -> AsyncIterator[Services]:
    """One network for all these tests: what a test changes, it changes back."""
    async with open_services(settings, migrated) as services:
        await empty(services)
        await everything_happens(services)
        yield services


async def verified(services: Services) -> Verdict:
    return await verify(services, lambda *_: None, 100)


def codes(verdict: Verdict) -> set[str]:
    return {mismatch.code for mismatch in verdict.listed()}


async def test_a_network_in_which_every_rule_occurs_is_clean(network: Services) -> None:
    verdict = await verified(network)
    assert [mismatch.message for mismatch in verdict.listed()] == []
    assert verdict.clean
    assert {check for check in Check if verdict.results.get(check)} == set(Check) - {Check.AUDIT}
    assert all(result.compared for result in verdict.results.values()), verdict.results
    rules = await network.database.driver.execute_query("MATCH (r:Reward) RETURN collect(DISTINCT r.rule) AS rules")
    assert set(rules.records[0]["rules"]) == {"rebate", "commission", "differential", "peer", "nearest", "tier"}


@pytest.mark.parametrize("corruption", CORRUPTIONS, ids=lambda corruption: corruption.name)
async def test_every_corruption_is_found_and_named(network: Services, corruption: Corruption) -> None:
    driver = network.database.driver
    planted = await driver.execute_query(corruption.plant)
    try:
        assert corruption.is_schema or planted.records, "nothing was planted"
        subject = corruption.subject or planted.records[0][0]
        verdict = await verified(network)
        found = [mismatch for mismatch in verdict.listed() if mismatch.code == corruption.code]
        assert str(subject) in {mismatch.subject for mismatch in found}, [m.message for m in verdict.listed()]
        assert all(str(subject) in m.message for m in found if m.subject == str(subject))
        assert not verdict.clean
    finally:
        await driver.execute_query(corruption.undo)
    assert (await verified(network)).clean


async def test_what_the_desk_does_is_clean_until_an_adjustment_is_edited(store: Services) -> None:
    await publish(store, {"levels": {"levels_bp": [1000]}}, "levels")
    await accept(store, joins("a"), joins("b", "a"), buys("b", 8_000, "o1"), buys("b", 3_000, "o2"))
    await run_engine(store)
    await store.ledger.settle((await store.clock().stamp()).moment)
    payout = await store.desk.withdrawals.withdraw(Withdrawal("a", "CNY", 850, "w"), "fin")
    await store.desk.holds.hold([(await rewards(store))[1].reward_id], "h", "rae", "ring 7")
    await store.desk.batches.fail(payout.payout_id, "fin", "account closed")
    await store.desk.holds.release("h", "rae", "cleared")
    await store.desk.adjustments.adjust(Wish("adj", "a", "CNY", -500, "goodwill"), "fin")
    verdict = await verify(store, lambda *_: None, 100, audit=True)
    assert [mismatch.message for mismatch in verdict.listed()] == []
    assert verdict.clean
    await store.database.schema("MATCH (a:Adjustment) SET a.amount_minor = -400")
    (mismatch,) = (await verified(store)).listed()
    assert (mismatch.code, mismatch.expected, mismatch.found) == ("REWARD_AMOUNT", -400, -500)
    await store.database.schema("MATCH (a:Adjustment) SET a.status = 'rejected'")
    assert codes(await verified(store)) == {"REWARD_SURPLUS"}
    await store.database.schema("MATCH (e:Entry {cause: 'adjustment:adj'}) SET e.amount_minor = 499")
    verdict = await verify(store, lambda *_: None, 100, audit=True)
    assert "ENTRY_EDITED" in codes(verdict)


async def test_facts_that_wait_are_no_mismatch_but_said_to_wait(store: Services) -> None:
    await accept(store, joins("a"), joins("b", "a"), buys("a", 29_900))
    await run_engine(store)
    await accept(store, buys("b", 19_900))
    assert (await verified(store)).clean, "what has no number yet has not happened"
    await number_all(store)
    verdict = await verified(store)
    assert codes(verdict) == {"FACTS_NOT_APPLIED"}
    assert "1 facts are not applied yet" in verdict.listed()[0].message
    assert verdict.results[Check.RECOUNT].skipped
    await run_engine(store)
    assert (await verified(store)).clean


async def test_a_key_that_is_missing_for_a_moment_is_not_missing(
    store: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As of an event that is being numbered: a commit may show the label gone and the number not there yet."""
    await store.database.schema("CREATE (:Event {kind: 'OrderCompleted'})")
    looked: list[int] = []
    look = VerificationStore.keyless

    async def shown_whole_afterwards(self: VerificationStore, count: int) -> list[Row]:
        found = await look(self, count)
        looked.append(len(found))
        await store.database.schema("MATCH (event:Event {kind: 'OrderCompleted'}) DELETE event")
        return found

    monkeypatch.setattr(VerificationStore, "keyless", shown_whole_afterwards)
    assert "KEY_MISSING" not in codes(await verified(store))
    assert looked == [1, 0]


async def test_facts_accepted_meanwhile_are_no_mismatches(store: Services) -> None:
    await accept(store, joins("a"), *(joins(f"b{n}", "a") for n in range(10)))

    async def shop() -> None:
        for number in range(60):
            await accept(store, buys("a", 30_000, f"a{number}"), buys(f"b{number % 10}", 9_900, f"o{number}"))

    async with engine(store):
        shopping = asyncio.create_task(shop())
        verdicts = []
        while not shopping.done():
            verdicts.append(await verified(store))
        await shopping
        assert len(verdicts) > 2
        for verdict in verdicts:
            assert codes(verdict) <= {"FACTS_NOT_APPLIED", "STORE_MOVED"}, [m.message for m in verdict.listed()]
    await run_engine(store)
    assert (await verified(store)).clean


async def test_the_command_exits_1_and_names_the_mismatch(store: Services, migrated: Addresses, tmp_path: Path) -> None:
    await accept(store, joins("a"), joins("b", "a"), buys("a", 29_900), buys("b", 19_900))
    await run_engine(store)
    shell = shell_at(migrated, tmp_path)
    answer = await asyncio.to_thread(shell.ok, "verify")
    assert (answer["orders"], answer["rewards"], answer["entries"], answer["mismatches"]) == (2, 1, 1, [])
    await store.database.schema("MATCH (r:Reward) SET r.amount_minor = 1")
    answer, code = await asyncio.to_thread(shell.answer, "verify", "--limit", 1)
    assert code == 1
    assert {mismatch["code"] for mismatch in answer["mismatches"]} == {"REWARD_AMOUNT", "REWARD_ENTRIES"}
    shown = await asyncio.to_thread(shell.run, "verify")
    assert "recount" in shown.stdout
    assert "1 minor units instead of 5980: rebate of order o-b for a." in shown.stdout
    assert "2 mismatches. 2 orders, 1 rewards, 1 entries" in shown.stdout
