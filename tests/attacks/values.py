"""9 to 12, 14, 15: values that are not what they seem."""

from __future__ import annotations

import csv
import json
import tempfile
from pathlib import Path

import orjson

from attacks.target import NOON, Attack, Target, refused
from graph.exchange.exporting import EXPORTS, export
from graph.identity import mask_name

BAD = ("BAD_AMOUNT", "BAD_ADJUSTMENT", "GRAPHQL_VALIDATION_FAILED", "BAD_USER_INPUT")
QUERY = "query ($a: String) { plans { id } }"


async def deep_json(target: Target) -> None:
    for depth in (100_000, 30_000, 900, 33):
        answer = await target.send(b"[" * depth + b"]" * depth)
        refused(answer, "BAD_JSON", "BODY_TOO_LARGE", "BATCH_REFUSED", statuses=(400, 413))
        body = b'{"query": "{ plans { id } }", "variables": {"a": ' + b"[" * depth + b"]" * depth + b"}}"
        refused(await target.send(body), "BAD_JSON", "BODY_TOO_LARGE", "JSON_TOO_DEEP", statuses=(400, 413))


async def odd_text(target: Target) -> None:
    plain = orjson.dumps({"query": "{ plans { id } }"})
    for body in (
        b"\xff\xfe" + plain,
        b"\xef\xbb\xbf" + plain,
        plain.replace(b"id", b"\xc3\x28"),
        plain.replace(b"id", b"\\ud800"),
    ):
        refused(await target.send(body), "BAD_JSON", statuses=(400,))
    refused(await target.send(plain.replace(b"id", b"\\u0000")), "GRAPHQL_PARSE_FAILED")
    for name in ("a\x00b", "a\u202eb", "a\x1bb", "a\u2066b", "\ufeffa"):
        refused(await target.enroll(target.name("m"), name=name), "BAD_NAME", "INVALID_INPUT")
        refused(await target.enroll(name), "BAD_ID")


async def odd_numbers(target: Target) -> None:
    member = target.name("m")
    await target.enroll(member)
    wish = f'"memberId": "{member}", "orderId": "%s", "currency": "CNY", "completedAt": "{NOON}", "amountMinor": '
    start = '{"query": %s, "variables": {"input": {'
    query = json.dumps(
        "mutation ($input: CompleteOrderInput!) { completeOrder(input: $input) { ... on UserError { code } } }"
    )
    for literal in ("NaN", "Infinity", "-Infinity", "1e400", "1e999"):
        body = (start % query + wish % target.name("o") + literal + "}}}").encode()
        refused(await target.send(body), "BAD_JSON", statuses=(400,))
    for literal in ("true", "1e30", "1.5", "null", '"1.0"', '"\uff11\uff12"', '"1e3"', "[1]", "9" * 4000, "9" * 5000):
        body = (start % query + wish % target.name("o") + literal + "}}}").encode()
        refused(await target.send(body), *BAD, "BAD_JSON")
    asked = await target.ask("{ members(first: " + "9" * 5000 + ") { nodes { id } } }")
    refused(asked, "GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED")


async def amounts(target: Target) -> None:
    member = target.name("m")
    await target.enroll(member)
    for amount in (0, -1, 2**53, 2**53 + 1, 2**63 - 1, 2**63, "0", "-1", str(2**63)):
        refused(await target.complete(member, amount), *BAD)
        refused(await target.withdraw(member, amount), *BAD)
    exact = await target.adjust(member, str(2**53 - 1))
    assert exact.one["adjustment"]["amount"]["amountMinor"] == str(2**53 - 1)
    refused(await target.adjust(member, str(2**63)), *BAD)


async def injections(target: Target) -> None:
    count = "{ members(first: 1) { pageInfo { hasNextPage } } }"
    before = (await target.ask(count)).text
    for text in ("1'}) DETACH DELETE n //", "`", "$x", "\\", "' OR 1=1 --", "a}) MATCH (n) DETACH DELETE n WITH ({b:'"):
        found = await target.ask("query ($m: String!) { member(memberId: $m) { id } }", m=text)
        assert found.json["data"] == {"member": None}, found.text[:300]
        refused(await target.enroll(text), "BAD_ID") if " " in text else await target.enroll(text)
        refused(await target.ask("query ($a: String) { members(after: $a) { nodes { id } } }", a=text), "BAD_CURSOR")
        refused(await target.ask("query ($i: ID!) { node(id: $i) { id } }", i=text), "BAD_GLOBAL_ID")
    assert '"errors"' not in before


FORMULAS = ("=cmd|' /C calc'!A0", "@SUM(1)", "+1+1", "-2+3", "=cmd()", "\uff1d1+1")


async def scripts(target: Target) -> None:
    for name in ("<script>alert(1)</script>", "javascript:alert(1)", *FORMULAS):
        member = target.name("m")
        assert (await target.enroll(member, name=name)).one["__typename"] == "EnrollMemberSuccess"
        kept = await target.ask("query ($m: String!) { member(memberId: $m) { name } }", m=member)
        assert kept.one == {"name": mask_name(name)}, "masked, as text"
    response = await target.http.get(target.url + "/graphql", headers={"accept": "text/html"})
    policy = response.headers["content-security-policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";") if " " in rule.strip())
    assert "unsafe" not in rules.get("script-src", rules["default-src"]), policy
    assert response.headers["x-content-type-options"] == "nosniff"
    for start in "=+-@":
        member = f"{start}{target.name('m')}"
        assert not (await target.enroll(member, name=f"{start}SUM(A1)")).codes
        assert not (await target.complete(member, 1, f"{start}{target.name('o')}")).codes
    if not target.without(target.inside, "what exports make of it"):
        await _exports(target)


async def _exports(target: Target) -> None:
    assert target.inside
    await target.inside.applied()
    with tempfile.TemporaryDirectory() as folder:
        for table, known in EXPORTS.items():
            file = Path(folder) / f"{table}.csv"
            await export(target.inside.services, table, file, "csv")
            with file.open(encoding="utf-8", newline="") as stream:
                rows = list(csv.DictReader(stream))
            texts = [name for name, kind in known.columns.items() if kind is str]
            assert [
                row for row in rows for name in texts if row[name].startswith(("=", "+", "-", "@", "\t", "\r"))
            ] == []
            if table == "members":
                assert len([row for row in rows if row["name"].startswith("'=")]) >= 3
                assert len({row["member_id"][:2] for row in rows} & {"'=", "'+", "'-", "'@"}) == 4


ATTACKS = [
    Attack(9, "JSON 100 000 deep, variables 30 000 deep", "400", deep_json),
    Attack(10, "invalid UTF-8, BOM, lone surrogate, NUL, bidi override in a name", "400, typed", odd_text),
    Attack(11, "NaN, Infinity, 1e400, true, 5 000 digits as an amount", "a typed error", odd_numbers),
    Attack(12, "amounts 0, -1, 2^53+1, 2^63-1, 2^63", "refused before posting; the largest exact", amounts),
    Attack(14, "Cypher in ids, cursors and global ids", "treated as text", injections),
    Attack(15, "scripts and formulas in names, ids, references", "stored inert, neutralised in exports", scripts),
]
