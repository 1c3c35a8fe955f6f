"""What the API answers about a small network, in which every number can be checked by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from e2e.api_client import client
from network import accept, buys, chain, joins, plan, publish, run_engine

from graph.principals import Principal, Role

if TYPE_CHECKING:
    from graph.wiring import Services

README = """{ member(memberId: "ada") { name team { size direct volume { formatted } }
  balance { currency pending { formatted } available { formatted } } } }"""
GLOBAL_IDS = """{ member(memberId: "ada") { id orders { nodes { id } } rewards { nodes { id } } }
  ledger(memberId: "ada") { nodes { id } } plans { id } }"""


async def a_family(services: Services) -> None:
    """ada referred bo and di, bo referred cy; ada's order of 299.00 has two slots filled."""
    await publish(services, plan(three_for_one={}, levels={"levels_bp": [1000, 500]}), "family")
    await run_engine(services)
    await accept(services, *chain("ada", "bo", "cy"), joins("di", "ada"))
    await accept(services, buys("ada", 29900), buys("bo", 19900), buys("di", 5000), buys("cy", 700, currency="JPY"))
    await run_engine(services)


async def test_the_first_query_of_the_readme(store: Services) -> None:
    await a_family(store)
    async with client(store) as api:
        member = (await api.data(README))["member"]
    assert member["team"] == {
        "size": 3,
        "direct": 2,
        "volume": [{"formatted": "249.00 CNY"}, {"formatted": "700 JPY"}],
    }
    rebates, commissions = 59_80 + 89_70, 19_90 + 5_00
    assert member["balance"] == [
        {
            "currency": "CNY",
            "pending": {"formatted": f"{(rebates + commissions) / 100:.2f} CNY"},
            "available": {"formatted": "0.00 CNY"},
        },
        {"currency": "JPY", "pending": {"formatted": "35 JPY"}, "available": {"formatted": "0 JPY"}},
    ]


async def test_a_team_level_by_level(store: Services) -> None:
    await a_family(store)
    query = """{ team(memberId: "ada") { memberId active(days: 366) member { memberId } asOf
      levels { level members orders volume { formatted } } trend(days: 366) { day orders volume { formatted } }
      rewards { currency pending { formatted } } } }"""
    async with client(store) as api:
        team = (await api.data(query))["team"]
    assert team["levels"] == [
        {"level": 1, "members": 2, "orders": 2, "volume": [{"formatted": "249.00 CNY"}]},
        {"level": 2, "members": 1, "orders": 1, "volume": [{"formatted": "700 JPY"}]},
    ]
    assert team["active"] == 3
    assert team["trend"] == [
        {"day": "2026-01-01", "orders": 2, "volume": {"formatted": "249.00 CNY"}},
        {"day": "2026-01-01", "orders": 1, "volume": {"formatted": "700 JPY"}},
    ]
    assert team["rewards"] == [{"currency": "JPY", "pending": {"formatted": "70 JPY"}}]


async def test_uplines_and_downlines_run_nearest_first(store: Services) -> None:
    await a_family(store)
    query = """{ cy: member(memberId: "cy") { upline { level member { memberId } }
        near: upline(maxLevel: 1) { member { memberId } } }
      ada: member(memberId: "ada") { upline { level } downline { edges { level node { memberId } } }
        near: downline(maxLevel: 1) { nodes { memberId } } } }"""
    async with client(store) as api:
        data = await api.data(query)
    assert data["cy"]["upline"] == [
        {"level": 1, "member": {"memberId": "bo"}},
        {"level": 2, "member": {"memberId": "ada"}},
    ]
    assert data["cy"]["near"] == [{"member": {"memberId": "bo"}}]
    assert data["ada"]["upline"] == []
    below = [(edge["level"], edge["node"]["memberId"]) for edge in data["ada"]["downline"]["edges"]]
    assert below == [(1, "bo"), (1, "di"), (2, "cy")]
    assert data["ada"]["near"] == {"nodes": [{"memberId": "bo"}, {"memberId": "di"}]}


async def test_an_order_shows_what_it_made_due(store: Services) -> None:
    await a_family(store)
    query = """{ rewards(orderId: "o-di") { nodes { rule level slot planVersion rateBp path state dueAt
      amount { formatted } base { formatted } beneficiary { memberId } anchorOrder { orderId }
      order { orderId seq rewards { rewardId } } } } }"""
    async with client(store) as api:
        commission, rebate = (await api.data(query))["rewards"]["nodes"]
    assert commission["rule"] == "COMMISSION"
    assert (commission["level"], commission["slot"], commission["anchorOrder"]) == (1, None, None)
    assert (rebate["rule"], rebate["slot"], rebate["anchorOrder"]) == ("REBATE", 2, {"orderId": "o-ada"})
    assert (rebate["amount"], rebate["base"]) == ({"formatted": "89.70 CNY"}, {"formatted": "299.00 CNY"})
    assert rebate["path"] == ["di", "ada"]
    assert rebate["beneficiary"] == {"memberId": "ada"}
    assert (rebate["state"], rebate["dueAt"]) == ("PENDING", "2026-01-08T12:00:00.000000Z")
    assert len(rebate["order"]["rewards"]) == 2


async def test_the_ledger_moves_money_from_the_company(store: Services) -> None:
    await a_family(store)
    query = """{ ledger(memberId: "ada", first: 1) { nodes { cause debit credit at amount { formatted }
      beneficiary { memberId } reward { order { orderId } } } } }"""
    async with client(store) as api:
        (entry,) = (await api.data(query))["ledger"]["nodes"]
    assert entry == {
        "cause": "completion:o-cy",
        "debit": "COMPANY_REWARDS",
        "credit": "PENDING",
        "at": "2026-01-01T12:00:00.000000Z",
        "amount": {"formatted": "35 JPY"},
        "beneficiary": {"memberId": "ada"},
        "reward": {"order": {"orderId": "o-cy"}},
    }


async def test_every_global_id_leads_back_to_its_object(store: Services) -> None:
    await a_family(store)
    async with client(store) as api:
        for found in _ids(await api.data(GLOBAL_IDS)):
            again = await api.data("query ($id: ID!) { node(id: $id) { id __typename } }", id=found)
            assert again["node"]["id"] == found


def _ids(tree: Any) -> list[str]:
    """Every `id` in an answer."""
    if isinstance(tree, list):
        return [found for branch in tree for found in _ids(branch)]
    if isinstance(tree, dict):
        own = [tree["id"]] if "id" in tree else []
        return own + [found for branch in tree.values() for found in _ids(branch)]
    return []


async def test_what_does_not_exist_is_null_or_empty(store: Services) -> None:
    query = """{ member(memberId: "no") { id } team(memberId: "no") { size } orders(memberId: "no") { nodes { id } }
      rewards(orderId: "no") { nodes { id } } ledger(memberId: "no") { nodes { id } }
      unknown: node(id: "TWVtYmVyOm5v") { id } strange: node(id: "VW5pY29ybjox") { id } }"""
    empty: dict[str, list[object]] = {"nodes": []}
    async with client(store) as api:
        data = await api.data(query)
    assert data == {
        "member": None,
        "team": None,
        "orders": None,
        "rewards": empty,
        "ledger": None,
        "unknown": None,
        "strange": None,
    }


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ('node(id: "nonsense") { id }', "BAD_GLOBAL_ID"),
        ('node(id: "") { id }', "BAD_GLOBAL_ID"),
        ('node(id: "艾达") { id }', "BAD_GLOBAL_ID"),
        ("rewards { nodes { id } }", "BAD_FILTER"),
        ('rewards(memberId: "a", orderId: "b") { nodes { id } }', "BAD_FILTER"),
        ('member(memberId: "ada") { upline(maxLevel: 0) { level } }', "BAD_LEVEL"),
        ('member(memberId: "ada") { downline(maxLevel: 1001) { nodes { id } } }', "BAD_LEVEL"),
        ('team(memberId: "ada") { active(days: 0) }', "BAD_DAYS"),
        ('team(memberId: "ada") { trend(days: 367) { day } }', "BAD_DAYS"),
    ],
)
async def test_an_argument_out_of_bounds_is_an_error_with_a_code(store: Services, field: str, code: str) -> None:
    await accept(store, joins("ada"))
    async with client(store) as api:
        error = await api.error(f"{{ {field} }}")
    assert error["extensions"]["code"] == code
    assert error["extensions"]["field"]


@pytest.mark.parametrize("field", ["rewards", "orders", "ledger"])
async def test_a_member_that_does_not_exist_has_no_page_rather_than_an_empty_one(store: Services, field: str) -> None:
    async with client(store) as api:
        assert await api.data(f'{{ {field}(memberId: "ghost") {{ nodes {{ id }} }} }}') == {field: None}


async def test_several_operations_need_a_name(store: Services) -> None:
    enrol = 'mutation {0} {{ enrollMember(input: {{memberId: "{0}"}}) {{ __typename }} }}'
    async with client(store) as api:
        error = await api.error(enrol.format("A") + enrol.format("B"))
    assert "operationName" in error["message"]
    assert await store.members.count() == 0


async def test_a_viewer_is_told_who_they_are(store: Services) -> None:
    ask = "{ viewer { name roles member { memberId name } } }"
    async with client(store) as api:
        await api.enroll(memberId="ada", name="Ada")
        of_ada = await api.of_member("ada").data(ask)
        of_shop = await api.of(Principal("shop", frozenset({Role.INGEST}))).data(ask)
    assert of_ada["viewer"]["roles"] == ["MEMBER"]
    assert of_ada["viewer"]["member"] == {"memberId": "ada", "name": "Ada"}
    assert of_shop["viewer"] == {"name": "shop", "roles": ["INGEST"], "member": None}
