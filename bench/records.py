"""How much sooner does an answer arrive in one record than in one record a row? (decision 0003)

    python bench/records.py

Both forms of the same declared query are asked in turn, on the same server, and the ratio of their medians is printed.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from typing import TYPE_CHECKING

from product import fresh_servers

from graph.exchange.importing import Import
from graph.exchange.rejects import Rejects
from graph.settings import Settings
from graph.store.queries import load
from graph.wiring import Services, open_services
from seeds.generator import write_network

if TYPE_CHECKING:
    from pathlib import Path

QUERY = load("upline/chain")
ROUNDS = 30
SIZES = (1, 10, 100, 1000)


async def main(folder: Path) -> None:
    async with open_services(Settings()) as services:
        await services.migrate()
        write_network(folder, 2_000, 0, 7)
        rejects = Rejects(folder / "rejected.csv")
        await Import(services, rejects, lambda *_: None).import_members(folder / "members.csv")
        print("members asked  rows  a record a row  one record  ratio")
        for size in SIZES:
            await compare(services, size)


async def compare(services: Services, size: int) -> None:
    params = {"member_ids": [f"m{number:07d}" for number in range(500, 500 + size)], "max_level": 3}
    plain, gathered, rows = [], [], 0
    async with services.database.driver.session() as session:
        for _ in range(ROUNDS):
            began = time.perf_counter()
            rows = len(await (await session.run(QUERY.text, params)).values())
            plain.append(time.perf_counter() - began)
            began = time.perf_counter()
            assert len(await services.database.rows(QUERY, **params)) == rows
            gathered.append(time.perf_counter() - began)
    a, b = statistics.median(plain), statistics.median(gathered)
    print(f"{size:13}  {rows:4}  {a * 1e3:11.1f} ms  {b * 1e3:7.1f} ms  {a / b:5.1f}")


if __name__ == "__main__":
    with fresh_servers() as home:
        asyncio.run(main(home))
