"""A real server to attack: uvicorn on loopback over the servers that the environment names, and the engine beside it.

Counting members raises a canary.
"""

from __future__ import annotations

import asyncio
import logging

from attacks.floods import CANARY
from graph.commands.http import serve_api
from graph.settings import Settings
from graph.store.members import MemberStore
from graph.wiring import open_services


async def raise_canary(_self: MemberStore) -> int:
    raise RuntimeError(CANARY)


async def main() -> None:
    logging.basicConfig(level=logging.INFO)
    MemberStore.count = raise_canary  # type: ignore[method-assign]
    async with (
        open_services(Settings()) as services,
        serve_api(services, "127.0.0.1", 0) as url,
    ):
        print(url, flush=True)
        stop = asyncio.Event()
        await asyncio.gather(*(role.run(stop) for role in (services.relay(), services.sequencer(), services.worker())))


if __name__ == "__main__":
    asyncio.run(main())
