"""Phones, ID numbers and names are planted through every entrance, under load; no file has them afterwards."""

from __future__ import annotations

import asyncio
import csv
import time
from typing import TYPE_CHECKING, Any

import httpx
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from access import bearer, token
from canaries import NAMES, Scanner, id_number, phone
from commands import Shell, shell_at, wait_until

from graph.local.servers import LocalServers
from graph.settings import Settings
from graph.wiring import open_services

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator
    from pathlib import Path

CLIENTS, BY_API, BY_FILE, NOON = 8, 32, 200, "2026-01-01T12:00:00Z"
ENROLL = """mutation($input: EnrollMemberInput!) { enrollMember(input: $input) {
  __typename ... on EnrollMemberSuccess { member { memberId name phone idNumber } }
  ... on UserError { code message } } }"""
RECORD = """mutation($input: RecordIdentifierInput!) { recordIdentifier(input: $input) {
  __typename ... on UserError { code message } } }"""
FIND = """mutation($input: FindMemberInput!) { findMember(input: $input) {
  __typename ... on FindMemberSuccess { members { memberId } } ... on UserError { code message } } }"""
REVEAL = """mutation($input: RevealIdentityInput!) { revealIdentity(input: $input) {
  __typename ... on RevealIdentitySuccess { name phone idNumber } ... on UserError { code message } } }"""


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalServers]:
    with LocalServers(tmp_path_factory.mktemp("home"), Settings().cache) as running:
        yield running


class Site:
    """The roles in processes of their own, each with its log, and words for what a client asks."""

    def __init__(self, shell: Shell, folder: Path) -> None:
        self.shell, self.folder = shell, folder
        self.roles = {role: self.start(role) for role in ("relay", "worker")}
        self.roles["serve"] = self.start("serve", "--port", "0")
        self.url = wait_until(lambda: self._url(folder / "serve.out"))
        self.codes: set[str] = set()

    def start(self, role: str, *words: str) -> subprocess.Popen[str]:
        with (self.folder / f"{role}.log").open("a") as log, (self.folder / f"{role}.out").open("a") as out:
            return self.shell.start(role, *words, stderr=log, stdout=out)

    def stop(self) -> None:
        for process in self.roles.values():
            process.terminate()
        for process in self.roles.values():
            process.wait(30)

    async def ask(self, http: httpx.AsyncClient, query: str, wish: dict[str, Any] | None = None) -> Any:
        response = await http.post(f"{self.url}/graphql", json={"query": query, "variables": {"input": wish or {}}})
        answer = response.json()
        if answer.get("errors"):
            self.codes |= {error["extensions"]["code"] for error in answer["errors"]}
            return answer
        (data,) = answer["data"].values()
        self.codes.add(data.get("code", data["__typename"]))
        return data

    @staticmethod
    def _url(file: Path) -> str:
        text = file.read_text()
        return text.partition("GraphQL at ")[2].partition("/graphql")[0]


async def through_the_api(site: Site) -> None:
    headers = bearer(token(Settings(home=site.folder)))
    async with httpx.AsyncClient(timeout=120, headers=headers) as http:

        async def one(number: int) -> None:
            member, tel, of_id = f"api{number}", phone(number), id_number(number)
            who = {"memberId": member, "name": f"{NAMES} {number}", "phone": tel, "idNumber": of_id}
            found = await site.ask(http, ENROLL, who)
            assert found["member"]["phone"] == f"139****{number:04d}"
            await site.ask(http, ENROLL, who | {"name": f"{NAMES} other"})
            await site.ask(http, ENROLL, {"memberId": f"{member}x", "phone": tel + "0", "idNumber": of_id})
            await site.ask(
                http, ENROLL, {"memberId": f"{member}y", "idNumber": of_id[:-1] + str(1 - int(of_id[-1]) % 2)}
            )
            await site.ask(http, ENROLL, {"memberId": tel})
            await site.ask(http, ENROLL, {"memberId": of_id, "referrerId": tel})
            for kind, value in (("PHONE", f"0086 {tel}"), ("ID_NUMBER", of_id), ("PHONE", tel + "9"), ("PAYOUT", tel)):
                await site.ask(http, RECORD, {"memberId": member, "kind": kind, "value": value})
            await site.ask(http, RECORD, {"memberId": "nobody", "kind": "DEVICE", "value": tel})
            await site.ask(http, FIND, {"kind": "PHONE", "value": tel, "reason": "ring 7"})
            await site.ask(http, FIND, {"kind": "ID_NUMBER", "value": of_id + "1", "reason": f"he is {of_id}"})
            fields = ["NAME", "PHONE", "ID_NUMBER"]
            shown = await site.ask(http, REVEAL, {"memberId": member, "fields": fields, "reason": "ticket 12"})
            assert shown["phone"] == f"+86{tel}"
            await site.ask(http, REVEAL, {"memberId": member, "fields": fields, "reason": f"he called from {tel}"})
            await site.ask(http, REVEAL, {"memberId": tel, "fields": fields, "reason": "ticket 12"})
            for broken in (
                f'{{ member(memberId: "{tel}" ',
                f'{{ member(memberId: "{tel}") {{ phone_{tel} }} }}',
                f'mutation {{ enrollMember(input: {{memberId: "z", phone: {tel}, idNumber: "{of_id}"}}) {{ x }} }}',
                f'query Q{tel} {{ node(id: "{of_id}") {{ id }} }}',
            ):
                await site.ask(http, broken)
            await http.get(f"{site.url}/graphql", params={"query": tel})
            await http.post(f"{site.url}/graphql", content=f'{{"query": "{tel}'.encode())

        numbers = iter(range(BY_API))

        async def client() -> None:
            for number in numbers:
                await one(number)

        await asyncio.gather(*(client() for _ in range(CLIENTS)))


def through_files(shell: Shell, folder: Path) -> None:
    people = [(f"csv{n}", "", NOON, f"{NAMES} {n}", phone(n), id_number(n)) for n in range(1000, 1000 + BY_FILE)]
    bad = [
        ("bad1", "nobody", NOON, f"{NAMES} 1", phone(1), id_number(1)),
        ("bad2", "", phone(2), f"{NAMES} 2", NOON, id_number(2)),
        ("bad3", "", NOON, f"{NAMES} 3", phone(3) + "1", id_number(3)),
        ("bad4", "", NOON, f"{NAMES} 4", phone(4), id_number(4) + "1"),
        ("bad5", "", NOON, f"{NAMES}, 5", phone(5), id_number(5), phone(5)),
        (phone(6), "", NOON, "", "", ""),
        ("bad7", phone(7), f"{id_number(7)}", f"{NAMES} 7", "", ""),
    ]
    columns = ("member_id", "referrer_id", "joined_at", "name", "phone", "id_number")
    with (folder / "members.csv").open("w", newline="") as file:
        csv.writer(file).writerows([columns, *people, *bad])
    seen = [(row[0], kind, value, NOON) for row in people for kind, value in (("phone", row[4]), ("device", row[4]))]
    wrong = [
        ("csv1000", "phone", phone(8) + "7", NOON),
        ("nobody", "id_number", id_number(9), NOON),
        ("csv1000", phone(9), "x", NOON),
    ]
    with (folder / "identifiers.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("member_id", "kind", "value", "first_seen"), *seen, *wrong])
    later = [
        (f"pq{n}", *row[1:3], f"{NAMES} {n}", phone(n), id_number(n))
        for n, row in enumerate(people + bad[2:4], 2000)
        for row in [row]
    ]
    table = {name: [row[place] for row in later] for place, name in enumerate(columns)}
    pq.write_table(pa.table(table), folder / "members.parquet")


def kept_files(shell: Shell, source: Path, folder: Path) -> dict[str, int]:
    """Imports the files; every reason with its count."""
    first = shell.ok(
        "import",
        "--members",
        source / "members.csv",
        "--identifiers",
        source / "identifiers.csv",
        "--rejected",
        folder / "rejected.csv",
    )
    second = shell.ok("import", "--members", source / "members.parquet", "--rejected", folder / "rejected-2.csv")
    assert first["accepted"] == {"members": BY_FILE, "identifiers": 2 * BY_FILE}
    return first["reasons"] | second["reasons"]


def test_no_file_holds_a_canary(servers: LocalServers, tmp_path: Path) -> None:
    began = time.monotonic()
    source, kept = tmp_path / "source", tmp_path / "kept"
    source.mkdir()
    kept.mkdir()
    shell = shell_at(servers.addresses, kept)
    shell.env["THREEFOLD_BUDGET_POINTS"] = "0"  # look-ups are dear
    shell.ok("migrate")
    site = Site(shell, kept)
    try:
        through_files(shell, source)
        asyncio.run(through_the_api(site))
        site.roles["worker"].kill()
        site.roles["worker"].wait()
        reasons = kept_files(shell, source, kept)
        site.roles["worker"] = site.start("worker")
        shell.ok("erase", "api1", "--reason", "on request", "--actor", "ada")
        shell.ok("pii-key", "rotate")
        shell.ok("drain")
        for table in ("members", "balances", "entries"):
            shell.ok("export", table, "-o", kept / f"{table}.csv")
        shell.ok("audit", "checkpoint")
        shell.ok("audit", "export", "-o", kept / "audit-export")
        asyncio.run(save_redis(servers))
    finally:
        site.stop()
    assert {"BAD_PHONE", "BAD_ID_NUMBER", "UNKNOWN_REFERRER", "PERSONAL_ID", "EXTRA_CELLS"} <= reasons.keys()
    assert {"BAD_PHONE", "PERSONAL_REASON", "PERSONAL_ID", "GRAPHQL_PARSE_FAILED", "MEMBER_CONFLICT"} <= site.codes
    assert "INTERNAL" not in site.codes
    planted = [value for n in (*range(BY_API), *range(1000, 1000 + BY_FILE)) for value in (phone(n), id_number(n))]
    scanner = Scanner(planted)
    homes = (servers_home(servers), kept)
    servers.stop_neo4j()  # so that all of it is in its files
    assert scanner.hits(*homes) == []
    servers.start_neo4j()
    print(f"{scanner.files} files, {scanner.bytes >> 20} MiB, {time.monotonic() - began:.0f} s")
    control(servers, kept, scanner)


def control(servers: LocalServers, kept: Path, scanner: Scanner) -> None:
    """Values stored in plain are found by the same scanner: in the store, in Redis, in a log, in every encoding."""

    async def plant() -> None:
        async with open_services(Settings(home=kept), servers.addresses) as services:
            packed = f"{{phone: '{phone(7)}', tel: '+86{phone(7)}', number: '{id_number(7)}'}}"
            await services.database.schema(f"CREATE (:Control {packed})")
            await services.database.schema(f"CREATE (:Control {{name: '{NAMES} {'of a long text ' * 9}'}})")
            await services.news.redis.set("control", phone(8))
        await save_redis(servers)

    asyncio.run(plant())
    servers.stop_neo4j()
    servers.start_neo4j()
    with (kept / "worker.log").open("a") as log:
        log.write(f"bad value {id_number(9)}")
    hits = scanner.hits(servers_home(servers), kept)
    print("\n".join(hits))
    assert any(hit.startswith("neo4j/data/databases") and "packed" in hit for hit in hits)
    assert any(hit.startswith("neo4j/data/databases") and NAMES in hit for hit in hits)
    assert any(hit.startswith("neo4j/data/transactions") for hit in hits)
    assert any(hit.startswith("redis/") for hit in hits)
    assert any(hit.startswith("worker.log") for hit in hits)


async def save_redis(servers: LocalServers) -> None:
    async with open_services(Settings(home=servers_home(servers)), servers.addresses) as services:
        await services.news.redis.save()


def servers_home(servers: LocalServers) -> Path:
    return servers._home.path  # noqa: SLF001  the folder that it was given
