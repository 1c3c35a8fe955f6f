"""Python's gql through the steps of `steps.mjs`; runs in .venv-clients, where gql is."""

from __future__ import annotations

import asyncio
import json
import os
import traceback
from pathlib import Path
from typing import Any

from gql import gql
from gql.transport.exceptions import TransportError
from recipes.gql_client import over_http, over_socket

URL, TOKEN, BAD_TOKEN = os.environ["THREEFOLD_URL"], os.environ["THREEFOLD_TOKEN"], "nobody"
STEPS = (Path(__file__).parent / "steps.mjs").read_text(encoding="utf-8")
WITHIN_S = 90


def document(name: str) -> Any:
    """A document of `steps.mjs`, with the variables that follow it."""
    text = STEPS.split(f"export const {name} = ", 1)[1]
    return gql(text[1:].split(text[0], 1)[0])


async def ask(name: str, token: str = TOKEN, **variables: object) -> dict[str, Any]:
    asked = document(name)
    asked.variable_values = variables
    async with over_http(URL, token) as session:
        return await session.execute(asked)


async def query() -> None:
    assert (await ask("QUERY", id="gql-b"))["member"]["depth"] == 1


async def refusal() -> None:
    answer = await ask("ENROLL", input={"memberId": "gql-b", "referrerId": "gql-b"})
    assert answer["enrollMember"]["__typename"] == "SelfReferralError"


async def pages() -> None:
    first = (await ask("PAGE", first=2))["members"]
    second = (await ask("PAGE", first=2, after=first["pageInfo"]["endCursor"]))["members"]
    assert len({edge["node"]["memberId"] for edge in [*first["edges"], *second["edges"]]}) == 4


async def unauthenticated() -> None:
    fault: Exception | None = None
    try:
        await ask("QUERY", BAD_TOKEN, id="gql-b")
    except TransportError as found:
        fault = found
    assert "401" in str(fault) or "UNAUTHENTICATED" in str(fault), fault


async def subscription() -> None:
    asked = document("WATCH")
    asked.variable_values = {"id": "gql-a"}
    async with over_socket(URL, TOKEN) as session:
        posted = asyncio.ensure_future(anext(session.subscribe(asked)))
        await asyncio.sleep(2)
        order = {"orderId": "gql-2", "memberId": "gql-b", "amountMinor": 29900, "currency": "CNY"}
        answer = await ask("COMPLETE", input=order | {"completedAt": "2026-01-02T12:00:00Z"})
        assert answer["completeOrder"]["__typename"] == "CompleteOrderSuccess", answer
        found = (await posted)["rewardPosted"]
    assert (found["amount"]["amountMinor"], found["reward"]["rule"], found["missed"]) == ("5980", "REBATE", False)


async def main() -> None:
    for step in (query, refusal, pages, unauthenticated, subscription):
        problem = None
        try:
            async with asyncio.timeout(WITHIN_S):
                await step()
        except Exception:
            problem = traceback.format_exc()
        print(json.dumps({"client": "gql", "step": step.__name__, "problem": problem}), flush=True)


asyncio.run(main())
