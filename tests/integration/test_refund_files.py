"""Refunds from files and into files; nothing is dropped silently."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from commands import shell_at
from network import accept, buys, joins, number_all, refund

from graph.exchange.exporting import export
from graph.exchange.importing import Import, Imported
from graph.exchange.rejects import Rejects

if TYPE_CHECKING:
    from pathlib import Path

    from graph.local.servers import Addresses
    from graph.wiring import Services

REFUNDS = """refund_id,order_id,amount_minor,refunded_at
r1,o,60,2026-01-02T00:00:00Z
r2,o,60,2026-01-02T00:00:00Z
r1,o,60,2026-01-02T00:00:00Z
r1,o,61,2026-01-02T00:00:00Z
r3,o,0,2026-01-02T00:00:00Z
r4,o,10,soon
r5,,10,2026-01-02T00:00:00Z
r6,later,10,2025-12-31T00:00:00Z
r7,o,40,2025-12-31T00:00:00Z
"""


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8") as text:
        return list(csv.DictReader(text))


async def test_every_bad_row_is_rejected_and_importing_again_changes_nothing(store: Services, tmp_path: Path) -> None:
    await accept(store, joins("a"), buys("a", 100, "o"))
    file = tmp_path / "refunds.csv"
    file.write_text(REFUNDS)
    rejects = Rejects(tmp_path / "rejected.csv")
    files = Import(store, rejects, lambda *_: None)
    assert await files.import_refunds(file) == Imported(new=3, known=1, parked=1)
    assert {int(row["line"]): row["code"] for row in rows(rejects.file)} == {
        3: "OVER_REFUND",
        5: "REFUND_CONFLICT",
        6: "BAD_AMOUNT",
        7: "BAD_DATE",
        8: "MISSING_VALUE",
    }
    waiting = await store.log.waiting()
    assert await files.import_refunds(file) == Imported(known=4, parked=1)
    assert await store.log.waiting() == waiting == 4


async def test_the_export_says_what_became_of_each(store: Services, tmp_path: Path) -> None:
    parked = refund("o", 60, "r2"), refund("o", 60, "r1"), refund("unknown", 5, "r3")
    await accept(store, joins("a"), *parked, buys("a", 100, "o"))
    assert await export(store, "refunds", tmp_path / "refunds.csv", "csv") == 3
    assert [(row["refund_id"], row["status"]) for row in rows(tmp_path / "refunds.csv")] == [
        ("r1", "refused"),
        ("r2", "applied"),
        ("r3", "parked"),
    ]
    assert rows(tmp_path / "refunds.csv")[1]["refunded_at"] == "2026-01-01T12:00:00Z"


async def test_a_seeded_network_is_imported_whole(store: Services, addresses: Addresses, tmp_path: Path) -> None:
    shell, made = shell_at(addresses, tmp_path), tmp_path / "seeded"
    shell.ok("seed", "--members", 20, "--orders", 60, "--refunds", 30, "-o", made)
    files = ("--orders", made / "orders.csv", "--refunds", made / "refunds.csv")
    answer = shell.ok("import", "--members", made / "members.csv", *files, "--strict")
    assert (answer["new"]["refunds"], answer["parked"]) == (30, 0)
    again = shell.ok("import", *files, "--strict")
    assert again["new"] == {"orders": 0, "refunds": 0}
    early = tmp_path / "early.csv"
    early.write_text("refund_id,order_id,amount_minor,refunded_at\nr,unknown,1,2026-01-01T00:00:00Z\n")
    assert shell.ok("import", "--refunds", early)["parked"] == 1
    assert shell.ok("status")["parked_refunds"] == 1
    await number_all(store)
    numbered = [found.seq for found in await store.refunds.page("", 100) if found.seq is not None]
    assert sorted(numbered) == list(range(81, 111))
