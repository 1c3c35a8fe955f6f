"""Every file of cypher/ is planned on a migrated, seeded database and held against its own header."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest_asyncio
from access import some_access
from desk import a_desk
from neo4j import NotificationMinimumSeverity
from network import NOON, a_network
from people import some_people

from graph.members import MemberId
from graph.payouts import Withdrawal, batch_id
from graph.store.queries import load, names

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from graph.wiring import Services

QUERY_TYPES = {"read": {"r"}, "write": {"w", "rw"}, "schema": {"s", "r"}}
FORBIDDEN = {
    "01N00": "deprecated feature",
    "01N01": "deprecated feature, with a replacement",
    "01N02": "deprecated feature, without a replacement",
    "01N50": "unknown label",
    "01N51": "unknown relationship type",
    "01N52": "unknown property key",
    "01N60": "parameter missing",
}
SAMPLES: dict[str, object] = {
    "str": "ada",
    "int": 1,
    "bool": True,
    "bytes": b"",
    "map": {},
    "list[str]": ["ada"],
    "list[int]": [1],
    "list[map]": [{}],
}
PYTHON_TYPES = {"str": str, "int": int, "bool": bool, "bytes": bytes, "map": dict}


@pytest_asyncio.fixture(loop_scope="session")
async def seeded(store: Services) -> AsyncIterator[Services]:
    """A network in which every label, relationship and property occurs."""
    await a_network(store)
    await a_desk(store)
    await some_access(store, NOON)
    await some_people(store)
    yield store


async def test_every_query_is_what_its_header_says(seeded: Services) -> None:
    for name in names():
        query = load(name)
        params = {param: SAMPLES[kind] for param, kind in query.params.items()}
        async with seeded.database.driver.session(
            notifications_min_severity=NotificationMinimumSeverity.INFORMATION
        ) as session:
            result = await session.run("EXPLAIN " + query.text, params)
            columns = result.keys()
            summary = await result.consume()
        assert list(columns) == list(query.columns), name
        assert summary.query_type in QUERY_TYPES[query.access], name
        statuses = {status.gql_status: status.status_description for status in summary.gql_status_objects}
        assert not statuses.keys() & FORBIDDEN.keys(), (name, statuses)
        if summary.plan:
            operators = {step.split("@")[0] for step in _operators(summary.plan)}
            assert "AllNodesScan" not in operators, name
            assert query.scan_allowed or "NodeByLabelScan" not in operators, name


async def test_every_read_returns_the_types_it_declares(seeded: Services) -> None:
    answered = 0
    for name in names():
        query = load(name)
        if query.access != "read":
            continue
        rows = await seeded.database.rows(query, **{p: _asked(p, kind) for p, kind in query.params.items()})
        for row in rows:
            for column, kind in query.columns.items():
                _assert_type(name, column, row[column], kind)
        answered += bool(rows)
    assert answered >= 20


async def test_gathering_rows_keeps_their_order(seeded: Services) -> None:
    """Decision 0003: the envelope around a query changes neither its rows nor their order."""
    for name in names():
        query = load(name)
        if query.access == "read" and "ORDER BY" in query.text:
            params = {param: _asked(param, kind) for param, kind in query.params.items()}
            async with seeded.database.driver.session() as session:
                plain = await (await session.run(query.text, params)).data()
            assert len(plain) < 2 or await seeded.database.rows(query, **params) == plain, name


def _asked(param: str, kind: str) -> object:
    """A value under which most reads find something in the sample network."""
    special: dict[str, object] = {
        "after": 0 if kind == "int" else "",
        "after_id": "",
        "after_level": 0,
        "before": 10**9 if kind == "int" else "9999",
        "before_id": "",
        "batch_id": batch_id("p-1"),
        "payout_id": Withdrawal(MemberId("ned"), "CNY", 50, "w-1").payout_id,
        "currency": "",
        "upto": 10**6,
        "since": "2000-01-01",
        "max_level": 10,
        "count": 100,
        "from_version": 1,
        "idempotency_key": "initial",
        "order_ids": ["o-ada"],
        "scope_ids": ["ada", "eve"],
        "member_ids": ["ada", "bo", "cy"],
        "order_seqs": list(range(30)),
        "rows": [{"scope_id": scope, "after": 0, "upto": 10**6} for scope in ("ada", "bo")],
    }
    if param == "upto" and kind == "str":
        return "2200"
    return special.get(param, SAMPLES[kind])


def _assert_type(name: str, column: str, value: object, kind: str) -> None:
    where = f"{name}: {column} is {value!r}, declared {kind}"
    if value is None:
        assert kind.endswith("?"), where
        return
    kind = kind.removesuffix("?")
    if kind.startswith("list["):
        assert isinstance(value, list), where
        assert all(type(element) is PYTHON_TYPES[kind[5:-1]] for element in value), where
    else:
        assert type(value) is PYTHON_TYPES[kind], where


def _operators(plan: dict[str, object]) -> Iterator[str]:
    yield str(plan["operatorType"])
    for child in plan.get("children", []):  # type: ignore[union-attr]
        yield from _operators(child)
