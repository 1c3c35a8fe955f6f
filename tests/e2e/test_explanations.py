"""Explanations as a client and as an operator ask for them, in both languages, and asked for wrongly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from commands import Shell, shell_at
from e2e.api_client import client
from network import accept, buys, chain, joins, plan, publish, refund, rewards, run_engine

if TYPE_CHECKING:
    from pathlib import Path

    from graph.local.servers import Addresses
    from graph.wiring import Services

EXPLAIN = """query ($id: ID!) { explainReward(id: $id) { rule slot planVersion planName state availableAt heldBy
  reward { rewardId } order { orderId } path { memberId } base { formatted }
  steps { code text formula amount { amountMinor } }
  entries { cause { code text } change { formatted } total { formatted } entry { cause } } } }"""
WHY = """query ($order: ID!, $member: ID) { whyNot(orderId: $order, memberId: $member) {
  level member { memberId } got { rule amount { formatted } } reasons { rule code text } } }"""


async def a_family(services: Services) -> str:
    """ada referred bo, who referred cy; bo's order filled ada's first slot; half was refunded. The rebate's id."""
    await publish(services, plan(three_for_one={"base": "referee"}, levels={"levels_bp": [1000]}), "family")
    await accept(services, *chain("ada", "bo", "cy"), joins("di", "ada"))
    await accept(services, buys("ada", 29_900), buys("bo", 10_000), buys("cy", 5_000), refund("o-bo", 4_000, "r12"))
    await run_engine(services)
    (rebate,) = [reward for reward in await rewards(services) if (reward.rule, reward.order_id) == ("rebate", "o-bo")]
    return rebate.reward_id


async def test_a_reward_is_explained_by_either_of_its_ids(store: Services) -> None:
    reward_id = await a_family(store)
    async with client(store) as api:
        explained = (await api.data(EXPLAIN, id=reward_id))["explainReward"]
        node = (await api.data('{ rewards(orderId: "o-bo") { nodes { id rewardId } } }'))["rewards"]["nodes"]
        (global_id,) = [row["id"] for row in node if row["rewardId"] == reward_id]
        assert (await api.data(EXPLAIN, id=global_id))["explainReward"] == explained
    assert (explained["rule"], explained["slot"], explained["planVersion"]) == ("REBATE", 1, 2)
    assert (explained["order"], explained["path"]) == (
        {"orderId": "o-bo"},
        [{"memberId": "bo"}, {"memberId": "ada"}],
    )
    assert [step["code"] for step in explained["steps"]] == ["ORDER_NET", "ANCHOR", "SLOT_DUE"]
    assert explained["steps"][-1] == {
        "code": "SLOT_DUE",
        "text": "Slot 1 of 3: 20 % of 60.00 CNY.",
        "formula": "R(6000*2000/10000)",
        "amount": {"amountMinor": "1200"},
    }
    accrual, clawback = explained["entries"]
    assert (accrual["change"], accrual["cause"]["code"]) == ({"formatted": "20.00 CNY"}, "BY_COMPLETION")
    assert clawback == {
        "cause": {"code": "BY_REFUND", "text": "refund r12 of 40.00 CNY of order o-bo"},
        "change": {"formatted": "-8.00 CNY"},
        "total": {"formatted": "12.00 CNY"},
        "entry": {"cause": "refund:r12"},
    }
    assert (explained["state"], explained["availableAt"]) == ("PENDING", "2026-01-08T12:00:00.000000Z")


async def test_why_somebody_got_nothing_in_the_language_of_the_request(store: Services) -> None:
    await a_family(store)
    async with client(store) as api:
        near, far = (await api.data(WHY, order="o-cy"))["whyNot"]
        assert (near["level"], near["member"], far["member"]) == (1, {"memberId": "bo"}, {"memberId": "ada"})
        assert near["got"] == [
            {"rule": "COMMISSION", "amount": {"formatted": "5.00 CNY"}},
            {"rule": "REBATE", "amount": {"formatted": "10.00 CNY"}},
        ]
        reasons = {reason["rule"]: reason for reason in far["reasons"]}
        assert reasons["COMMISSION"]["text"] == "Level 2; the plan pays 1."
        assert reasons["REBATE"]["code"] == "NOT_DIRECT_REFERRER"
        answer = await api.answer(WHY, {"order": "o-cy", "member": "ada"}, language="zh-CN")
        assert "只支付 1 层" in " ".join(reason["text"] for reason in answer["data"]["whyNot"][0]["reasons"])
        (outside,) = (await api.data(WHY, order="o-cy", member="di"))["whyNot"]
        assert (outside["level"], {reason["code"] for reason in outside["reasons"]}) == (None, {"NOT_IN_UPLINE"})
        assert (await api.data(WHY, order="o-ada"))["whyNot"] == []


@pytest.mark.parametrize(
    ("query", "variables", "code"),
    [
        (EXPLAIN, {"id": "0" * 32}, "UNKNOWN_REWARD"),
        (EXPLAIN, {"id": "UmV3YXJkOm5vbmU="}, "UNKNOWN_REWARD"),
        (EXPLAIN, {"id": "TWVtYmVyOmFkYQ=="}, "BAD_GLOBAL_ID"),
        (EXPLAIN, {"id": "none"}, "BAD_GLOBAL_ID"),
        (WHY, {"order": "none"}, "UNKNOWN_ORDER"),
        (WHY, {"order": "o-ada", "member": "nobody"}, "UNKNOWN_MEMBER"),
    ],
)
async def test_what_is_not_there_is_a_typed_error(
    store: Services, query: str, variables: dict[str, str], code: str
) -> None:
    await accept(store, joins("ada"), buys("ada", 100))
    async with client(store) as api:
        assert (await api.error(query, **variables))["extensions"]["code"] == code


@pytest.fixture
def shell(addresses: Addresses, store: Services, tmp_path: Path) -> Shell:
    return shell_at(addresses, tmp_path, LANG="C.UTF-8")


async def test_the_command_line_explains(store: Services, shell: Shell) -> None:
    reward_id = await a_family(store)
    answer = shell.ok("explain", reward_id)
    assert (answer["amount_minor"], answer["anchor_order_id"], answer["steps"][-1]["formula"]) == (
        1200,
        "o-ada",
        "R(6000*2000/10000)",
    )
    assert [entry["change_minor"] for entry in answer["entries"]] == [2000, -800]
    printed = shell.run("explain", reward_id).stdout
    assert printed.startswith(f"rebate of 12.00 CNY for ada (reward {reward_id})\n")
    assert "R(6000*2000/10000) = 12.00 CNY" in printed
    assert "refund r12 of 40.00 CNY of order o-bo" in printed
    assert "返利 12.00 CNY" in shell.run("explain", reward_id, "--lang", "zh-CN").stdout


async def test_the_command_line_says_why_not(store: Services, shell: Shell) -> None:
    await a_family(store)
    near, far = shell.ok("explain", "--order", "o-cy")["members"]
    assert [reward["amount_minor"] for reward in near["got"]] == [500, 1000]
    assert {reason["rule"]: reason["code"] for reason in far["reasons"]}["commission"] == "BEYOND_LEVELS"
    (alone,) = shell.ok("explain", "--order", "o-cy", "--member", "ada")["members"]
    assert alone == far
    printed = shell.run("explain", "--order", "o-cy", "--member", "ada").stdout
    assert "no commission: Level 2; the plan pays 1." in printed
    assert (
        "no differential, peer bonus, nearest bonus, monthly tier: Plan version 2 does not have this rule." in printed
    )


@pytest.mark.parametrize(
    ("words", "code", "status"),
    [
        (("0" * 32,), "UNKNOWN_REWARD", 1),
        (("--order", "none"), "UNKNOWN_ORDER", 1),
        (("--order", "o-ada", "--member", "none"), "UNKNOWN_MEMBER", 1),
        ((), "BAD_FILTER", 2),
        (("--member", "ada"), "BAD_FILTER", 2),
        (("0" * 32, "--order", "o-ada"), "BAD_FILTER", 2),
    ],
)
async def test_a_wrong_question_has_a_code(
    store: Services, shell: Shell, words: tuple[str, ...], code: str, status: int
) -> None:
    await accept(store, joins("ada"), buys("ada", 100))
    answer, exit_code = shell.answer("explain", *words)
    assert (answer["error"]["code"], exit_code) == (code, status)
