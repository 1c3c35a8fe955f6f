"""1 to 8: documents that are too dear, and requests that are none."""

from __future__ import annotations

from attacks.target import JSON, Attack, Target, refused

PLANS = b'{"query": "{ plans { id } }"}'


async def fragment_chain(target: Target) -> None:
    for links in (20, 28, 60):
        parts = [f"fragment f{n} on Member {{ ...f{n + 1} ...f{n + 1} }}" for n in range(links)]
        text = '{ member(memberId: "a") { ...f0 } } ' + " ".join(parts) + f" fragment f{links} on Member {{ id }}"
        refused(await target.ask(text), "TOO_MANY_FIELDS", "TOO_MANY_FRAGMENTS")


async def fragment_cycle(target: Target) -> None:
    cycle = "{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }"
    refused(await target.ask(cycle), "FRAGMENT_CYCLE")
    refused(await target.ask("{ ...nobody }"), "UNKNOWN_FRAGMENT")


async def aliases(target: Target) -> None:
    member = target.name("m")
    await target.enroll(member)
    once = 'requestWithdrawal(input: {memberId: "%s", currency: "CNY", amountMinor: 1, idempotencyKey: "%d"})'
    for count in (2, 15, 16, 1000):
        body = " ".join(f"a{n}: {once % (member, n)} {{ __typename }}" for n in range(count))
        answer = await target.send({"query": f"mutation {{ {body} }}"})
        if answer.status != 413:
            refused(
                answer, "MONEY_MUTATION_NOT_ALONE", "TOO_MANY_ALIASES", "TOO_MANY_MUTATIONS", "GRAPHQL_PARSE_FAILED"
            )
    payouts = await target.ask("query ($m: String) { payouts(memberId: $m) { nodes { __typename } } }", m=member)
    assert payouts.one["nodes"] == []


async def nested_pages(target: Target) -> None:
    inner = "downline(first: 1000) { nodes { downline(first: 1000) { nodes { id } } } }"
    refused(await target.ask(f'{{ member(memberId: "a") {{ {inner} }} }}'), "TOO_COSTLY")
    query = "query ($n: Int!) { members(first: $n) { nodes { downline(first: $n) { nodes { id } } } } }"
    refused(await target.ask(query, n=100), "TOO_COSTLY")
    refused(await target.ask(query), "TOO_COSTLY")


async def page_sizes(target: Target) -> None:
    for first in ("-1", "0", str(2**31 - 1), "101"):
        refused(await target.ask(f"{{ members(first: {first}) {{ nodes {{ id }} }} }}"), "BAD_PAGE_SIZE")
    for first in ("null", "2147483648", '"1"', "1.0", "true"):
        refused(await target.ask(f"{{ members(first: {first}) {{ nodes {{ id }} }} }}"), "GRAPHQL_VALIDATION_FAILED")
    both = await target.ask("{ members(first: 1, last: 1) { nodes { id } } }")
    refused(both, "GRAPHQL_VALIDATION_FAILED")


async def batches(target: Target) -> None:
    refused(await target.send(b"[" + b",".join([PLANS] * 50) + b"]"), "BATCH_REFUSED", statuses=(400,))
    two = await target.send({"query": "query a { plans { id } } query b { plans { id } }"})
    refused(two, "GRAPHQL_VALIDATION_FAILED")


async def foreign_forms(target: Target) -> None:
    query = "?query=mutation%7Bsettle(input%3A%7B%7D)%7B__typename%7D%7D"
    assert (await target.send(b"", method="GET", path=f"/graphql{query}")).status in {400, 405}
    for kind in (
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/plain;application/json",
    ):
        answer = await target.send(PLANS, content_type=kind)
        refused(answer, "UNSUPPORTED_MEDIA_TYPE", statuses=(415,))
    for method in ("PUT", "DELETE", "PATCH"):
        assert (await target.send(PLANS, method=method)).status == 405


async def schema_leaks(target: Target) -> None:
    if target.member_token is None:
        return
    for query in (
        "{ __schema { types { name } } }",
        '{ __type(name: "Member") { name } }',
        "{ ...f } fragment f on Query { __schema { queryType { name } } }",
    ):
        refused(await target.ask(query, member=True), "INTROSPECTION_DISABLED")
    for query in (
        "{ membrs { id } }",
        '{ member(membrId: "a") { id } }',
        '{ member(memberId: "a") { nme } }',
        "{ ... on Membr { id } }",
    ):
        answer = await target.ask(query, member=True)
        refused(answer, "GRAPHQL_VALIDATION_FAILED")
        assert "Did you mean" not in answer.text
    wrong = await target.ask(
        "mutation ($i: EnrollMemberInput!) { enrollMember(input: $i) { __typename } }", member=True, i={"memberID": "a"}
    )
    assert "Did you mean" not in wrong.text


ATTACKS = [
    Attack(1, "a chain of fragments, each spreading the next twice", "refused", fragment_chain),
    Attack(2, "a cycle of fragments, an unknown one", "a GraphQL error", fragment_cycle),
    Attack(3, "1 000 aliases of requestWithdrawal", "refused, none executed", aliases),
    Attack(4, "nested downline(first: 1000)", "refused by cost", nested_pages),
    Attack(5, "first: -1, 0, 2^31-1, null; first and last", "a typed error", page_sizes),
    Attack(6, "a batch of 50; two operations without a name", "400", batches),
    Attack(7, "GET mutation, text/plain, url-encoded, multipart", "4xx, no effect", foreign_forms),
    Attack(8, "__schema, __type, misspelt names, as a member", "no schema, no suggestion", schema_leaks),
]

__all__ = ["ATTACKS", "JSON"]
