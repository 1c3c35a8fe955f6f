"""Builders for tests of privacy: people with phones and ID numbers, of which none is anybody's."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from network import NOON, accept

from graph.errors import ThreefoldError
from graph.identity import IdentifierKind
from graph.members import Enrolment, MemberId
from graph.store.identifiers import Sighting

if TYPE_CHECKING:
    from graph.identity import IdentityField
    from graph.store.acceptance import Accepted
    from graph.wiring import Services

WEIGHTS = [2**place % 11 for place in range(17, 0, -1)]


def phone_of(number: int) -> str:
    """A canonical phone for each number below 10⁸."""
    return f"+86138{number:08d}"


def id_number_of(number: int) -> str:
    """A valid ID number for each number below 9 · 10⁵."""
    first = f"11010519{50 + number // 1000 % 40:02d}0{1 + number // 100_000 % 9}15{number % 1000:03d}"
    rest = (1 - sum(int(digit) * weight for digit, weight in zip(first, WEIGHTS, strict=True))) % 11
    return first + ("X" if rest == 10 else str(rest))


def person(member: str, number: int, referrer: str | None = None, name: str = "") -> Enrolment:
    """An enrolment with everything said."""
    above = MemberId(referrer) if referrer else None
    return Enrolment(MemberId(member), above, NOON, name or f"Name of {member}", phone_of(number), id_number_of(number))


async def sees(services: Services, member: str, kind: str, value: str) -> Accepted[Sighting]:
    """Records one sighting; raises its refusal."""
    wish = Sighting(MemberId(member), IdentifierKind(kind), value, NOON)
    (outcome,) = await services.identifiers.record([(0, wish)], await services.clock().stamp())
    if isinstance(outcome, ThreefoldError):
        raise outcome
    return outcome


async def some_people(services: Services) -> None:
    """Everything that is written about people."""
    await accept(services, person("pia", 1), person("quin", 2))
    await sees(services, "pia", "device", "d-1")
    await services.erasure.erase("quin", "on request", "ada")


async def plain(store: Services, member: str, name: IdentityField) -> str | None:
    people = await store.people.of_members([member])
    return store.people.shown(people.get(member), name)


async def rows(store: Services, text: str) -> list[dict[str, Any]]:
    async with store.database.driver.session() as session:
        return await (await session.run(text)).data()


async def everything(store: Services) -> str:
    """Every property of every node and edge, as text."""
    found = await rows(
        store,
        "MATCH (n) RETURN properties(n) AS p UNION ALL MATCH ()-[r]->() RETURN properties(r) AS p",
    )
    return json.dumps(found, ensure_ascii=False, default=lambda value: bytes(value).decode("latin-1"))


async def actions(store: Services, kind: str) -> list[dict[str, Any]]:
    return await rows(store, f"MATCH (r:AuditRecord {{kind: '{kind}'}}) RETURN r {{.*}} AS r ORDER BY r.at, r.id")
