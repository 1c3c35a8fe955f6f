"""The real network and its real orders: every row accounted for, and the ledger equal to the plain recount."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from network import publish, rewards, run_engine
from oracle import recount

from graph.exchange.exporting import export
from graph.exchange.importing import Import
from graph.exchange.rejects import Rejects
from seeds.plans import preset

if TYPE_CHECKING:
    from graph.wiring import Services

REAL = Path(__file__).parents[2] / "seeds" / "real"
PLANS = {
    "default": json.loads(preset("three-for-one")),
    "levels too": json.loads(preset("three-for-one-two-level")),
    "banked thresholds of every order": {
        "name": "banked thresholds",
        "three_for_one": {
            "slots_bp": [1000, 2500],
            "base": "min",
            "qualify": "every_order",
            "anchor": "newest",
            "bank": "keep",
            "mode": "threshold",
            "min_order_minor": 5000,
        },
    },
    "windows, cycles and compression": {
        "name": "windows",
        "three_for_one": {"base": "referee", "window_days": 45, "max_cycles": 2},
        "levels": {"levels_bp": [700, 300, 100], "eligible": "has_order", "compression": True},
        "acknowledge_multi_level": True,
    },
}


async def import_real(services: Services, folder: Path) -> Rejects:
    rejects = Rejects(folder / "rejected.csv")
    files = Import(services, rejects, lambda *_: None)
    await files.import_members(REAL / "members.csv")
    await files.import_orders(REAL / "orders.csv")
    return rejects


def rows(name: str) -> list[dict[str, str]]:
    with (REAL / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", PLANS)
async def test_the_ledger_equals_the_recount_to_the_penny(store: Services, tmp_path: Path, name: str) -> None:
    document: Any = PLANS[name]
    await publish(store, json.dumps(document), name)
    rejects = await import_real(store, tmp_path)
    await run_engine(store, workers=2)
    members, orders = rows("members.csv"), rows("orders.csv")
    assert rejects.count == 0
    assert await store.members.count() == len(members)
    assert (await store.log.position()).seq == 1 + len(members) + len(orders)
    paid = [
        (r.order_id, str(r.rule), r.beneficiary_id, r.level, r.slot, r.anchor_order_id, r.amount_minor)
        for r in await rewards(store)
    ]
    expected = recount(members, orders, lambda _: document)
    assert Counter(paid) == Counter(expected)
    assert len(expected) > 300


async def test_importing_again_changes_nothing(store: Services, tmp_path: Path) -> None:
    exported = []
    for name in ("first", "second"):
        await import_real(store, tmp_path)
        await run_engine(store)
        await export(store, "rewards", tmp_path / name, "csv")
        exported.append((tmp_path / name).read_bytes())
    assert exported[0] == exported[1]
    assert exported[0].count(b"\n") == 617
