"""`threefold up` as a newcomer meets it: ready, answering the README's query as the README says, gone on Ctrl-C."""

from __future__ import annotations

import json
import os
import re
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from access import STAFF_OF_TESTS, bearer
from commands import Shell, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
READMES = ("README.md", "README.zh-CN.md")


class Up:
    """A running `threefold up --demo`, in a home of its own."""

    def __init__(self, home: Path) -> None:
        self.shell = Shell({"THREEFOLD_HOME": str(home), "THREEFOLD_API_PORT": "0", "MARK_OF_A_TEST": str(home)})
        self.log = home.with_suffix(".log")
        with self.log.open("w") as log:
            self.process = self.shell.start("up", "--demo", stdout=log, stderr=log, start_new_session=True)
        wait_until(lambda: "Threefold is ready" in self.log.read_text() or self.process.poll() is not None, 180)
        assert self.process.poll() is None, self.log.read_text()
        self.api = str(self.shell.ok("status")["api"])
        roles = [word for role in STAFF_OF_TESTS for word in ("--role", role)]
        self.token = self.shell.run("token", *roles).stdout.strip()

    def ask(self, query: str) -> Any:
        return httpx.post(f"{self.api}/graphql", json={"query": query}, headers=bearer(self.token)).json()

    def left(self) -> list[str]:
        """The processes that carry this run's mark in their environment."""
        mark = f"MARK_OF_A_TEST={self.shell.env['MARK_OF_A_TEST']}".encode()
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (folder / "environ").read_bytes():
                    found.append((folder / "cmdline").read_text())
            except OSError:
                continue
        return found


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    running = Up(tmp_path_factory.mktemp("up") / "home")
    yield running
    if running.process.poll() is None:
        running.process.send_signal(signal.SIGINT)
        running.process.wait(60)


@pytest.mark.parametrize("name", READMES)
def test_the_readme_answers_what_it_says(up: Up, name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    query, answer = re.search(r'\{"query":\s*("(?:[^"\\]|\\.)*")\}.*?```json\n(.*?)\n```', text, re.DOTALL).groups()  # type: ignore[union-attr]
    assert up.ask(json.loads(query))["data"] == json.loads(answer)["data"]  # what it cost stands beside it


def test_a_client_brings_a_member_and_an_order_and_sees_the_reward(up: Up) -> None:
    enrol = 'mutation { enrollMember(input: {memberId: "mia", referrerId: "cleo"}) { __typename } }'
    order = """mutation { completeOrder(input: {orderId: "O-2", memberId: "mia", amountMinor: 5000, currency: "CNY",
      completedAt: "2026-02-01T00:00:00Z"}) { __typename ... on UserError { code } } }"""
    assert up.ask(enrol)["data"]["enrollMember"]["__typename"] == "EnrollMemberSuccess"
    assert up.ask(order)["data"]["completeOrder"]["__typename"] == "CompleteOrderSuccess"
    asked = '{ rewards(memberId: "cleo", first: 1) { nodes { amount { formatted } slot } } }'
    paid = [{"amount": {"formatted": "89.70 CNY"}, "slot": 2}]
    wait_until(lambda: up.ask(asked)["data"]["rewards"]["nodes"] == paid, 30)


def test_the_link_lets_an_analyst_in_and_nobody_else(up: Up) -> None:
    address, text = re.search(r"(http://\S+/graphql)#token=(\S+)", up.log.read_text()).groups()  # type: ignore[union-attr]
    query = {"query": '{ member(memberId: "ada") { name } }'}
    assert httpx.post(address, json=query, headers=bearer(text)).json()["data"]["member"]
    assert httpx.post(address, json=query).status_code == 401
    assert httpx.get(address, headers={"accept": "text/html"}).status_code == 200


def test_a_second_up_says_who_holds_the_home(up: Up) -> None:
    done = up.shell.run("up")
    assert done.returncode == 3
    assert f"process {up.process.pid}" in done.stderr


def test_a_port_in_use_is_named(up: Up, tmp_path: Path) -> None:
    port = up.api.rsplit(":", 1)[1]
    done = up.shell.run("serve", "--port", port)
    assert done.returncode == 3
    assert f"Port {port}" in done.stderr
    assert "--port" in done.stderr


def test_status_and_doctor_find_it(up: Up) -> None:
    assert up.shell.ok("status")["ready"] is True
    assert up.shell.ok("doctor")["ok"] is True


def test_an_earlier_plan_comes_into_force_again(up: Up) -> None:
    versions = [up.shell.ok("plan", "publish", name)["version"] for name in ("two-level", "three-for-one", "two-level")]
    assert versions == [2, 3, 4]
    assert up.shell.ok("plan", "publish", "two-level")["version"] == 4
    assert up.shell.ok("plan", "publish", "three-for-one", "--key", "k")["version"] == 5
    again = up.shell.ok("plan", "publish", "three-for-one", "--key", "k")
    assert (again["version"], again["newest"]) == (5, 5)


def test_a_wrong_second_file_leaves_the_first_alone(up: Up, tmp_path: Path) -> None:
    members, orders = tmp_path / "members.csv", tmp_path / "orders.csv"
    members.write_text("member_id,referrer_id,joined_at\nnobody,,2026-01-01T00:00:00Z\n")
    orders.write_text("order_id\n")
    done = up.shell.run("import", "--members", members, "--orders", orders, "--rejected", tmp_path / "rejected.csv")
    assert done.returncode == 2
    assert up.ask('{ member(memberId: "nobody") { name } }')["data"] == {"member": None}


def test_exports_go_to_ordinary_files_in_the_format_of_their_name(up: Up, tmp_path: Path) -> None:
    assert up.shell.run("export", "members", "-o", "/dev/null").returncode == 2
    assert Path("/dev/null").is_char_device()
    up.shell.ok("export", "members", "-o", tmp_path / "members.parquet")
    assert (tmp_path / "members.parquet").read_bytes()[:4] == b"PAR1"


def test_a_terminals_ctrl_c_leaves_no_process(up: Up) -> None:
    assert up.left()
    os.killpg(up.process.pid, signal.SIGINT)
    assert up.process.wait(60) == 0
    wait_until(lambda: not up.left(), 10)
    answer, code = up.shell.answer("status")
    assert (code, answer["ready"], answer["code"]) == (3, False, "DATABASE_UNAVAILABLE")


def test_data_survive_and_sigkill_leaves_no_process(up: Up) -> None:
    again = Up(Path(up.shell.env["THREEFOLD_HOME"]))
    kept = again.ask('{ member(memberId: "mia") { referrer { memberId } } }')
    assert kept["data"] == {"member": {"referrer": {"memberId": "cleo"}}}
    again.process.kill()
    again.process.wait()
    wait_until(lambda: not again.left(), 30)


def test_wrong_words_are_usage_errors(tmp_path: Path) -> None:
    shell = Shell({"THREEFOLD_HOME": str(tmp_path)})
    for words in (
        ["import"],
        ["export", "nothing", "-o", "x"],
        ["settle", "--as-of", "tomorrow"],
        ["plan", "check", "no"],
    ):
        done = shell.run(*words)
        assert done.returncode == 2, (words, done.stderr)
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PARTITIONS", "many"),
        ("NEO4J_URI", "nowhere"),
        ("NEO4J_URI", "http://127.0.0.1:7474"),
        ("REDIS_URL", "nowhere"),
        ("API_PORT", "99999"),
    ],
)
def test_a_setting_that_cannot_be_read_is_named(name: str, value: str) -> None:
    env = {"THREEFOLD_NEO4J_URI": "bolt://127.0.0.1:1", "THREEFOLD_REDIS_URL": "redis://127.0.0.1:1"}
    done = Shell(env | {f"THREEFOLD_{name}": value}).run("drain")
    assert done.returncode == 2
    assert f"THREEFOLD_{name}" in done.stderr
    assert "Traceback" not in done.stderr
