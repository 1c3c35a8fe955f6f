"""23 to 25: phones and ID numbers however they are written, and ciphertext that was moved or changed."""

from __future__ import annotations

import asyncio
from secrets import randbelow

from people import WEIGHTS, id_number_of

from attacks.target import NOON, Answer, Attack, Target, refused

FOUND = "... on FindMemberSuccess { members { memberId phone } }"
REVEALED = "... on RevealIdentitySuccess { name phone idNumber }"
IDENTIFIERS = """
MATCH (m:Member)-[:USES]->(i {kind: $kind})
WHERE m.id IN $members
RETURN count(DISTINCT i) AS identifiers, count(DISTINCT m) AS members
"""


def ways_to_write(phone: str) -> list[str]:
    """One phone of eleven digits."""
    a, b, c = phone[:3], phone[3:7], phone[7:]
    return [
        f"{a} {b} {c}",
        f"+86-{a}-{b}-{c}",
        f"0086{phone}",
        f"0{phone}",
        "".join(chr(ord(digit) + 0xFEE0) for digit in phone),
        f"\uff0b86\u3000({a}) {b}.{c}",
    ]


async def phones(target: Target) -> None:
    phone = f"139{randbelow(10**8):08}"
    ways = ways_to_write(phone)
    members = [target.name("m") for _ in (*ways, *ways)]
    for member, way in zip(members, ways, strict=False):
        assert (await target.enroll(member, phone=way)).one["__typename"] == "EnrollMemberSuccess"
        assert not (await target.enroll(member, phone=ways[0])).codes, "said otherwise, it is the same"
    for member, way in zip(members[len(ways) :], ways, strict=True):
        await target.enroll(member)
        assert not (await record(target, member, "PHONE", way)).codes
    for way in ways:
        answer = await find(target, "PHONE", way)
        assert [row["memberId"] for row in answer.one["members"]] == sorted(members)
        assert {row["phone"] for row in answer.one["members"]} == {f"139****{phone[7:]}", None}
    for wrong in (phone[:-1], phone + "0", "00" + phone, "12" + phone[2:], "abc"):
        refused(await target.enroll(target.name("m"), phone=wrong), "BAD_PHONE")
        refused(await find(target, "PHONE", wrong), "BAD_PHONE")
        refused(await record(target, members[0], "PHONE", wrong), "BAD_PHONE")
    assert all(phone[3:] not in answer.text for answer in target.answers)
    if not target.without(target.inside, "how many blind indexes there are"):
        assert target.inside
        (row,) = await target.inside.rows(IDENTIFIERS, kind="phone", members=members)
        assert row == {"identifiers": 1, "members": len(members)}


async def record(target: Target, member: str, kind: str, value: str) -> Answer:
    wish = {"memberId": member, "kind": kind, "value": value, "seenAt": NOON}
    return await target.do("recordIdentifier", "RecordIdentifierInput", wish)


async def find(target: Target, kind: str, value: str) -> Answer:
    wish = {"kind": kind, "value": value, "reason": "an attack"}
    return await target.do("findMember", "FindMemberInput", wish, FOUND)


def with_an_x() -> str:
    """A valid ID number that ends with X."""
    while True:
        number = id_number_of(randbelow(900_000))
        if number.endswith("X"):
            return number


async def id_numbers(target: Target) -> None:
    number, member = with_an_x(), target.name("m")
    assert sum(int(digit) * weight for digit, weight in zip(number, WEIGHTS, strict=False)) % 11 == 2
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in number)
    assert (await target.enroll(member, idNumber=number.lower())).one["__typename"] == "EnrollMemberSuccess"
    for way in (number, number.lower(), wide, f"{number[:6]} {number[6:14]} {number[14:]}"):
        assert not (await target.enroll(member, idNumber=way)).codes, "said otherwise, it is the same"
        assert member in [row["memberId"] for row in (await find(target, "ID_NUMBER", way)).one["members"]]
    wrong = {
        number[:-1] + "0": "BAD_ID_NUMBER",
        number[:-2] + str((int(number[-2]) + 1) % 10) + "X": "BAD_ID_NUMBER",
        number[:6] + number[8:17]: "OLD_ID_NUMBER",
        number[:6] + "20001332" + number[14:]: "BAD_ID_NUMBER",
        "99" + number[2:]: "BAD_ID_NUMBER",
        number + "X": "BAD_ID_NUMBER",
        "X" * 18: "BAD_ID_NUMBER",
    }
    for way, code in wrong.items():
        refused(await target.enroll(target.name("m"), idNumber=way), code)
        refused(await find(target, "ID_NUMBER", way), code)
    refused(await target.enroll(number), "PERSONAL_ID")
    assert all(number[6:] not in answer.text.upper() for answer in target.answers)


CHANGES = {
    "copied from another": "SET a.sealed_name = b.sealed_name",
    "copied from another field": "SET a.sealed_name = a.sealed_phone",
    "copied with its key": "SET a.sealed_name = b.sealed_name, ka.wrapped = kb.wrapped",
    "without its key": "SET ka.wrapped = NULL",
}
ONE = "MATCH (a:Member {id: $a}), (ka:PersonKey {member_id: $a})"
PAIR = """
MATCH (a:Member {id: $a}), (b:Member {id: $b}),
  (ka:PersonKey {member_id: $a}), (kb:PersonKey {member_id: $b})
"""


async def ciphertext(target: Target) -> None:
    if target.without(target.inside, "whoever can write into the database"):
        return
    assert target.inside
    plain = f"Canary {target.name('n')}"
    other = target.name("b")
    await target.enroll(other, name=f"{plain} of another", phone=f"138{randbelow(10**8):08}")
    hurt: dict[str, str] = {}
    for what, change in CHANGES.items():
        hurt[what] = target.name("a")
        await target.enroll(hurt[what], name=plain, phone=f"138{randbelow(10**8):08}")
        await target.inside.rows(PAIR + change, a=hurt[what], b=other)
    for kept in ("a.sealed_name", "ka.wrapped"):
        for at, what in ((0, "version"), (1, "length of the key's id"), (2, "key's id"), (20, "text"), (-1, "tag")):
            member = hurt[f"{kept}: a bit of its {what} flipped"] = target.name("a")
            await target.enroll(member, name=plain)
            (row,) = await target.inside.rows(f"{ONE} RETURN {kept} AS sealed", a=member)
            sealed = bytearray(row["sealed"])
            sealed[at] ^= 1
            await target.inside.rows(f"{ONE} SET {kept} = $sealed", a=member, sealed=bytes(sealed))
    seen = "query ($m: String!) { member(memberId: $m) { memberId name } }"
    for what, member in hurt.items():
        wish = {"memberId": member, "fields": ["NAME"], "reason": "an attack"}
        for answer in (
            await target.do("revealIdentity", "RevealIdentityInput", wish, REVEALED),
            await target.ask(seen, m=member),
        ):
            assert answer.codes == ["DECRYPTION_FAILED"], (what, answer)
            assert plain not in answer.text
            assert "Canary" not in answer.text
        assert target.answers[-1].json["data"]["member"] == {"memberId": member, "name": None}, "it fails alone"
    assert (await target.ask(seen, m=other)).one["name"].startswith("C***")
    if target.log is not None:
        await asyncio.sleep(0.2)
        log = target.log()
        assert all(f"did not open: member {member}" in log for member in hurt.values()), "logged, each"
        assert "Canary" not in log


ATTACKS = [
    Attack(23, "one phone written in six ways, through every entrance", "one blind index, one link", phones),
    Attack(24, "ID numbers: wrong checksum, lower-case x, 15 digits", "refused; canonical", id_numbers),
    Attack(25, "ciphertext copied, flipped, under an unknown key", "DECRYPTION_FAILED, logged", ciphertext),
]
