"""How fast is each stage of the road of a fact, and how much memory does each process take?

Runs the product's own commands on fresh local servers, one stage after the other, and prints the rates:

    python bench/road.py --members 100000 --orders 300000 --plan three-for-one-two-level

Each role runs in a process of its own. "accept" is `threefold import` while nothing else runs, "number" the relay
alone, "reward" the workers with the relay announcing, under the audit. Last, orders come in at half the rate just
measured, and each is timed from its acceptance to the sealing of the transaction that paid it.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import random
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from product import add_arguments, cli, fresh_servers, measured, role, show, status, until

from graph.engine.progress import drain
from graph.orders import OrderId, OrderStatus, Purchase
from graph.settings import Settings
from graph.wiring import open_services

if TYPE_CHECKING:
    from pathlib import Path

    from graph.wiring import Services

TICKS = 10
COMPLETED = OrderStatus.COMPLETED


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_arguments(parser, members=100_000, orders=300_000)
    parser.add_argument("--plan", default="three-for-one-two-level", help="a preset, or a file")
    parser.add_argument("--half-load-s", type=int, default=30, help="seconds of orders at half load; 0 for none")
    asked = parser.parse_args()
    with fresh_servers(asked.heap_mb) as folder:
        run_road(folder, asked)


def run_road(folder: Path, asked: argparse.Namespace) -> None:
    print(f"plan {asked.plan}")
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"{machine}, Neo4j heap {asked.heap_mb} MiB, {asked.workers} worker process(es)")
    peaks: dict[str, int] = {}
    cli("migrate")
    files = folder / "seeded"
    cli("seed", "--members", asked.members, "--orders", asked.orders, "--seed", asked.seed, "-o", files)
    cli("plan", "publish", asked.plan)
    for what, count in (("members", asked.members), ("orders", asked.orders)):
        done, peaks[f"import of {what}"] = measured("import", f"--{what}", files / f"{what}.csv")
        show(f"accept {what}", count, done["seconds"][what])
    facts = asked.members + asked.orders + 1
    with role(peaks, "relay"):
        show("number facts", facts, until(lambda: status()["waiting"] == 0))
        before = asyncio.run(nodes())
        with role(peaks, *["worker"] * asked.workers):
            seconds = until(lambda: status()["applied"] >= facts)
            show("reward orders", asked.orders, seconds)
            show("nodes written", asyncio.run(nodes()) - before, seconds)
            rewards = cli("export", "rewards", "-o", folder / "rewards.csv")["rows"]
            show("rewards", rewards, seconds)
            if asked.half_load_s:
                asyncio.run(half_load(asked, asked.orders / seconds / 2))
    print(f"{rewards / asked.orders:.2f} rewards an order")
    print("peak memory: " + ", ".join(f"{name} {mib} MiB" for name, mib in peaks.items()))


async def nodes() -> int:
    """How many nodes the store holds."""
    async with open_services(Settings()) as services, services.database.driver.session() as session:
        result = await session.run("MATCH (n) RETURN count(n) AS nodes")
        return int((await result.single(strict=True))["nodes"])


async def half_load(asked: argparse.Namespace, rate: float) -> None:
    """Accepts orders at a steady rate, ten times a second, whatever the rest does; then reads how long each took."""
    async with open_services(Settings()) as services:
        chance = random.Random(asked.seed)  # noqa: S311  reproducible, not secret
        clock, first = services.clock(), await services.log.position()
        members = [member.member_id for member in await services.members.page("", 10_000)]
        began, late = time.monotonic(), 0.0
        for tick in range(asked.half_load_s * TICKS):
            moment = datetime.now(UTC)
            wishes = [
                (row, Purchase(OrderId(f"half-{tick}-{row}"), chance.choice(members), 9_900, "CNY", COMPLETED, moment))
                for row in range(round(rate / TICKS))
            ]
            await services.orders.accept(wishes, await clock.stamp())
            ahead = began + (tick + 1) / TICKS - time.monotonic()
            late = max(late, -ahead)
            await asyncio.sleep(max(0.0, ahead))
        await drain(services.log, lambda _: None, 120)
        took = await posted_after(services, first.seq)
    print(
        f"at {rate:.0f} orders a second for {asked.half_load_s} s, acceptance to posted: "
        f"p50 {took[len(took) // 2]} ms, p99 {took[len(took) * 99 // 100]} ms, worst {took[-1]} ms "
        f"of {len(took)} entries; the feeder was late by {late:.1f} s"
    )


async def posted_after(services: Services, seq: int) -> list[int]:
    """Milliseconds from the stamp of an order to the seal of each of its entries, sorted."""
    text = """
        MATCH (event:Event {kind: 'OrderCompleted'}) WHERE event.seq > $seq
        MATCH (reward:Reward {order_seq: event.seq})<-[:OF]-(entry:Entry)
        WHERE entry.cause STARTS WITH 'completion:half-'
        MATCH (link:AuditLink {id: entry.link})
        RETURN datetime(link.at).epochMillis - event.accepted_us / 1000 AS ms"""
    async with services.database.driver.session() as session:
        result = await session.run(text, seq=seq)
        return sorted([int(row["ms"]) async for row in result])


if __name__ == "__main__":
    main()
