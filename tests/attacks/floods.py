"""27, 28: bytes that come slowly, in masses, or packed; and what an exception says."""

from __future__ import annotations

import asyncio
import gzip

from attacks.target import Attack, Target, refused

BODY = b'{"query": "{ plans { id } }"}'
CANARY = "canary-13800138000-bolt-password"


async def floods(target: Target) -> None:
    slow = asyncio.gather(*(target.raw(target.head(length=len(BODY)), BODY[:5]) for _ in range(20)))
    begun = asyncio.get_running_loop().time()
    assert (await target.send(BODY)).status == 200, "others are served meanwhile"
    assert asyncio.get_running_loop().time() - begun < 5
    for answer in await slow:
        refused(answer, "BODY_TOO_SLOW", statuses=(408,))
    await target.leave(target.head(length=len(BODY)) + BODY[:5])
    refused(await target.send(BODY.ljust(65_537)), "BODY_TOO_LARGE", statuses=(413,))
    chunked = target.head("transfer-encoding: chunked") + b"fff0\r\n" + b" " * 0xFFF0 + b"\r\n"
    refused(await target.raw(chunked, b"fff0\r\n" + b" " * 0xFFF0 + b"\r\n"), "BODY_TOO_LARGE", statuses=(413,))
    refused(
        await target.send(gzip.compress(b" " * 10_000_000), content_encoding="gzip"),
        "UNSUPPORTED_ENCODING",
        statuses=(415,),
    )


async def heads(target: Target) -> None:
    many = [f"x-{n}: {n}" for n in range(10_000)]
    assert (await target.raw(target.head(*many, length=len(BODY)) + BODY)).status in {0, 400, 431}
    some = [f"x-{n}: {n}" for n in range(200)]
    for body in (BODY, *[b" " * 500_000] * 10):  # who still sends hears why, too
        answer = await target.raw(target.head(*some, length=len(body)) + body)
        refused(answer, "HEADERS_TOO_LARGE", statuses=(431,))
    endless = [b"x-long: " + b"a" * 30_000, *[b"a" * 30_000] * 5]
    assert (await target.raw(target.head()[:-2], *endless, pause_s=0.05)).status in {0, 400, 431}
    twice = target.head("authorization: Bearer other", length=len(BODY)) + BODY
    refused(await target.raw(twice), "HEADER_REPEATED", statuses=(400,))
    both = target.head("transfer-encoding: chunked", length=len(BODY)) + BODY
    assert (await target.raw(both)).status in {0, 400}
    assert (await target.raw(b"\x00\x01\x02\r\n\r\n")).status in {0, 400}


async def floods_and_heads(target: Target) -> None:
    await floods(target)
    await heads(target)


async def canary(target: Target) -> None:
    """A server of the tests raises the canary where members are counted; any other just counts."""
    answer = await target.ask("{ members(first: 1) { totalCount } }")
    assert CANARY not in answer.text
    if target.log is not None:
        refused(answer, "INTERNAL")
        assert answer.json["errors"][0]["extensions"]["requestId"] in target.log()
        assert CANARY not in target.log()


ATTACKS = [
    Attack(
        27,
        "slow bodies, 64 KB + 1, 10 000 headers, a packed bomb, two Authorization headers",
        "408, 413, 431, 415, 400",
        floods_and_heads,
    ),
    Attack(28, "a canary inside an exception", "in no answer, in no log", canary),
]
