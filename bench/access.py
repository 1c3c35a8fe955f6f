"""What access control and the guard cost: the dashboard query as it is shipped, beside the same without them.

    python bench/access.py [--members N] [--orders N] [--seconds S] [--rounds R]

One network, and one server process each: "bare" executes the same schema over the same stores for whoever asks, with
Strawberry's own caches of documents; "shipped" is what `threefold serve` runs: headers, token, limits, cost, budget,
deadline, policies, sight. They are asked in turns, in rounds, by the same clients over loopback. Throughput is requests
a second with the server busy; "CPU" is what its process used a request. A member's question is asked of the shipped one
only: bare knows nobody. Prints ratios; exits 1 where the shipped one keeps less than 75 % for staff.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import orjson
import product
import strawberry
import uvicorn
from fastapi import FastAPI
from strawberry.extensions import ParserCache, ValidationCache
from strawberry.fastapi import GraphQLRouter
from strawberry.schema.config import StrawberryConfig

from api.app import create_app
from api.context import Context, Installation
from api.guard.guard import Guard
from api.messages import Language
from api.scalars import SCALARS
from api.schema import Mutation, Query, schema
from api.subscriptions.gate import Proof
from api.subscriptions.hub import Hub
from graph.access.opening import sign_token
from graph.commands.http_protocol import BoundedHttp
from graph.members import MemberId
from graph.principals import STAFF, Principal, Role
from graph.settings import Settings
from graph.wiring import open_services

if TYPE_CHECKING:
    from collections.abc import Iterator

DASHBOARD = """query ($memberId: String!) { team(memberId: $memberId) {
  size direct levels { level members orders volume { formatted } } volume { amountMinor currency } asOf
  rewards { currency pending { formatted } available { formatted } } } }"""
KEPT = 0.75
CLIENTS, ASKED = 8, 50
TICKS = os.sysconf("SC_CLK_TCK")


class Router(GraphQLRouter[Context, None]):
    """Strawberry's own, with the encoder of ours."""

    def encode_json(self, data: object) -> bytes:
        return orjson.dumps(data)


def bare_app(services: Any) -> Any:  # noqa: ANN401
    """The same resolvers, without anything that asks who, or how much."""
    guard = Guard(schema.core, services.settings, services.budgets)
    installation = Installation(services, guard, Hub(services.announcements), services.clock(), b"k" * 32)
    anybody: Any = Proof(None, Principal("anybody", STAFF), None, 0)  # type: ignore[arg-type]

    def context() -> Context:
        made = Context(installation, Language.EN)
        made.admit(anybody)
        return made

    plain = strawberry.Schema(
        Query, Mutation, extensions=[ParserCache, ValidationCache], config=StrawberryConfig(scalar_map=SCALARS)
    )
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(Router(plain, context_getter=context), prefix="/graphql")
    return app


async def serve(kind: str) -> None:
    """One server on a free port, which it prints."""
    async with open_services(Settings()) as services:
        app, http = (create_app(services), BoundedHttp) if kind == "shipped" else (bare_app(services), "httptools")
        listener = socket.create_server(("127.0.0.1", 0))
        print(listener.getsockname()[1], flush=True)
        await uvicorn.Server(uvicorn.Config(app, http=http, log_level="warning")).serve([listener])


@dataclass(frozen=True, slots=True)
class Served:
    """A server process and who asks it."""

    process: subprocess.Popen[str]
    port: int
    token: str

    def cpu_s(self) -> float:
        """What its process has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def request(self, member_id: str) -> bytes:
        body = json.dumps({"query": DASHBOARD, "variables": {"memberId": member_id}}).encode()
        head = (
            f"POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
            f"authorization: Bearer {self.token}\r\ncontent-length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


@contextmanager
def server(kind: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    child = subprocess.Popen([sys.executable, __file__, "--serve", kind], stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout
        yield child, int(child.stdout.readline())
    finally:
        child.terminate()
        child.wait()


async def load(served: Served, members: list[str], seconds: float) -> tuple[float, float]:
    """Requests a second, and the server's CPU milliseconds a request, with all clients asking without a pause."""
    ends = time.monotonic() + seconds

    async def client(number: int) -> int:
        reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
        count = 0
        while time.monotonic() < ends:
            writer.write(served.request(members[(number * 7 + count) % len(members)]))
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
            body = await reader.readexactly(length)
            assert b'"size"' in body, body[:300]
            count += 1
        writer.close()
        return count

    began, used = time.monotonic(), served.cpu_s()
    done = sum(await asyncio.gather(*map(client, range(CLIENTS))))
    return done / (time.monotonic() - began), (served.cpu_s() - used) * 1000 / done


async def teams() -> list[str]:
    """Members with a team of an ordinary size."""
    async with open_services(Settings()) as services:
        found = (await services.members.all())[:2000]
        sizes = await services.teams.by_members([member.member_id for member in found])
    ordinary = sorted((team.size, key) for key, team in sizes.items() if 10 <= team.size <= 200)
    return [key for _, key in ordinary[:ASKED]]


def token(principal: Principal) -> str:
    return sign_token(Settings(), principal, timedelta(hours=1))


def compare(
    kinds: dict[str, Served], members: list[str], rounds: int, seconds: float
) -> dict[str, tuple[float, float]]:
    """The medians of each, asked in turns."""
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in kinds}
    for number in range(rounds + 1):
        for name, served in kinds.items():
            measured = asyncio.run(load(served, members[:1] if name == "member" else members, seconds))
            if number:  # the first warms up
                found[name].append(measured)
    return {name: (median(r for r, _ in rows), median(c for _, c in rows)) for name, rows in found.items()}


def fill(folder: Path, options: argparse.Namespace) -> None:
    """A network, its orders, and what the engine makes of them."""
    product.cli("migrate")
    size = ("--members", options.members, "--orders", options.orders, "--seed", options.seed)
    product.cli("seed", *size, "-o", folder / "files")
    for what in ("members", "orders"):
        product.cli("import", f"--{what}", folder / "files" / f"{what}.csv")
    with product.role({}, "relay", "worker"):
        product.cli("drain")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    product.add_arguments(parser, members=20_000, orders=20_000)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--serve", choices=("bare", "shipped"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        asyncio.run(serve(options.serve))
        return
    os.environ |= {"THREEFOLD_BUDGET_POINTS": "1000000000", "THREEFOLD_BUDGET_RESTORE_PER_S": "100000000"}
    with product.fresh_servers(options.heap_mb) as folder, ExitStack() as stack:
        fill(folder, options)
        members = asyncio.run(teams())
        staff = token(Principal("ana", frozenset({Role.ANALYST})))
        member = token(Principal("mia", frozenset({Role.MEMBER}), MemberId(members[0])))
        bare, shipped = stack.enter_context(server("bare")), stack.enter_context(server("shipped"))
        kinds = {"bare": Served(*bare, staff), "shipped": Served(*shipped, staff), "member": Served(*shipped, member)}
        found = compare(kinds, members, options.rounds, options.seconds)
    for name, (rate, cpu) in found.items():
        print(f"{name:8} {rate:7.0f} requests/s  {cpu:6.3f} ms CPU  {rate / found['bare'][0]:.2f} of bare")
    if found["shipped"][0] < KEPT * found["bare"][0]:
        raise SystemExit("What is shipped keeps too little of the throughput.")


if __name__ == "__main__":
    main()
