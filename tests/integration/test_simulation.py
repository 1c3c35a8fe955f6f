"""`plan simulate` on a real store: what is in force pays what is posted, another plan what the recount says."""

from __future__ import annotations

import csv
import json
from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from commands import Shell, shell_at
from network import NOON, accept, buys, joins, number_all, plan, publish, refund, run_engine

from graph.simulation.simulating import Simulated, StoredHistory, Wish
from graph.verification.oracle import recount

if TYPE_CHECKING:
    from pathlib import Path

    from graph.local.servers import Addresses
    from graph.orders import Purchase
    from graph.refunds import RefundRequest
    from graph.wiring import Services

DEFAULT = plan(three_for_one={})
TWO_LEVEL = plan(three_for_one={}, levels={"levels_bp": [1000, 500], "eligible": "has_order"})
KEEP = plan(three_for_one={"slots_bp": [4000, 6000], "bank": "keep", "base": "min", "refund_policy": "refill"})
RANKS = [
    {"name": "V1", "min_direct": 1, "min_team_volume_minor": 1000, "rate_bp": 500},
    {"name": "V2", "min_direct": 2, "min_team_volume_minor": 20000, "rate_bp": 1000},
]
TEAM = plan(
    three_for_one={},
    levels={"levels_bp": [1000, 500]},
    team={"ranks": RANKS, "peer_bp": 1000},
    monthly={"tiers": [{"min_volume_minor": 500, "rate_bp": 100}, {"min_volume_minor": 20000, "rate_bp": 300}]},
    max_payout_bp=4000,
    acknowledge_multi_level=True,
)
PLANS = {"default": DEFAULT, "two-level": TWO_LEVEL, "keep": KEEP, "team": TEAM}
REFERRERS = {"b": "a", "c": "a", "d": "a", "e": "b", "f": "b", "g": "e", "h": "g"}


def happened() -> list[Purchase | RefundRequest]:
    """Every member buys, some twice, in two months; refunds of anchors and referrals, in part and in full."""
    later = NOON + timedelta(days=31)
    return [
        *(buys(member, 9900 + 1300 * place) for place, member in enumerate("bdcehgfa")),
        *(buys(member, 29900, f"second-{member}", at=later) for member in "abeg"),
        refund("o-d", 11200),
        refund("o-e", 500),
        refund("second-a", 9900),
        buys("c", 7700, "second-c"),
        refund("second-b", 29900),
    ]


async def filled(store: Services, document: str) -> None:
    await publish(store, document, "of the test")
    await accept(store, joins("a"), *(joins(member, above) for member, above in REFERRERS.items()))
    await accept(store, *happened()[:-2])
    await store.database.schema(
        "CREATE (:Event:Unnumbered {kind: 'MonthClosed', month: '2026-01',"
        " accepted_us: timestamp() * 1000 * 1000, row: 0})"
    )
    await number_all(store)
    await accept(store, *happened()[-2:])
    await run_engine(store)


async def simulated(store: Services, document: str, **wish: Any) -> Simulated:
    history = StoredHistory(store.log, store.history, store.plans, store.refunds)
    return await history.simulate(Wish(document, **wish), lambda *_: None)


async def counts(store: Services) -> list[Any]:
    async with store.database.driver.session() as session:
        found = await session.run(
            "MATCH (n) OPTIONAL MATCH (n)-[r]->() WITH labels(n) AS kind, n, count(r) AS edges"
            " RETURN kind, count(n), sum(edges), sum(size(keys(n))), sum(n.seq), sum(n.amount_minor) ORDER BY kind"
        )
        return [*await found.values(), await store.log.position()]


def recounted(facts: list[dict[str, Any]]) -> dict[Any, int]:
    sums: Counter[Any] = Counter()
    for (_, rule, member, _, _), line in recount(REFERRERS, facts).rewards.items():
        sums[member, rule, line.currency] += line.amount_minor
    return {share: minor for share, minor in sums.items() if minor}


def nonzero(sums: Any) -> dict[Any, int]:
    return {share: minor for share, minor in sums.items() if minor}


async def facts_of(store: Services, document: str) -> list[dict[str, Any]]:
    """The stored facts in the recount's words, with the document in force from the first on."""
    told: list[dict[str, Any]] = [{"kind": "plan", "seq": 0, "document": json.loads(document)}]
    async with store.database.driver.session() as session:
        events = await session.run("MATCH (e:Event) WHERE e.seq > 0 RETURN e {.*} AS e ORDER BY e.seq")
        for event in [record["e"] async for record in events]:
            kind = {"OrderCompleted": "completed", "OrderRefunded": "refunded", "MonthClosed": "month_closed"}
            if event["kind"] in kind:
                minor = event.get("net_minor", event.get("amount_minor"))
                told.append(
                    event | {"kind": kind[event["kind"]], "member_id": event.get("buyer_id"), "amount_minor": minor}
                )
                if "completed_at" in event:
                    told[-1]["completed_at"] = datetime.fromisoformat(event["completed_at"])
    return told


@pytest.mark.parametrize("name", PLANS)
async def test_the_plan_in_force_pays_what_is_posted(store: Services, name: str) -> None:
    await filled(store, PLANS[name])
    outcome = await simulated(store, PLANS[name])
    assert nonzero(outcome.comparison.then) == nonzero(outcome.comparison.now) != {}
    assert outcome.unapplied == 0
    assert all(total.difference_minor == 0 for total in outcome.comparison.totals())


@pytest.mark.parametrize("name", PLANS)
async def test_another_plan_pays_what_the_recount_says(store: Services, name: str) -> None:
    await filled(store, DEFAULT)
    before = await counts(store)
    outcome = await simulated(store, PLANS[name])
    assert nonzero(outcome.comparison.then) == recounted(await facts_of(store, PLANS[name])) != {}
    assert nonzero(outcome.comparison.now) == recounted(await facts_of(store, DEFAULT))
    assert await counts(store) == before


async def test_a_later_beginning_leaves_what_was_before(store: Services) -> None:
    await filled(store, DEFAULT)
    mark = (await store.log.position()).mark
    late = await simulated(store, TWO_LEVEL, from_seq=mark + 1)
    assert nonzero(late.comparison.then) == nonzero(late.comparison.now)
    begun = await store.history.first_since(NOON + timedelta(days=31))
    assert begun is not None
    outcome = await simulated(store, TWO_LEVEL, from_seq=begun)
    facts = await facts_of(store, DEFAULT)
    facts.insert(
        next(place for place, fact in enumerate(facts) if fact["seq"] >= begun),
        {"kind": "plan", "seq": begun, "document": json.loads(TWO_LEVEL)},
    )
    assert nonzero(outcome.comparison.then) == recounted(facts)


async def test_open_months_are_named_and_can_be_closed(store: Services) -> None:
    await filled(store, DEFAULT)
    assert (await simulated(store, DEFAULT)).open_months == []
    assert (await simulated(store, TEAM)).open_months == ["2026-02"]
    closed = await simulated(store, TEAM, close_months=True)
    facts = await facts_of(store, TEAM)
    facts.append({"kind": "month_closed", "seq": facts[-1]["seq"] + 1, "month": "2026-02"})
    assert nonzero(closed.comparison.then) == recounted(facts)
    assert closed.open_months == []


@pytest.fixture
def shell(addresses: Addresses, tmp_path: Path) -> Shell:
    return shell_at(addresses, tmp_path)


async def test_files_give_what_the_store_gives(store: Services, shell: Shell, tmp_path: Path) -> None:
    made = tmp_path / "seeded"
    shell.ok("seed", "--members", 40, "--orders", 200, "--refunds", 40, "-o", made)
    files = tuple(word for name in ("members", "orders", "refunds") for word in (f"--{name}", made / f"{name}.csv"))
    shell.ok("import", *files, "--strict")
    await run_engine(store)
    before = await counts(store)
    stored = shell.ok("plan", "simulate", "three-for-one-two-level", "-o", tmp_path / "stored.csv")
    nowhere = Shell({"THREEFOLD_HOME": str(tmp_path / "nowhere")})
    simulate = ("plan", "simulate", "three-for-one-two-level", *files)
    from_files = nowhere.ok(*simulate, "-o", tmp_path / "files.csv")
    assert stored == from_files
    assert stored["orders"] == 200
    assert {total["rule"] for total in stored["totals"]} == {"commission", "rebate", "all"}
    assert (tmp_path / "stored.csv").read_text() == (tmp_path / "files.csv").read_text()
    with (tmp_path / "stored.csv").open() as rows:
        lines = list(csv.DictReader(rows))
    (total,) = (total for total in stored["totals"] if total["rule"] == "all")
    assert sum(int(line["difference_minor"]) for line in lines) == total["difference_minor"] > 0
    assert await counts(store) == before
    assert nowhere.ok(*simulate, "--against", "three-for-one-two-level")["members"][0]["gain"] == 0


async def test_what_cannot_be_simulated_is_said(store: Services, shell: Shell, tmp_path: Path) -> None:
    answer, code = shell.answer("plan", "simulate", "three-for-one", "--from", "2199-01-01")
    assert (answer["error"]["code"], code) == ("BAD_DATE", 2)
    orders = tmp_path / "orders.csv"
    orders.write_text("")
    assert shell.run("plan", "simulate", "three-for-one", "--orders", orders).returncode == 2
    text = shell.run("plan", "simulate", "three-for-one").stdout
    assert text.startswith("0 orders, sales of nothing after refunds. Nothing was written.")
