"""What a member sees who may see one level below themself: near, masked, and nothing of what is too deep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
from access_network import a_forest
from conftest import empty
from e2e.api_client import Client, client

from graph.members import MemberId
from graph.principals import Principal, Role
from graph.wiring import open_services

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from graph.local.servers import Addresses
    from graph.settings import Settings

WITHDRAW = """mutation ($input: RequestWithdrawalInput!) { requestWithdrawal(input: $input) { __typename
  ... on UserError { code } ... on IdempotencyConflictError { idempotencyKey differing }
  ... on RequestWithdrawalSuccess { payout { payoutId amount { amountMinor } member { memberId } } } } }"""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def api(settings: Settings, migrated: Addresses) -> AsyncIterator[Client]:
    """root ← ulla ← vera ← dora ← dina ← dill, and strangers; a member sees one level."""
    async with open_services(settings.model_copy(update={"member_depth": 1}), migrated) as services:
        await empty(services)
        await a_forest(services)
        async with client(services) as of_clerk:
            yield of_clerk


async def test_what_is_too_deep_is_as_if_it_did_not_exist(api: Client) -> None:
    query = """{ vera: member(memberId: "vera") { downline(maxLevel: 1000) { nodes { memberId } }
        team { size direct levels { level members } volume { formatted } active(days: 366)
          trend(days: 366) { orders } } }
      dora: member(memberId: "dora") { downline { nodes { memberId } } team { size active(days: 366) trend { day } } }
      dina: member(memberId: "dina") { memberId } }"""
    seen = await api.of_member("vera").data(query)
    assert seen["vera"] == {
        "downline": {"nodes": [{"memberId": "dora"}]},
        "team": {
            "size": 1,
            "direct": 1,
            "levels": [{"level": 1, "members": 1}],
            "volume": [{"formatted": "99.00 CNY"}],
            "active": 1,
            "trend": [{"orders": 1}],
        },
    }
    assert seen["dora"] == {"downline": {"nodes": []}, "team": {"size": 0, "active": 0, "trend": []}}
    assert seen["dina"] is None
    whole = await api.data(query)
    assert (whole["vera"]["team"]["size"], whole["vera"]["team"]["active"]) == (3, 3)
    assert len(whole["dora"]["downline"]["nodes"]) == 2


async def test_names_are_masked_and_depths_are_counted_from_the_viewer(api: Client) -> None:
    query = """{ vera: member(memberId: "vera") { name depth referrer { memberId }
        upline { level displayName member { memberId } } }
      dora: member(memberId: "dora") { name depth referrer { name } upline { displayName member { memberId } } } }"""
    seen = await api.of_member("vera").data(query)
    assert seen["vera"] == {
        "name": "Vera Long",
        "depth": 0,
        "referrer": None,
        "upline": [
            {"level": 1, "displayName": "U*** L***", "member": None},
            {"level": 2, "displayName": "R*** L***", "member": None},
        ],
    }
    assert seen["dora"] == {
        "name": "D*** L***",
        "depth": 1,
        "referrer": {"name": "Vera Long"},
        "upline": [
            {"displayName": "Vera Long", "member": {"memberId": "vera"}},
            {"displayName": "U*** L***", "member": None},
            {"displayName": "R*** L***", "member": None},
        ],
    }
    staff = await api.data(query)
    assert (staff["vera"]["name"], staff["vera"]["depth"], staff["vera"]["referrer"]) == (
        "V*** L***",
        2,
        {"memberId": "ulla"},
    )
    assert staff["dora"]["upline"][1] == {"displayName": "U*** L***", "member": {"memberId": "ulla"}}


async def reward_of(api: Client, order: str) -> dict[str, Any]:
    query = '{ rewards(memberId: "vera") { nodes { rewardId rule orderId path order { orderId } level } } }'
    rows = (await api.data(query))["rewards"]["nodes"]
    return next(row for row in rows if row["orderId"] == order)


async def test_money_from_too_deep_is_explained_without_its_buyer(api: Client) -> None:
    vera = api.of_member("vera")
    reward = await reward_of(vera, "o-dina")
    assert (reward["path"], reward["order"], reward["level"]) == (["dora", "vera"], None, 2)
    query = """query ($id: ID!) { explainReward(id: $id) { order { orderId } path { memberId } base { amountMinor }
      steps { text } entries { cause { text } entry { entryId } } } }"""
    told = (await vera.data(query, id=reward["rewardId"]))["explainReward"]
    assert (told["order"], told["path"]) == (None, [{"memberId": "dora"}, {"memberId": "vera"}])
    assert told["steps"][0]["text"] == "Order o-dina of ***: 100.00 CNY paid, 1.00 CNY refunded."
    assert told["base"] == {"amountMinor": "9900"}
    assert all(row["entry"] for row in told["entries"])
    near = (await vera.data(query, id=(await reward_of(vera, "o-dora"))["rewardId"]))["explainReward"]
    assert near["steps"][0]["text"].startswith("Order o-dora of dora:")
    staff = (await api.data(query, id=reward["rewardId"]))["explainReward"]
    assert [row["memberId"] for row in staff["path"]] == ["dina", "dora", "vera"]
    assert staff["order"] == {"orderId": "o-dina"}


async def test_an_order_shows_a_member_what_it_paid_them_and_nobody_else(api: Client) -> None:
    query = "query ($o: String!) { rewards(orderId: $o) { nodes { beneficiary { memberId } } } }"
    vera = api.of_member("vera")
    for order, rows in (("o-dora", 2), ("o-dina", 1), ("o-vera", 0), ("o-sol", 0), ("none", 0)):
        nodes = (await vera.data(query, o=order))["rewards"]["nodes"]
        assert nodes == [{"beneficiary": {"memberId": "vera"}}] * rows, order
    assert len((await api.data(query, o="o-dina"))["rewards"]["nodes"]) == 3
    own = '{ node(id: "T3JkZXI6by12ZXJh") { ... on Order { orderId rewards { rewardId } refunds { refundId } } } }'
    assert (await vera.data(own))["node"] == {"orderId": "o-vera", "rewards": [], "refunds": [{"refundId": "r-o-vera"}]}


async def test_a_member_asks_why_not_about_themself_alone(api: Client) -> None:
    query = """query ($o: ID!, $m: ID) { whyNot(orderId: $o, memberId: $m) { level member { memberId }
      got { rule } reasons { text } } }"""
    vera = api.of_member("vera")
    (share,) = (await vera.data(query, o="o-dora"))["whyNot"]
    assert (share["level"], share["member"], len(share["got"])) == (1, {"memberId": "vera"}, 2)
    assert await vera.data(query, o="o-dora", m="vera") == {"whyNot": [share]}
    for order in ("o-dina", "o-ulla", "o-stig", "none"):
        error = await vera.error(query, o=order)
        assert (error["extensions"]["code"], error["message"]) == ("UNKNOWN_ORDER", f"No order has the id {order}.")
    for member in ("dora", "ulla", "stig", "none"):
        error = await vera.error(query, o="o-dora", m=member)
        assert (error["extensions"]["code"], error["message"]) == ("UNKNOWN_MEMBER", f"No member has the id {member}.")


async def test_a_cursor_is_good_for_who_got_it_and_for_what_they_asked(api: Client) -> None:
    page = "{ edges { cursor } }"
    query = f"query ($m: String!, $a: String) {{ rewards(memberId: $m, first: 1, after: $a) {page} }}"
    vera = api.of_member("vera")
    cursor = (await vera.data(query, m="vera"))["rewards"]["edges"][0]["cursor"]
    assert (await vera.data(query, m="vera", a=cursor))["rewards"]["edges"][0]["cursor"] != cursor
    edited = cursor[:-6] + ("A" if cursor[-6] != "A" else "B") + cursor[-5:]
    theirs = (await api.data(query, m="dora"))["rewards"]["edges"][0]["cursor"]
    for asking, member, borrowed in ((api, "vera", cursor), (vera, "vera", edited), (api, "vera", theirs)):
        error = await asking.error(query, m=member, a=borrowed)
        assert error["extensions"] == {"code": "BAD_CURSOR", "field": "after"}


async def test_the_keys_of_other_members_are_no_conflict(api: Client) -> None:
    async def withdraw(member: str, amount: str) -> dict[str, Any]:
        wish = {"memberId": member, "amountMinor": amount, "currency": "CNY", "idempotencyKey": "rent"}
        return (await api.of_member(member).data(WITHDRAW, input=wish))["requestWithdrawal"]

    first = await withdraw("vera", "2")
    assert first["payout"]["amount"] == {"amountMinor": "2"}
    assert first["payout"]["member"] == {"memberId": "vera"}
    assert (await withdraw("dora", "3"))["payout"]["amount"] == {"amountMinor": "3"}
    assert await withdraw("vera", "2") == first
    again = await withdraw("vera", "4")
    assert (again["code"], again["idempotencyKey"], again["differing"]) == (
        *("IDEMPOTENCY_CONFLICT", "rent"),
        ["amount_minor"],
    )


async def test_a_member_who_is_an_analyst_too_sees_no_payouts_but_their_own(api: Client) -> None:
    both = api.of(Principal("vera-at-work", frozenset({Role.MEMBER, Role.ANALYST}), MemberId("vera")))
    query = "query ($m: String) { payouts(memberId: $m) { nodes { member { memberId } } } }"
    for member, expected in ((None, {"vera"}), ("vera", {"vera"}), ("stig", set())):
        nodes = (await both.data(query, m=member))["payouts"]["nodes"]
        assert {node["member"]["memberId"] for node in nodes} == expected


@pytest.mark.parametrize("language", ["en", "zh-CN"])
async def test_what_is_forbidden_is_said_in_both_languages(api: Client, language: str) -> None:
    answer = await api.of_member("vera").answer("{ deadLetters { scopeId } }", language=language)
    (error,) = answer["errors"]
    assert error["extensions"] == {"code": "FORBIDDEN", "field": "deadLetters"}
    told = {"en": "deadLetters is not for your roles.", "zh-CN": "您的角色无权使用 deadLetters。"}
    assert error["message"] == told[language]


async def test_whoever_records_a_fact_is_shown_that_fact_and_nothing_behind_it(api: Client) -> None:
    shop = api.of(Principal("shop", frozenset({Role.INGEST})))
    enrol = """mutation { enrollMember(input: {memberId: "nia", referrerId: "dill", name: "Nia Long"}) {
      ... on EnrollMemberSuccess { member { memberId name referrer { memberId } upline { displayName }
        downline { nodes { memberId } } team { size } orders { nodes { id } } balance { currency } } } } }"""
    assert (await shop.data(enrol))["enrollMember"]["member"] == {
        "memberId": "nia",
        "name": "N*** L***",
        "referrer": None,
        "upline": [],
        "downline": {"nodes": []},
        "team": {"size": 0},
        "orders": None,
        "balance": None,
    }
    order = """mutation { refundOrder(input: {refundId: "r-9", orderId: "o-dora", amountMinor: 1,
      refundedAt: "2026-01-01T00:00:00Z"}) { ... on RefundOrderSuccess { refund { refundId order { orderId } } } } }"""
    assert (await shop.data(order))["refundOrder"]["refund"] == {"refundId": "r-9", "order": None}
