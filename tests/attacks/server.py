"""A real server to attack: uvicorn on loopback over the servers that the environment names.

Tokens are words here, `staff` or `member:ada`; and counting members raises a canary.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from api.app import create_app
from attacks.floods import CANARY
from graph.commands.http import serve_api
from graph.members import MemberId
from graph.principals import STAFF, Principal, Role
from graph.settings import Settings
from graph.store.members import MemberStore
from graph.wiring import open_services

if TYPE_CHECKING:
    from collections.abc import Mapping


async def by_word(headers: Mapping[str, str]) -> Principal:
    word = headers.get("authorization", "").removeprefix("Bearer ")
    if word.startswith("member:"):
        return Principal(word, frozenset({Role.MEMBER}), MemberId(word.removeprefix("member:")))
    return Principal("staff", STAFF | {Role.INGEST})


async def raise_canary(_self: MemberStore) -> int:
    raise RuntimeError(CANARY)


async def main() -> None:
    logging.basicConfig(level=logging.INFO)
    MemberStore.count = raise_canary  # type: ignore[method-assign]
    async with (
        open_services(Settings()) as services,
        serve_api(services, "127.0.0.1", 0, lambda them: create_app(them, by_word)) as url,
    ):
        print(url, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
