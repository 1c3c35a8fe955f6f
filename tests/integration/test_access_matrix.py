"""Each role, each field of the schema, each relation to who is asked about: held against `tests/access_table.txt`."""

from __future__ import annotations

import re
from contextlib import asynccontextmanager
from dataclasses import replace
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any

import pytest_asyncio
from access_network import MEMBERS, VIEWER, Targets, a_forest
from access_table import ARGUMENTS, QUERIES, ROLES, TARGETS, WAYS, Way, table
from conftest import empty
from e2e.api_client import Client, client
from graphql import GraphQLInputObjectType, GraphQLList, GraphQLNonNull, build_schema, is_composite_type

from api.schema import sdl
from graph.access.opening import open_authenticator
from graph.members import MemberId
from graph.principals import Principal, Role
from graph.store.database import Database
from graph.wiring import Services, open_services

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import pytest

    from graph.local.servers import Addresses
    from graph.settings import Settings

SCHEMA = build_schema(sdl())
CELLS, _ = table()
WRONG = {"String": "not one word", "BigInt": "0", "DateTime": "never", "IdentifierKind": "IP", "IdentityField": "NAME"}
"""Inputs of each type that no mutation takes, so that whoever may call it hears that."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def forest(settings: Settings, migrated: Addresses) -> AsyncIterator[tuple[Services, Targets]]:
    async with open_services(settings, migrated) as services:
        await empty(services)
        yield services, await a_forest(services)


@asynccontextmanager
async def everybody(services: Services) -> AsyncIterator[dict[str, Client]]:
    """A client of each role."""
    async with client(services) as api:
        staff = {role: api.of(Principal(f"one-{role}", frozenset({Role(role)}))) for role in ROLES[1:]}
        yield {"member": api.of(Principal("vera@home", frozenset({Role.MEMBER}), MemberId(VIEWER)))} | staff


async def asked(api: Client, query: str, variables: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """The answer, and its status and whole text with the ids that were asked about left out."""
    used = {name: value for name, value in variables.items() if re.search(rf"\${name}\b", query)}
    response = await api.http.post("/graphql", json={"query": query, "variables": used})
    text = re.sub(r'"remaining":\d+', "", response.text)
    for name, value in used.items():
        text = text.replace(value if isinstance(value, str) else str(value), name)
    return response.json(), f"{response.status_code} {text}"


def shown(answer: dict[str, Any], path: str) -> dict[str, Any] | str:
    """What is shown at a path, the first of a list; or a letter: x for FORBIDDEN, - for nothing there."""
    if any(error["extensions"]["code"] == "FORBIDDEN" for error in answer.get("errors", ())):
        return "x"
    found: Any = answer["data"]
    for step in path.split("."):
        found = found and found[step]
        found = found[0] if isinstance(found, list) and found else found
    return found if found and found.get("nodes") != [] else "-"


def agrees(letter: str, expected: str) -> bool:
    return letter in {"a": "v", "b": "vn", "o": "vn"}.get(expected, expected)


def selection(kind: str, field: str) -> str:
    of = SCHEMA.type_map[kind].fields[field].type  # type: ignore[union-attr]
    while isinstance(of, GraphQLNonNull | GraphQLList):
        of = of.of_type
    return ARGUMENTS.get(field, field) + (" { __typename }" if is_composite_type(of) else "")


def questions() -> dict[tuple[str, tuple[str, ...]], Way]:
    """One query for all fields of a type, and one for each field that is asked first."""
    by_type: dict[str, list[str]] = {}
    for kind, field in CELLS:
        by_type.setdefault(kind, []).append(field)
    ways = {(kind, tuple(by_type[kind])): way for kind, way in WAYS.items()}
    return ways | {("Query", (field,)): Way(query, field) for field, query in QUERIES.items()}


async def test_every_cell_of_the_table(forest: tuple[Services, Targets]) -> None:
    services, targets = forest
    wrong, count = [], 0
    async with everybody(services) as clients:
        for (kind, fields), way in questions().items():
            query = way.asking("" if kind == "Query" else " ".join(selection(kind, field) for field in fields))
            for role, api in clients.items():
                answers = {target: await asked(api, query, targets.by_name[target]) for target in TARGETS}
                for target, (answer, text) in answers.items():
                    there = shown(answer, way.path)
                    if there == "-" and text != answers["missing"][1]:
                        there = "n"  # something is told apart from what is missing
                    for field in fields:
                        letter = there if isinstance(there, str) else "v"
                        if isinstance(there, dict) and kind != "Query":
                            letter = "n" if there[field] in (None, []) else "v"
                        expected = CELLS[kind, field][role][TARGETS.index(target)]
                        count += 1
                        if not agrees(letter, expected):
                            wrong.append((kind, field, role, target, f"{letter} for {expected}", text[:300]))
    assert not wrong, "\n".join(map(str, wrong))
    assert count >= 1000
    print(f"{count} cells")


async def test_every_mutation_by_every_role(forest: tuple[Services, Targets], monkeypatch: pytest.MonkeyPatch) -> None:
    """Who may not call one is refused before anything is read."""
    services, _ = forest
    touched: list[str] = []
    apart = replace(services.database)  # who asks is found out with this one, which is not watched
    revocations = replace(services.revocations, database=apart)
    known = open_authenticator(services.settings, replace(services.api_keys, database=apart), revocations)
    for way in ("read", "write"):
        monkeypatch.setattr(Database, way, noting(getattr(Database, way), touched, apart))
    wrong = []
    async with everybody(replace(services, authenticator=known)) as clients:
        for name in SCHEMA.mutation_type.fields if SCHEMA.mutation_type else ():
            for role, api in clients.items():
                touched.clear()
                answer = await api.answer(document(name), {"input": wrong_input(name)})
                letter = shown(answer, name)
                expected = set(CELLS["Mutation", name][role]) - {"-"}
                if letter == "x":
                    assert not touched, (name, role)
                if expected != {"x" if letter == "x" else "v" if name == "requestWithdrawal" else "a"}:
                    wrong.append((name, role, answer))
    assert wrong == []


def noting(work: Any, notes: list[str], apart: Database) -> Any:
    async def noted(database: Database, *args: Any) -> Any:
        if database is not apart:
            notes.append(work.__name__)
        return await work(database, *args)

    return noted


def document(name: str) -> str:
    kind = name[0].upper() + name[1:]
    return f"mutation ($input: {kind}Input!) {{ {name}(input: $input) {{ __typename ... on UserError {{ code }} }} }}"


def wrong_input(name: str) -> dict[str, Any]:
    """Something that can be read as the input, and is not valid."""
    kind = SCHEMA.type_map[f"{name[0].upper()}{name[1:]}Input"]
    assert isinstance(kind, GraphQLInputObjectType)
    wrong: dict[str, Any] = {}
    for field, part in kind.fields.items():
        named = str(part.type).strip("[]!")
        wrong[field] = [WRONG[named]] if "[" in str(part.type) else WRONG[named]
    return wrong


async def test_a_member_takes_out_their_own_money_alone(forest: tuple[Services, Targets]) -> None:
    """requestWithdrawal by whom it is asked of; everybody else is as missing to a member."""
    services, _ = forest
    async with everybody(services) as clients:
        for role, api in clients.items():
            texts = {}
            for target, name in MEMBERS.items():
                wish = {"memberId": name, "amountMinor": "1", "currency": "CNY", "idempotencyKey": f"{role}-{name}"}
                query = document("requestWithdrawal").replace("code }", "code message }")
                answer, text = await asked(api, query, {"input": wish})
                there = shown(answer, "requestWithdrawal")
                unknown = isinstance(there, dict) and there.get("code") == "UNKNOWN_MEMBER"
                letter = "-" if unknown else there if isinstance(there, str) else "v"
                assert letter == CELLS["Mutation", "requestWithdrawal"][role][TARGETS.index(target)], (role, target)
                texts[target] = text.replace(name, "")
            if role == "member":
                assert texts["downline"] == texts["upline"] == texts["stranger"] == texts["missing"]


HIDDEN = {
    "member": "member(memberId: $key) { memberId }",
    "team": "team(memberId: $key) { size }",
    "node of a member": "node(id: $memberNode) { id }",
    "node of an order": "node(id: $orderNode) { id }",
    "node of a reward": "node(id: $rewardNode) { id }",
    "node of a refund": "node(id: $refundNode) { id }",
    "rewards of an order": "rewards(orderId: $orderKey) { nodes { id } }",
    "explainReward": "explainReward(id: $reward) { state }",
    "whyNot": "whyNot(orderId: $order) { level }",
}
REPETITIONS = 40


ROUNDS = 4
"""How often what seems to tell is measured again: what leaks tells every time, a busy machine does not."""


async def test_a_stranger_takes_as_long_as_nobody(forest: tuple[Services, Targets]) -> None:
    """Interleaved; the yardstick is how far two missing ids are apart, each a different one."""
    services, targets = forest
    telling = HIDDEN
    async with everybody(services) as clients:
        for _ in range(ROUNDS):
            telling = {name: query for name, query in telling.items() if await tells(clients["member"], query, targets)}
    assert telling == {}


async def tells(api: Client, query: str, targets: Targets) -> bool:
    """Whether the time of an answer tells a stranger from a missing one."""
    times: dict[str, list[float]] = {"stranger": [], "missing": [], "another": []}
    for turn in range(REPETITIONS):
        for who in sorted(times, key=lambda who: (turn * 7 + len(who)) % 3):
            variables = targets.by_name["stranger" if who == "stranger" else "missing"]
            variables = variables | {"orderKey": variables["order"]}
            begun = perf_counter()
            await asked(api, Way(query, "").asking(""), variables)
            times[who].append(perf_counter() - begun)
    middle = {who: median(taken) * 1000 for who, taken in times.items()}
    apart, noise = middle["stranger"] - middle["missing"], abs(middle["another"] - middle["missing"])
    print(f"{query:45} {middle['missing']:6.2f} ms missing, stranger {apart:+.2f} ms, noise {noise:.2f} ms")
    return abs(apart) > max(4 * noise, 0.2 * middle["missing"])
