"""19 to 22: the same thing twice, and at once."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime

from attacks.target import Attack, Target, refused
from graph.members import Enrolment, MemberId

LONG = 10_000


async def another_amount(target: Target) -> None:
    member, key = target.name("m"), target.name("a")
    await target.enroll(member)
    assert (await target.adjust(member, 50, key)).one["__typename"] == "AdjustBalanceSuccess"
    entries = "query ($m: String!) { ledger(memberId: $m) { nodes { id } } }"
    before = (await target.ask(entries, m=member)).one
    for amount in (51, -50, str(2**53 - 1)):
        refused(await target.adjust(member, amount, key), "IDEMPOTENCY_CONFLICT")
    other = target.name("m")
    await target.enroll(other)
    refused(await target.adjust(other, 50, key), "IDEMPOTENCY_CONFLICT")
    assert (await target.ask(entries, m=member)).one == before
    assert await _available(target, member) == "50"
    order = target.name("o")
    assert not (await target.complete(member, 100, order)).codes
    refused(await target.complete(member, 101, order), "ORDER_CONFLICT")
    wish = {"memberId": member, "amountMinor": 10, "currency": "CNY", "idempotencyKey": key}
    await target.do("requestWithdrawal", "RequestWithdrawalInput", wish)
    again = await target.do("requestWithdrawal", "RequestWithdrawalInput", wish | {"amountMinor": 11})
    refused(again, "IDEMPOTENCY_CONFLICT")
    assert await _available(target, member) == "40"


async def same_key_at_once(target: Target) -> None:
    member, key = target.name("m"), target.name("a")
    await target.enroll(member)
    answers = await asyncio.gather(*(target.adjust(member, 50, key) for _ in range(64)))
    assert len({answer.text.partition('"extensions"')[0] for answer in answers}) == 1
    assert answers[0].one["adjustment"]["status"]
    assert await _available(target, member) == "50"


async def circles(target: Target) -> None:
    a, b, c = (target.name(kind) for kind in "abc")
    refused(await target.enroll(a, a), "SELF_REFERRAL")
    for pair in ([(a, b), (b, a)], [(a, b), (b, c), (c, a)]):
        answers = await asyncio.gather(*(target.enroll(*names) for names in pair))
        for answer in answers:
            refused(answer, "UNKNOWN_REFERRER", "REFERRAL_CYCLE")
    await target.enroll(a)
    await target.enroll(b, a)
    refused(await target.enroll(a, b), "REFERRAL_CYCLE", "ALREADY_REFERRED")
    above = a
    for _ in range(40):
        below = target.name("d")
        await target.enroll(below, above)
        above = below
    query = "query ($m: String!, $l: Int!) { member(memberId: $m) { upline(maxLevel: $l) { level } } }"
    assert len((await target.ask(query, m=above, l=1000)).one["upline"]) == 40
    assert len((await target.ask(query, m=above, l=7)).one["upline"]) == 7
    refused(await target.ask(query, m=above, l=10_000), "BAD_LEVEL")
    if not target.without(target.inside, f"a chain of {LONG}"):
        await _long_chain(target)


async def _long_chain(target: Target) -> None:
    """Enrolled through the store; asked about by its two ends through the API."""
    assert target.inside
    members = target.inside.services.members
    names = [target.name("c") for _ in range(LONG)]
    wishes = [
        Enrolment(MemberId(name), MemberId(above) if above else None, datetime.now(UTC))
        for name, above in zip(names, (None, *names), strict=False)
    ]
    for start in range(0, LONG, 1000):
        stamp = await target.inside.services.clock().stamp()
        outcomes = await members.enrol(list(enumerate(wishes[start : start + 1000], 1)), stamp)
        assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    top, bottom = names[0], names[-1]
    slow: dict[str, float] = {}
    faults: list[tuple[str, list[str]]] = []
    refused(await target.enroll(top, bottom), "REFERRAL_CYCLE", "ALREADY_REFERRED", "MEMBER_CONFLICT")
    for query, member, rows in (
        ("query ($m: String!) { member(memberId: $m) { upline(maxLevel: 1000) { level } } }", bottom, 1000),
        ("query ($m: String!) { member(memberId: $m) { upline { level } } }", bottom, 100),
        ("query ($m: String!) { member(memberId: $m) { downline(maxLevel: 1000) { nodes { id } } } }", top, 20),
        ("query ($m: String!) { member(memberId: $m) { depth } }", bottom, None),
        ("query ($m: String!) { team(memberId: $m) { size direct } }", top, None),
        ("query ($m: String!) { team(memberId: $m) { levels { level } } }", top, None),
        ("query ($m: String!) { team(memberId: $m) { active(days: 30) } }", top, None),
        ("query ($m: String!) { team(memberId: $m) { trend(days: 30) { orders } } }", top, None),
    ):
        begun = time.monotonic()
        answer = await target.ask(query, m=member)
        slow[query] = time.monotonic() - begun
        if answer.codes:
            faults.append((query, answer.codes))
            continue
        found = list(answer.one.values())
        assert rows is None or len(found[0]["nodes"] if isinstance(found[0], dict) else found[0]) == rows, query
    print("\n".join(f"   {took:5.2f} s: {query}" for query, took in slow.items()))
    assert faults == []
    assert max(slow.values()) < 5
    assert not (await target.complete(bottom, 100)).codes
    await target.inside.applied()


async def eight_sponsors(target: Target) -> None:
    sponsors, member = [target.name("s") for _ in range(8)], target.name("m")
    for sponsor in sponsors:
        await target.enroll(sponsor)
    answers = await asyncio.gather(*(target.enroll(member, sponsor) for sponsor in sponsors))
    won = [answer for answer in answers if not answer.codes]
    assert len(won) == 1
    for answer in answers:
        if answer is not won[0]:
            refused(answer, "ALREADY_REFERRED")
    query = "query ($m: String!) { member(memberId: $m) { referrer { memberId } team { direct } } }"
    referrer = (await target.ask(query, m=member)).one["referrer"]["memberId"]
    assert referrer == sponsors[answers.index(won[0])]
    direct = {sponsor: (await target.ask(query, m=sponsor)).one["team"]["direct"] for sponsor in sponsors}
    assert direct == dict.fromkeys(sponsors, 0) | {referrer: 1}
    if not target.without(target.inside, "the edges themselves"):
        assert target.inside
        (row,) = await target.inside.rows("MATCH (m:Member {id: $m})-[r:REFERRED_BY]-() RETURN count(r) AS n", m=member)
        assert row == {"n": 1}


async def _available(target: Target, member: str) -> str:
    query = "query ($m: String!) { member(memberId: $m) { balance { available { amountMinor } } } }"
    (balance,) = (await target.ask(query, m=member)).one["balance"]
    return str(balance["available"]["amountMinor"])


ATTACKS = [
    Attack(19, "the same key with another amount", "IDEMPOTENCY_CONFLICT, nothing posted", another_amount),
    Attack(20, "the same key 64 times at once", "one effect, equal answers", same_key_at_once),
    Attack(21, "self-referral, mutual, circle of three at once, a long chain", "refused; reads bounded", circles),
    Attack(
        22, "one member joins eight sponsors at once (no cap of referees exists here)", "exactly one", eight_sponsors
    ),
]
