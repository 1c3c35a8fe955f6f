"""Pages: every row once, in order, whatever joins meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from e2e.api_client import Client, client
from network import accept, buys, chain, joins, plan, publish, run_engine

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graph.wiring import Services

PAGE = "(first: $first, after: $after{}) {{ edges {{ cursor node {{ id }} }} nodes {{ id }} pageInfo {{ {} }} }}"
INFO = "hasNextPage hasPreviousPage startCursor endCursor"
QUERIES = {
    "members": "members" + PAGE.format("", INFO),
    "orders": "orders" + PAGE.format("", INFO),
    "orders of a member": "orders" + PAGE.format(', memberId: "ada"', INFO),
    "rewards of a member": "rewards" + PAGE.format(', memberId: "ada"', INFO),
    "rewards of an order": "rewards" + PAGE.format(', orderId: "o-m5"', INFO),
    "ledger": "ledger" + PAGE.format(', memberId: "ada"', INFO),
    "downline": 'member(memberId: "ada") { downline' + PAGE.format("", INFO) + " }",
    "own orders": 'member(memberId: "ada") { orders' + PAGE.format("", INFO) + " }",
    "own rewards": 'member(memberId: "ada") { rewards' + PAGE.format("", INFO) + " }",
}


async def some_of_everything(services: Services) -> None:
    """A chain of six with an order each under a plan that pays five levels; ada has five orders."""
    five = plan(levels={"levels_bp": [500] * 5}, max_level=5)
    await publish(services, five, "five")
    await run_engine(services)
    await accept(services, *chain("ada", "m1", "m2", "m3", "m4", "m5"))
    await accept(services, *(buys("ada", 100 * n, f"a{n}") for n in range(1, 6)))
    await accept(services, *(buys(f"m{n}", 1000) for n in range(1, 6)))
    await run_engine(services)


async def page(api: Client, field: str, first: int, after: str | None) -> dict[str, Any]:
    query = f"query ($first: Int!, $after: String) {{ {field} }}"
    (found,) = (await api.data(query, first=first, after=after)).values()
    while "pageInfo" not in found:
        (found,) = found.values()
    return found


def ids(rows: Iterable[dict[str, Any]]) -> list[str]:
    return [row["id"] for row in rows]


async def test_pages_of_two_show_what_one_page_shows(store: Services) -> None:
    await some_of_everything(store)
    async with client(store) as api:
        for name, field in QUERIES.items():
            whole = await page(api, field, 100, None)
            seen = await by_twos(api, field)
            assert seen == ids(whole["nodes"]), name
            assert len(seen) == len(set(seen)) >= 5, name
            assert whole["pageInfo"]["hasNextPage"] is False


async def by_twos(api: Client, field: str) -> list[str]:
    """The ids of all rows, two at a time; each page's own account of itself is checked on the way."""
    seen: list[str] = []
    after = None
    while True:
        part = await page(api, field, 2, after)
        info = part["pageInfo"]
        assert info["hasPreviousPage"] == (after is not None)
        assert ids(part["nodes"]) == ids(edge["node"] for edge in part["edges"])
        assert info["startCursor"] == part["edges"][0]["cursor"]
        assert info["endCursor"] == part["edges"][-1]["cursor"]
        seen += ids(part["nodes"])
        after = info["endCursor"]
        if not info["hasNextPage"]:
            return seen


async def test_a_page_that_ends_with_the_last_row_has_no_next(store: Services) -> None:
    await accept(store, joins("a"), joins("b"))
    async with client(store) as api:
        assert (await page(api, QUERIES["members"], 2, None))["pageInfo"]["hasNextPage"] is False
        assert (await page(api, QUERIES["members"], 1, None))["pageInfo"]["hasNextPage"] is True


async def test_an_empty_page_has_no_cursors(store: Services) -> None:
    async with client(store) as api:
        empty = await page(api, QUERIES["members"], 5, None)
    assert empty["edges"] == []
    assert empty["pageInfo"] == {
        "hasNextPage": False,
        "hasPreviousPage": False,
        "startCursor": None,
        "endCursor": None,
    }


async def test_a_member_who_joins_between_two_pages_shifts_nothing(store: Services) -> None:
    await accept(store, joins("b"), joins("d"), joins("f"))
    async with client(store) as api:
        first = await page(api, QUERIES["members"], 2, None)
        await accept(store, joins("a"), joins("c"))
        second = await page(api, QUERIES["members"], 2, first["pageInfo"]["endCursor"])
        total = (await api.data("{ members(first: 1) { totalCount } }"))["members"]["totalCount"]
    assert [len(first["nodes"]), len(second["nodes"])] == [2, 1]
    assert total == 5


@pytest.mark.parametrize("first", [0, -1, 101, 2**31 - 1])
async def test_a_page_size_out_of_bounds_is_refused(store: Services, first: int) -> None:
    await accept(store, joins("ada"))
    async with client(store) as api:
        for name, field in QUERIES.items():
            error = await api.error(f"query ($first: Int!, $after: String) {{ {field} }}", first=first, after=None)
            assert error["extensions"] == {"code": "BAD_PAGE_SIZE", "field": "first"}, name


async def test_a_cursor_of_another_connection_is_refused(store: Services) -> None:
    await some_of_everything(store)
    async with client(store) as api:
        cursor = (await page(api, QUERIES["orders"], 1, None))["pageInfo"]["endCursor"]
        for name in QUERIES.keys() - {"orders", "orders of a member", "own orders"}:
            query = f"query ($first: Int!, $after: String) {{ {QUERIES[name]} }}"
            error = await api.error(query, first=1, after=cursor)
            assert error["extensions"] == {"code": "BAD_CURSOR", "field": "after"}, name
