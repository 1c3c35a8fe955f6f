"""16, 26: what belongs to others, asked for by id, by node() and by cursor."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from attacks.target import Attack, Target, refused
from graph.principals import Role

NOBODYS = "0" * 32
ID_AND_CURSOR = "query ($m: String!, $c: String!) "
QUESTIONS = {
    "member": "query ($m: String!) { member(memberId: $m) { id name balance { currency } orders { nodes { id } } } }",
    "team": "query ($m: String!) { team(memberId: $m) { size } }",
    "orders": "query ($m: String!) { orders(memberId: $m) { nodes { id } } }",
    "rewards": "query ($m: String!) { rewards(memberId: $m) { nodes { id } } }",
    "rewards of the order": "query ($o: String!) { rewards(orderId: $o) { nodes { id } } }",
    "ledger": "query ($m: String!) { ledger(memberId: $m) { nodes { id } } }",
    "ledger by a cursor of staff": ID_AND_CURSOR + "{ ledger(memberId: $m, after: $c) { nodes { id } } }",
    "orders by a cursor of staff": ID_AND_CURSOR + "{ orders(memberId: $m, after: $c) { nodes { id } } }",
    "payouts": "query ($m: String!) { payouts(memberId: $m) { nodes { payoutId } } }",
    "why not": "query ($o: ID!, $id: ID!) { whyNot(orderId: $o, memberId: $id) { level } }",
    "an explanation": "query ($r: ID!) { explainReward(id: $r) { state } }",
    "node of the member": "query ($nm: ID!) { node(id: $nm) { id } }",
    "node of the order": "query ($no: ID!) { node(id: $no) { id } }",
    "node of the entry": "query ($ne: ID!) { node(id: $ne) { id } }",
    "node of the reward": "query ($nr: ID!) { node(id: $nr) { id } }",
    "a withdrawal": (
        "mutation ($m: String!, $k: String!) { requestWithdrawal(input: {memberId: $m, currency: "
        '"CNY", amountMinor: 1, idempotencyKey: $k}) { __typename ... on UserError { code message } } }'
    ),
}
LEDGER = "query ($m: String!) { ledger(memberId: $m, first: 1) { nodes { id } pageInfo { endCursor } } }"
OWN = "query ($m: String!) { member(memberId: $m) { memberId } ledger(memberId: $m) { nodes { id } } }"


async def wallets(target: Target) -> None:
    if target.without(target.member_token, "whatever a member asks"):
        return
    me = target.member_id
    others = {"sibling": target.name("m"), "stranger": target.name("m")}
    sponsor = await _sponsor(target, me)
    if not target.without(sponsor, "the sponsor's wallet: the member of the token has none"):
        others["sponsor"] = str(sponsor)
    await target.enroll(others["sibling"], sponsor)
    await target.enroll(others["stranger"])
    for one in (me, *others.values()):
        assert (await target.adjust(one, 50)).one["__typename"] == "AdjustBalanceSuccess"
        assert (await target.complete(one, 10_000, f"o-{one}-1")).one["__typename"] in {
            "CompleteOrderSuccess",
            "OrderConflictError",
        }
    if target.inside:
        await target.inside.applied()
    own = (await target.ask(OWN, member=True, m=me)).json["data"]
    assert own["member"], own
    assert own["ledger"]["nodes"], "their own money they see"
    missing = _about(target.name("m"), None)
    nothing = {name: await _asked(target, query, missing) for name, query in QUESTIONS.items()}
    for who, other in others.items():
        page = (await target.ask(LEDGER, m=other)).one
        reward = (
            await target.ask("query ($m: String!) { rewards(memberId: $m) { nodes { id rewardId } } }", m=other)
        ).one
        about = _about(other, page["nodes"][0]["id"], page["pageInfo"]["endCursor"], *reward["nodes"][:1])
        for name, query in QUESTIONS.items():
            answer = await _asked(target, query, about)
            assert answer == nothing[name], (who, name, answer, nothing[name])
        balance = await target.ask(
            "query ($m: String!) { member(memberId: $m) { payouts: balance { paid { amountMinor } } } }", m=other
        )
        assert {row["paid"]["amountMinor"] for row in balance.one["payouts"]} <= {"0"}


async def _sponsor(target: Target, me: str) -> str | None:
    """Who referred the member of the token; whoever is not there yet is enrolled, below somebody new."""
    query = "query ($m: String!) { member(memberId: $m) { referrer { memberId } } }"
    found = (await target.ask(query, m=me)).one
    if found is None:
        sponsor = target.name("m")
        await target.enroll(sponsor)
        await target.enroll(me, sponsor)
        return sponsor
    return found["referrer"] and str(found["referrer"]["memberId"])


def _about(member: str, entry: str | None, cursor: str | None = None, *rewards: dict[str, str]) -> dict[str, str]:
    """The variables that ask about one member."""
    reward = rewards[0] if rewards else {"rewardId": NOBODYS, "id": _node("Reward", NOBODYS)}
    return {
        "m": member,
        "id": member,
        "o": f"o-{member}-1",
        "r": reward["rewardId"],
        "c": cursor or "x" * 40,
        "k": f"w-{member}",
        "nm": _node("Member", member),
        "no": _node("Order", f"o-{member}-1"),
        "ne": entry or _node("LedgerEntry", NOBODYS),
        "nr": reward["id"],
    }


def _node(kind: str, key: str) -> str:
    return urlsafe_b64encode(f"{kind}:{key}".encode()).decode()


async def _asked(target: Target, query: str, about: dict[str, str]) -> tuple[int, str]:
    """The status and what is said, with the ids that were asked about left out."""
    used = {name: value for name, value in about.items() if f"${name}:" in query}
    answer = await target.ask(query, member=True, **used)
    text = json.dumps([answer.json.get("data"), [_plain(error) for error in answer.json.get("errors", ())]])
    for name in sorted(used, key=lambda name: -len(used[name])):
        text = text.replace(used[name], "?")
    return answer.status, text


def _plain(error: dict[str, Any]) -> dict[str, Any]:
    extensions = {name: value for name, value in error.get("extensions", {}).items() if name != "requestId"}
    return error | {"extensions": extensions}


MEMBERS = "query ($a: String) { members(first: 1, after: $a) { pageInfo { endCursor } } }"
ENTRIES = "query ($m: String!, $a: String) { ledger(memberId: $m, first: 1, after: $a) { pageInfo { endCursor } } }"


async def cursors(target: Target) -> None:
    members = [target.name("m") for _ in range(3)]
    for member in members:
        await target.enroll(member)
        await target.adjust(member, 1)
    good = (await target.ask(MEMBERS)).one["pageInfo"]["endCursor"]
    assert (await target.ask(MEMBERS, a=good)).one["pageInfo"]["endCursor"] not in {None, good}
    raw = urlsafe_b64decode(good)
    flipped = [bytes([*raw[:at], raw[at] ^ 1 << at % 8, *raw[at + 1 :]]) for at in range(len(raw))]
    edited = [raw[:16] + json.dumps(place).encode() for place in ([], [5], [[1]], {"a": 1}, ["zz", 1])]
    forged = [urlsafe_b64encode(octets).decode() for octets in (*flipped, *edited, raw + b" ", raw[16:], b"")]
    for cursor in (*forged, good[:-3], "=" * 50, "x" * 10_000, "会", "\x00"):
        refused(await target.ask(MEMBERS, a=cursor), "BAD_CURSOR")
    for other in ("adjustments", "payouts"):
        query = f"query ($a: String) {{ {other}(after: $a) {{ nodes {{ __typename }} }} }}"
        refused(await target.ask(query, a=good), "BAD_CURSOR")
    entries = (await target.ask(ENTRIES, m=members[0])).one["pageInfo"]["endCursor"]
    assert (await target.ask(ENTRIES, m=members[0], a=entries)).status == 200
    refused(await target.ask(ENTRIES, m=members[1], a=entries), "BAD_CURSOR")
    refused(await target.ask(MEMBERS, a=entries), "BAD_CURSOR")
    if not target.without(target.inside, "the cursors of another principal of the same roles"):
        assert target.inside
        other = target.inside.token(target.name("sub"), Role.ANALYST)
        refused(await target.by(other, MEMBERS, a=good), "BAD_CURSOR")
        owner = target.inside.token(target.name("sub"), Role.MEMBER, member_id=members[0])
        assert (await target.by(owner, ENTRIES, m=members[0])).status == 200
        refused(await target.by(owner, ENTRIES, m=members[0], a=entries), "BAD_CURSOR")


ATTACKS = [
    Attack(16, "a sponsor's, a sibling's, a stranger's wallet by id, node(), cursor", "as what is missing", wallets),
    Attack(26, "cursors: every bit, of another order, another question, another user", "BAD_CURSOR", cursors),
]
