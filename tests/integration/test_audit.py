"""What was recorded cannot be changed in Neo4j without being found, and being found where it is."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from trails import NOON, a_trail, action, entry, found, record, unrecorded

from graph.store import audit
from graph.store.queries import parse

if TYPE_CHECKING:
    from pathlib import Path

    from graph.store.database import Transaction
    from graph.wiring import Services

E7, E8, E9 = (entry(number).entry_id for number in (7, 8, 9))
"""7 and 8 are in p0/2, 9 and 10 in p0/3."""


def at_entry(change: str, of: str = E7) -> str:
    return f"MATCH (e:Entry {{id: '{of}'}}) {change}"


def at_link(change: str, place: str = "p0/3") -> str:
    return f"MATCH (l:AuditLink {{id: '{place}'}}) {change}"


def at_record(change: str, place: str = "p0/2/0") -> str:
    return f"MATCH (r:AuditRecord {{id: '{place}'}}) {change}"


def at_head(change: str) -> str:
    return f"MATCH (c:AuditChain {{name: 'p0'}}) {change}"


def two(change: str, one: str = E7, other: str = E8) -> str:
    return f"MATCH (a:Entry {{id: '{one}'}}), (b:Entry {{id: '{other}'}}) {change}"


def swap(field: str) -> str:
    return f"WITH a, b, a.{field} AS of_a, b.{field} AS of_b SET a.{field} = of_b, b.{field} = of_a"


EDITED = {("ENTRY_EDITED", f"p0/2/{E7}")}
SWAPPED = {("ENTRIES_SWAPPED", f"p0/2/{E7}"), ("ENTRIES_SWAPPED", f"p0/2/{E8}")}
RECORD_EDITED = {("RECORD_EDITED", "p0/2/0")}
LINK_EDITED = {("LINK_EDITED", "p0/3")}
COPIED = "f" * 32
COPY = f"WITH properties(e) AS of_e CREATE (n:Entry)-[:OF]->(:Reward {{id: 'x'}}) SET n = of_e {{.*, id: '{COPIED}'}}"

TAMPERED: dict[str, tuple[str, set[tuple[str, str]]]] = {
    "entry: amount": (at_entry("SET e.amount_minor = 999999"), EDITED),
    "entry: amount as text": (at_entry("SET e.amount_minor = toString(e.amount_minor)"), EDITED),
    "entry: amount as float": (at_entry("SET e.amount_minor = toFloat(e.amount_minor)"), EDITED),
    "entry: currency": (at_entry("SET e.currency = 'EUR'"), EDITED),
    "entry: beneficiary": (at_entry("SET e.beneficiary_id = 'eve'"), EDITED),
    "entry: cause": (at_entry("SET e.cause = 'completion:x'"), EDITED),
    "entry: debit": (at_entry("SET e.debit = 'held'"), EDITED),
    "entry: credit": (at_entry("SET e.credit = 'paid'"), EDITED),
    "entry: moment": (at_entry("SET e.at = '2020-01-01T00:00:00.000000Z'"), EDITED),
    "entry: a field taken away": (at_entry("REMOVE e.cause"), EDITED),
    "entry: a field made a list": (at_entry("SET e.cause = ['x']"), EDITED),
    "entry: its link": (at_entry("SET e.link = 'p0/4'"), EDITED),
    "entry: its link taken away": (at_entry("REMOVE e.link"), EDITED),
    "entry: a link that is not": (at_entry("SET e.link = 'p9/1'"), EDITED),
    "entry: a link made a list": (at_entry("SET e.link = ['p0/2']"), EDITED),
    "entry: its reward": (at_entry("MATCH (e)-[of:OF]->() DELETE of"), EDITED),
    "entry: a second reward": (at_entry("CREATE (e)-[:OF]->(:Reward {id: 'x'})"), EDITED),
    "entry: removed": (at_entry("DETACH DELETE e"), {("ENTRY_REMOVED", f"p0/2/{E7}")}),
    "entry: its id": (
        at_entry(f"SET e.id = '{COPIED}'"),
        {("ENTRY_REMOVED", f"p0/2/{E7}"), ("ENTRY_INSERTED", f"p0/2/{COPIED}")},
    ),
    "entry: an id that is no hash": (
        at_entry("SET e.id = 'x'"),
        {("ENTRY_REMOVED", f"p0/2/{E7}"), ("ENTRY_INSERTED", f"p0/2/{b'x'.ljust(16).hex()}")},
    ),
    "entry: its id taken away": (at_entry("REMOVE e.id"), {("ENTRY_REMOVED", f"p0/2/{E7}"), ("ENTRY_INSERTED", "-/*")}),
    "entry: duplicated": (at_entry(COPY), {("ENTRY_INSERTED", f"p0/2/{COPIED}")}),
    "entry: inserted without a link": (
        at_entry(COPY + " REMOVE n.link"),
        {("ENTRY_INSERTED", f"-/{COPIED}")},
    ),
    "entry: inserted for a link to come": (
        at_entry(COPY + ", n.link = 'p0/6'"),
        {("ENTRY_INSERTED", f"p0/6/{COPIED}")},
    ),
    "entries: amounts swapped": (two(swap("amount_minor")), SWAPPED),
    "entries: beneficiaries swapped": (two(swap("beneficiary_id")), SWAPPED),
    "entries: swapped between links": (
        two(swap("amount_minor"), E7, E9),
        {("ENTRIES_SWAPPED", f"p0/2/{E7}"), ("ENTRIES_SWAPPED", f"p0/3/{E9}")},
    ),
    "entries: links swapped": (two(swap("link"), E7, E9), {*EDITED, ("ENTRY_EDITED", f"p0/3/{E9}")}),
    "record: kind": (at_record("SET r.kind = 'x'"), RECORD_EDITED),
    "record: subject": (at_record("SET r.subject = 'x'"), RECORD_EDITED),
    "record: actor": (at_record("SET r.actor = 'x'"), RECORD_EDITED),
    "record: moment": (at_record("SET r.at = 'x'"), RECORD_EDITED),
    "record: detail": (at_record("SET r.detail = '{}'"), RECORD_EDITED),
    "record: detail taken away": (at_record("REMOVE r.detail"), RECORD_EDITED),
    "record: inserted for a link to come": (
        at_record("WITH properties(r) AS of_r CREATE (n:AuditRecord) SET n = of_r {.*, id: 'p0/6/0', link_id: 'p0/6'}"),
        {("RECORD_INSERTED", "p0/6/0")},
    ),
    "record: removed": (at_record("DELETE r"), {("RECORD_REMOVED", "p0/2/0")}),
    "record: its link": (
        at_record("SET r.link_id = 'p0/3'"),
        {("RECORD_REMOVED", "p0/2/0"), ("RECORD_INSERTED", "p0/2/0")},
    ),
    "record: its place": (
        at_record("SET r.place = 7"),
        {("RECORD_REMOVED", "p0/2/0"), ("RECORD_INSERTED", "p0/2/0")},
    ),
    "record: duplicated": (
        at_record("WITH properties(r) AS of_r CREATE (n:AuditRecord) SET n = of_r {.*, id: 'p0/2/7', place: 7}"),
        {("RECORD_INSERTED", "p0/2/7")},
    ),
    "record: its id taken away": (
        at_record("REMOVE r.id"),
        {("RECORD_REMOVED", "p0/2/0"), ("RECORD_INSERTED", "-/*")},
    ),
    "records: swapped": (
        """MATCH (a:AuditRecord {id: 'p0/2/0'}), (b:AuditRecord {id: 'p0/4/1'})
        WITH a, b, properties(a) AS of_a, properties(b) AS of_b
        SET a += of_b {.kind, .subject, .actor, .at, .detail}, b += of_a {.kind, .subject, .actor, .at, .detail}""",
        {("RECORDS_SWAPPED", "p0/2/0"), ("RECORDS_SWAPPED", "p0/4/1")},
    ),
    "link: chain": (at_link("SET l.chain = 'p1'"), LINK_EDITED),
    "link: number": (at_link("SET l.number = 9"), LINK_EDITED),
    "link: previous": (at_link("SET l.previous = 'x'"), LINK_EDITED),
    "link: root": (at_link("SET l.root = 'x'"), LINK_EDITED),
    "link: keys": (at_link("MATCH (m:AuditLink {id: 'p0/4'}) SET l.keys = m.keys"), LINK_EDITED),
    "link: leaves": (at_link("MATCH (m:AuditLink {id: 'p0/4'}) SET l.leaves = m.leaves"), LINK_EDITED),
    "link: leaves taken away": (at_link("REMOVE l.leaves"), LINK_EDITED),
    "link: count": (at_link("SET l.count = 4"), LINK_EDITED),
    "link: moment": (at_link("SET l.at = 'x'"), LINK_EDITED),
    "link: actor": (at_link("SET l.actor = 'eve'"), LINK_EDITED),
    "link: hash": (at_link("SET l.hash = 'x'"), LINK_EDITED),
    "link: the last one's hash": (at_link("SET l.hash = 'x'", "p0/5"), {("LINK_EDITED", "p0/5")}),
    "link: its id": (at_link("SET l.id = 'x'"), LINK_EDITED),
    "link: duplicated": (
        at_link("WITH properties(l) AS of_l CREATE (n:AuditLink) SET n = of_l {.*, id: 'a copy'}"),
        {("LINK_INSERTED", "a copy")},
    ),
    "link: forged at the end": (
        at_link("WITH properties(l) AS of_l CREATE (n:AuditLink) SET n = of_l {.*, id: 'p0/6', number: 6}", "p0/5"),
        {("LINK_INSERTED", "p0/6")},
    ),
    "link: removed in the middle": (at_link("DELETE l"), {("LINK_REMOVED", "p0/3")}),
    "link: removed with its records": (
        at_link("DELETE l WITH 1 AS one MATCH (e:Entry {link: 'p0/3'}) DETACH DELETE e"),
        {("LINK_REMOVED", "p0/3")},
    ),
    "links: swapped": (
        """MATCH (a:AuditLink {id: 'p0/2'}), (b:AuditLink {id: 'p0/3'})
        SET a.id = 'x' WITH a, b SET b.id = 'p0/2' WITH a SET a.id = 'p0/3'""",
        {("LINK_EDITED", "p0/2"), ("LINK_EDITED", "p0/3")},
    ),
    "tail removed": (at_link("DELETE l", "p0/5"), {("CHAIN_TRUNCATED", "p0/5")}),
    "head: set forward": (at_head("SET c.number = 1000000000000"), {("CHAIN_TRUNCATED", "p0/6")}),
    "head: set back": (at_head("SET c.number = 4"), {("LINK_EDITED", "p0/4"), ("LINK_INSERTED", "p0/5")}),
    "head: hash": (at_head("SET c.hash = 'x'"), {("LINK_EDITED", "p0/5")}),
    "head: removed": (at_head("DELETE c"), {("HEAD_EDITED", "p0")}),
}


async def test_a_trail_as_it_was_written_is_whole(store: Services, tmp_path: Path) -> None:
    services = await a_trail(store, tmp_path)
    assert await found(services) == set()
    await services.audit.checkpoint()
    assert await found(services) == set()


@pytest.mark.parametrize("what", TAMPERED)
async def test_tampering_is_found_at_its_place(store: Services, tmp_path: Path, what: str) -> None:
    statement, expected = TAMPERED[what]
    services = await a_trail(store, tmp_path)
    await services.database.schema(statement)
    places = {
        (code, "-/*" if place.startswith("-/") and ":" in place else place) for code, place in await found(services)
    }
    assert places == expected


async def test_a_transaction_that_records_nothing_writes_no_link(store: Services, tmp_path: Path) -> None:
    services = await a_trail(store, tmp_path)
    before = await services.audit.store.heads()
    await record(services, "p0", [])
    assert await services.audit.store.heads() == before
    assert await found(services) == set()


async def test_transactions_at_once_make_one_chain_without_a_fork(store: Services, tmp_path: Path) -> None:
    services = await a_trail(store, tmp_path)
    numbers = range(1000, 1040)
    links = await asyncio.gather(*(record(services, "p0", [entry(n)], [action(n)]) for n in numbers))
    assert sorted(int(link.partition("/")[2]) for link in links) == list(range(6, 46))
    assert await found(services) == set()


async def test_without_the_lock_of_the_head_two_transactions_take_the_same_number(
    store: Services, tmp_path: Path
) -> None:
    """The negative control: a head that is only read is read by both."""
    services = await a_trail(store, tmp_path)
    unlocked = parse(
        "test/unlocked",
        """// The end of a chain.
// access  read
// column  number  int
MATCH (chain:AuditChain {name: 'p0'})
RETURN chain.number AS number
""",
    )
    both = asyncio.Barrier(2)

    async def number(tx: Transaction) -> int:
        (row,) = await tx.run(unlocked)
        await both.wait()
        return int(row["number"]) + 1

    assert await asyncio.gather(*(services.database.write(number) for _ in range(2))) == [6, 6]


async def test_verifying_while_others_write_finds_nothing(store: Services, tmp_path: Path) -> None:
    services = await a_trail(store, tmp_path)
    done = asyncio.Event()

    async def write() -> None:
        for n in range(2000, 2150):
            await record(services, f"p{n % 3}", [entry(n + 1000 * m) for m in range(20)], [action(n)])
        done.set()

    writing = asyncio.create_task(write())
    rounds = 0
    while not done.is_set():
        assert await found(services) == set()
        rounds += 1
    await writing
    assert rounds > 1
    assert await found(services) == set()


async def test_entries_from_before_the_audit_are_sealed_a_thousand_a_link(store: Services, tmp_path: Path) -> None:
    services = await a_trail(store, tmp_path)
    await unrecorded(services, [entry(n) for n in range(5000, 7500)])
    assert len(await found(services)) == 1001  # a thousand by name, and how many more
    assert await services.audit.seal("ada") == 2500
    assert (await services.audit.store.heads())["genesis"][0] == 3
    assert await services.audit.seal("ada") == 0
    assert await found(services) == set()
    await services.database.schema(f"MATCH (e:Entry {{id: '{entry(6000).entry_id}'}}) SET e.amount_minor = 1")
    ((code, place),) = await found(services)
    assert code == "ENTRY_EDITED"
    assert place.endswith(entry(6000).entry_id)


async def test_a_draft_names_the_link_before_it_is_written(store: Services, tmp_path: Path) -> None:
    services = await a_trail(store, tmp_path)

    async def work(tx: Transaction) -> str:
        draft = await audit.begin(tx, "p7")
        await draft.seal(tx, "worker", NOON, [], [action(1)])
        return draft.link_id

    assert await services.database.write(work) == "p7/1"
