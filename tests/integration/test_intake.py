"""What is accepted, what is refused and why; nothing is half done."""

from __future__ import annotations

import csv
import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from network import NOON, accept, buys, chain, joins

from graph.errors import (
    AlreadyReferred,
    InvalidInput,
    MemberConflict,
    OrderConflict,
    OrderNotOpen,
    PlanInvalid,
    ReferralCycle,
    SelfReferral,
    UnknownMember,
    UnknownReferrer,
)
from graph.exchange.exporting import export
from graph.exchange.importing import Import, Imported
from graph.exchange.rejects import Rejects
from graph.exchange.tables import inert, write_rows
from graph.members import Enrolment, MemberId
from graph.orders import OrderId, OrderStatus, Purchase
from graph.store.acceptance import Accepted

if TYPE_CHECKING:
    from pathlib import Path

    from graph.wiring import Services


async def facts(services: Services) -> int:
    return await services.log.waiting()


async def test_depth_counts_hops_from_the_root(store: Services) -> None:
    await accept(store, *chain("a", "b", "c"))
    found = await store.members.by_ids(["a", "b", "c"])
    assert [found[m].depth for m in "abc"] == [0, 1, 2]
    assert found["c"].referrer_id == "b"


async def test_enrolling_again_changes_nothing(store: Services) -> None:
    await accept(store, *chain("a", "b"), *chain("a", "b"))
    assert await facts(store) == 2


@pytest.mark.parametrize(
    ("wish", "refusal"),
    [
        (joins("b", "c"), AlreadyReferred),
        (joins("b"), AlreadyReferred),
        (joins("c", "b"), AlreadyReferred),
        (joins("a", "b"), ReferralCycle),
        (joins("new", "nobody"), UnknownReferrer),
        (Enrolment(MemberId("b"), MemberId("a"), NOON + timedelta(days=1)), MemberConflict),
        (Enrolment(MemberId("b"), MemberId("a"), name="Another"), MemberConflict),
    ],
)
async def test_an_enrolment_that_the_forest_does_not_admit(
    store: Services, wish: Enrolment, refusal: type[Exception]
) -> None:
    await accept(store, *chain("a", "b"), joins("c"))
    with pytest.raises(refusal):
        await accept(store, wish)
    assert await facts(store) == 3


def test_nobody_refers_themselves() -> None:
    with pytest.raises(SelfReferral):
        joins("a", "a")


@pytest.mark.parametrize(
    ("wish", "refusal"),
    [
        (buys("a", 200, "o"), OrderConflict),
        (buys("b", 100, "o"), OrderConflict),
        (buys("a", 100, "o", currency="USD"), OrderConflict),
        (buys("a", 100, "o", at=NOON + timedelta(days=1)), OrderConflict),
        (buys("nobody", 100, "new"), UnknownMember),
        (Purchase(OrderId("o"), MemberId("a"), 100, "CNY", OrderStatus.CANCELLED, None), OrderNotOpen),
    ],
)
async def test_an_order_that_contradicts_what_is_stored(
    store: Services, wish: Purchase, refusal: type[Exception]
) -> None:
    await accept(store, joins("a"), joins("b"), buys("a", 100, "o"))
    with pytest.raises(refusal):
        await accept(store, wish)
    assert await facts(store) == 3


async def test_a_placed_order_is_completed_later_and_announced_once(store: Services) -> None:
    placed = Purchase(OrderId("o"), MemberId("a"), 100, "CNY", OrderStatus.PLACED, None)
    await accept(store, joins("a"), placed)
    assert await facts(store) == 1
    await accept(store, buys("a", 100, "o"), buys("a", 100, "o"))
    assert await facts(store) == 2


async def test_one_batch_may_place_and_complete_and_repeat_an_order(store: Services) -> None:
    await accept(store, joins("a"))
    placed = Purchase(OrderId("o"), MemberId("a"), 100, "CNY", OrderStatus.PLACED, None)
    batch = [(1, placed), (2, buys("a", 100, "o")), (3, buys("a", 100, "o")), (4, buys("a", 999, "o"))]
    outcomes = await store.orders.accept(batch, await store.clock().stamp())
    assert [outcome.subject.status if isinstance(outcome, Accepted) else None for outcome in outcomes] == [
        "placed",
        "completed",
        "completed",
        None,
    ]
    assert await facts(store) == 2
    assert (await store.orders.by_ids(["o"]))["o"].status is OrderStatus.COMPLETED


async def test_a_plan_key_used_for_another_document_is_refused(store: Services) -> None:
    stamp = await store.clock().stamp()
    first = await store.plans.publish('{"name": "one"}', "key", stamp)
    again = await store.plans.publish('{"name": "one"}', "key", stamp)
    assert (first.version, again.version) == (2, 2)
    with pytest.raises(PlanInvalid):
        await store.plans.publish('{"name": "two"}', "key", stamp)


async def test_every_bad_row_is_rejected_with_its_reason(store: Services, tmp_path: Path) -> None:
    members = tmp_path / "members.csv"
    members.write_bytes(
        b"member_id,referrer_id,joined_at\n"
        b"late,root,2026-01-02T00:00:00Z\n"
        b"root,,2026-01-01T00:00:00Z\n"
        b"self,self,2026-01-01T00:00:00Z\n"
        b"orphan,nobody,2026-01-01T00:00:00Z\n"
        b"x,y,2026-01-01T00:00:00Z\n"
        b"y,x,2026-01-01T00:00:00Z\n"
        b"below,x,2026-01-01T00:00:00Z\n"
        b"undated,root,yesterday\n"
        b"late,root,2026-01-02T00:00:00Z\n"
        b"late,,2026-01-02T00:00:00Z\n"
        b",root,2026-01-01T00:00:00Z\n"
        b"b\xff,root,2026-01-01T00:00:00Z\n"
        b"short\n"
        b"rich,root,2026-01-01T00:00:00Z,too much\n"
        b"far,root,9999-12-30T00:00:00Z\n"
    )
    orders = tmp_path / "orders.csv"
    orders.write_text(
        "order_id,member_id,amount_minor,currency,status,completed_at\n"
        "1,root,100,CNY,completed,2026-01-03T00:00:00Z\n"
        "2,root,0,CNY,completed,2026-01-03T00:00:00Z\n"
        "3,root,-5,CNY,completed,2026-01-03T00:00:00Z\n"
        "4,root,1.5,CNY,completed,2026-01-03T00:00:00Z\n"
        "5,root,100,XXX,completed,2026-01-03T00:00:00Z\n"
        "6,root,100,CNY,done,2026-01-03T00:00:00Z\n"
        "7,root,100,CNY,completed,2026-13-03T00:00:00Z\n"
        "8,ghost,100,CNY,completed,2026-01-03T00:00:00Z\n"
        "1,root,200,CNY,completed,2026-01-03T00:00:00Z\n"
        "1,root,100,CNY,completed,2026-01-03T00:00:00Z\n"
        "9,root,99999999999999999999,CNY,completed,2026-01-03T00:00:00Z\n"
        "10,late,100,CNY,placed,\n",
        encoding="utf-8",
    )
    rejects = Rejects(tmp_path / "rejected.csv")
    files = Import(store, rejects, lambda *_: None)
    assert (await files.import_members(members)).accepted == 3
    assert (await files.import_orders(orders)).accepted == 3
    with (tmp_path / "rejected.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {(row["file"], int(row["line"])): row["code"] for row in rows} == {
        ("members.csv", 4): "SELF_REFERRAL",
        ("members.csv", 5): "UNKNOWN_REFERRER",
        ("members.csv", 6): "REFERRAL_CYCLE",
        ("members.csv", 7): "REFERRAL_CYCLE",
        ("members.csv", 8): "UNKNOWN_REFERRER",
        ("members.csv", 9): "BAD_DATE",
        ("members.csv", 11): "ALREADY_REFERRED",
        ("members.csv", 12): "MISSING_VALUE",
        ("members.csv", 13): "BAD_ENCODING",
        ("members.csv", 14): "MISSING_VALUE",
        ("members.csv", 15): "EXTRA_CELLS",
        ("members.csv", 16): "BAD_DATE",
        ("orders.csv", 3): "BAD_AMOUNT",
        ("orders.csv", 4): "BAD_AMOUNT",
        ("orders.csv", 5): "BAD_AMOUNT",
        ("orders.csv", 6): "BAD_CURRENCY",
        ("orders.csv", 7): "BAD_STATUS",
        ("orders.csv", 8): "BAD_DATE",
        ("orders.csv", 9): "UNKNOWN_MEMBER",
        ("orders.csv", 10): "ORDER_CONFLICT",
        ("orders.csv", 12): "BAD_AMOUNT",
    }
    assert json.loads(rows[0]["row"])["member_id"] == "self"
    assert rejects.count == len(rows)


async def test_a_missing_column_stops_the_file_before_anything_is_accepted(store: Services, tmp_path: Path) -> None:
    file = tmp_path / "members.csv"
    file.write_text("member_id,joined_at\na,2026-01-01T00:00:00Z\n", encoding="utf-8")
    files = Import(store, Rejects(tmp_path / "rejected.csv"), lambda *_: None)
    with pytest.raises(InvalidInput, match="referrer_id"):
        await files.import_members(file)
    assert await facts(store) == 0


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("orders.csv", b"", "MISSING_COLUMN"),
        ("orders.csv", b"order_id,order_id,member_id,amount_minor,currency,status,completed_at\n", "BAD_FILE"),
        ("orders.parquet", b"no Parquet", "BAD_FILE"),
        ("nothing.csv", None, "BAD_FILE"),
    ],
)
async def test_a_file_that_cannot_be_read_is_named(
    store: Services, tmp_path: Path, name: str, content: bytes | None, code: str
) -> None:
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    files = Import(store, Rejects(tmp_path / "rejected.csv"), lambda *_: None)
    with pytest.raises(InvalidInput) as caught:
        await files.import_orders(file)
    assert (caught.value.code, name in caught.value.message) == (code, True)


async def test_an_unclosed_quote_costs_its_row_only(store: Services, tmp_path: Path) -> None:
    file = tmp_path / "members.csv"
    good = "a,,2026-01-01T00:00:00Z,\n"
    file.write_text("member_id,referrer_id,joined_at,name\n" + good + 'b,,2026-01-01T00:00:00Z,"' + good * 20_000)
    rejects = Rejects(tmp_path / "rejected.csv")
    files = Import(store, rejects, lambda *_: None)
    assert (await files.import_members(file)).accepted == 1
    assert rejects.by_code == {"BAD_NAME": 1}


async def test_a_file_with_an_orders_history_is_imported_twice(store: Services, tmp_path: Path) -> None:
    await accept(store, joins("a"))
    file = tmp_path / "orders.csv"
    file.write_text(
        "order_id,member_id,amount_minor,currency,status,completed_at\n"
        "1,a,100,CNY,placed,\n"
        "1,a,100,CNY,completed,2026-01-03T00:00:00Z\n"
        "2,a,100,CNY,placed,\n"
        "2,a,100,CNY,cancelled,\n"
    )
    rejects = Rejects(tmp_path / "rejected.csv")
    files = Import(store, rejects, lambda *_: None)
    assert await files.import_orders(file) == Imported(new=4)
    assert await files.import_orders(file) == Imported(known=4)
    assert rejects.count == 0
    assert await facts(store) == 2


async def test_parquet_gives_what_csv_gives(store: Services, tmp_path: Path) -> None:
    rows = {"member_id": ["a", "b"], "referrer_id": [None, "a"], "joined_at": [NOON, NOON], "name": ["A", None]}
    pq.write_table(pa.table(rows), tmp_path / "members.parquet")
    rejects = Rejects(tmp_path / "rejected.csv")
    files = Import(store, rejects, lambda *_: None)
    assert await files.import_members(tmp_path / "members.parquet") == Imported(new=2)
    await accept(store, Enrolment(MemberId("b"), MemberId("a"), NOON))
    for form in ("csv", "parquet"):
        assert await export(store, "members", tmp_path / f"exported.{form}", form) == 2
    exported = pq.read_table(tmp_path / "exported.parquet").to_pylist()
    with (tmp_path / "exported.csv").open(encoding="utf-8") as text:
        assert [
            {k: str(v or "") or None for k, v in row.items()} | {"depth": str(row["depth"])} for row in exported
        ] == [{k: v or None for k, v in row.items()} for row in csv.DictReader(text)]


def test_no_text_of_a_csv_is_a_formula(tmp_path: Path) -> None:
    texts = ["=cmd()", "+1", "-1", "@SUM(1)", "\t=1", "a=1", "", None]
    for form in ("csv", "parquet"):
        with write_rows(tmp_path / f"t.{form}", {"text": str, "amount": int}, form) as append:
            append([(text, -5) for text in texts])
    with (tmp_path / "t.csv").open(encoding="utf-8", newline="") as file:
        rows = [tuple(row.values()) for row in csv.DictReader(file)]
    assert rows == [(text, "-5") for text in ("'=cmd()", "'+1", "'-1", "'@SUM(1)", "'\t=1", "a=1", "", "")]
    assert pq.read_table(tmp_path / "t.parquet").column("text").to_pylist() == texts
    assert inert("\r=1") == "'\r=1"


def test_rejects_replace_those_of_an_earlier_import_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "rejected.csv"
    earlier = Rejects(file)
    earlier.add(file, 1, SelfReferral("a"), {"member_id": "a"})
    Rejects(file).begin()
    assert not file.exists()
    file.write_text("member_id,referrer_id,joined_at\n")
    with pytest.raises(InvalidInput, match="something else"):
        Rejects(file).begin()
    assert file.exists()
