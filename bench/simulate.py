"""How long does `threefold plan simulate` take, and how much memory?

    python bench/simulate.py --members 300000 --orders 1000000

Fills a fresh local store once by the product's own commands (seed, import, relay, workers; for a million orders that is
the longer part by far), then simulates each of some plans. `--unrewarded` leaves out the workers: the baseline is then
empty, which costs the simulation less to read. Memory is that of the command with its processes, Neo4j apart.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

from product import THREEFOLD, add_arguments, cli, fresh_servers, peak_mib, role, show, status, until

if TYPE_CHECKING:
    from collections.abc import Iterator

RANKS = [
    {"name": name, "min_direct": direct, "min_team_volume_minor": volume, "rate_bp": rate}
    for name, direct, volume, rate in (("V1", 3, 500_000, 500), ("V2", 6, 5_000_000, 1000), ("V3", 9, 50_000_000, 1500))
]
MORE = {
    "every-order-banked": {"three_for_one": {"qualify": "every_order", "base": "min", "bank": "keep"}},
    "capped": {"three_for_one": {}, "levels": {"levels_bp": [1000, 500]}, "max_payout_bp": 4000},
    "ranks": {"three_for_one": {}, "team": {"ranks": RANKS, "peer_bp": 1000}, "acknowledge_multi_level": True},
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_arguments(parser, members=300_000, orders=1_000_000)
    parser.add_argument("--refunds", type=int, default=50_000)
    parser.add_argument("--unrewarded", action="store_true")
    asked = parser.parse_args()
    with fresh_servers(asked.heap_mb) as folder:
        fill(folder / "seeded", asked)
        for plan in plans(folder):
            simulate(plan, asked.orders)


def plans(home: Path) -> Iterator[object]:
    yield "three-for-one"
    yield "three-for-one-two-level"
    for name, rules in MORE.items():
        file = home / f"{name}.json"
        file.write_text(json.dumps({"name": name, **rules}))
        yield file


def fill(files: Path, asked: argparse.Namespace) -> None:
    cli("migrate")
    counts = ("--members", asked.members, "--orders", asked.orders, "--refunds", asked.refunds)
    cli("seed", *counts, "--seed", asked.seed, "-o", files)
    tables = ("members", "orders", *(["refunds"] if asked.refunds else []))
    done = cli("import", *(word for name in tables for word in (f"--{name}", files / f"{name}.csv")))
    facts = sum(done["new"].values())
    show("accept facts", facts, sum(done["seconds"].values()))
    peaks: dict[str, int] = {}
    with role(peaks, "relay"):
        show("number facts", facts, until(lambda: status()["waiting"] == 0))
        if not asked.unrewarded:
            with role(peaks, *["worker"] * asked.workers):
                show("reward facts", facts, until(lambda: status()["applied"] >= facts))


def simulate(plan: object, orders: int) -> None:
    began = time.monotonic()
    command = subprocess.Popen([*THREEFOLD, "plan", "simulate", str(plan), "--json"], stdout=subprocess.PIPE, text=True)
    peak: dict[int, int] = {}
    while command.poll() is None:
        for pid in (command.pid, *children(command.pid)):
            peak[pid] = max(peak.get(pid, 0), peak_mib(pid))
        try:
            answer, _ = command.communicate(timeout=0.2)
        except subprocess.TimeoutExpired:
            continue
    seconds = time.monotonic() - began
    if command.returncode:
        raise SystemExit(f"plan simulate failed with {command.returncode}")
    assert json.loads(answer)["orders"] == orders
    memory = " + ".join(str(mib) for mib in peak.values())
    name = Path(str(plan)).stem
    print(f"{name:26} {seconds:6.1f} s  {orders / seconds:8.0f} orders a second  peak {memory} MiB", flush=True)


def children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


if __name__ == "__main__":
    main()
