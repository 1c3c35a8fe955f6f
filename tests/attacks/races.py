"""19 to 22: the same thing twice, and at once."""

from __future__ import annotations

import asyncio

from attacks.target import Attack, Target, refused


async def another_amount(target: Target) -> None:
    member, key = target.name("m"), target.name("a")
    await target.enroll(member)
    assert (await target.adjust(member, 50, key)).one["__typename"] == "AdjustBalanceSuccess"
    refused(await target.adjust(member, 51, key), "IDEMPOTENCY_CONFLICT")
    assert await _available(target, member) == "50"


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
