"""What a simulation makes of two outcomes, and how it reads files."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from replaying import page_of, replayed
from story import Story

from graph.fact_pages import FactPage
from graph.rewards import Rule
from graph.simulation.comparison import Change, Comparison, overpaid
from graph.simulation.files import FileHistory
from graph.simulation.part import Answer, Opening
from graph.simulation.parts import ReplayLost, parts_for, replay
from graph.simulation.sales import Sales
from graph.simulation.simulating import Wish, simulate_files, version_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

DEFAULT = '{"name": "default", "three_for_one": {}}'
NOTHING = '{"name": "nothing"}'
DAY = "2026-01-01T00:00:00Z"


def shares(**members: int) -> dict[tuple[str, Rule, str], int]:
    return {(member, Rule.REBATE, "CNY"): minor for member, minor in members.items()}


def test_members_gain_lose_or_get_nothing_any_more() -> None:
    now, then = shares(a=100, b=50, c=70, d=0), shares(a=40, c=70, e=9, f=0)
    (spread,) = Comparison(now, then).spreads()
    assert (spread.gain, spread.lose, spread.same) == (1, 2, 1)
    assert (spread.nothing_any_more, spread.first_time) == (1, 1)
    assert spread.most_lost == [Change("a", "CNY", 100, 40), Change("b", "CNY", 50, 0)]
    assert spread.most_gained == [Change("e", "CNY", 0, 9)]


def test_rules_of_a_member_make_up_for_each_other() -> None:
    now = {("a", Rule.REBATE, "CNY"): 10, ("a", Rule.COMMISSION, "USD"): 1}
    then = {("a", Rule.COMMISSION, "CNY"): 10}
    comparison = Comparison(now, then)
    assert [(s.currency, s.same, s.lose) for s in comparison.spreads()] == [("CNY", 1, 0), ("USD", 0, 1)]
    assert [(t.currency, t.name, t.now_minor, t.then_minor) for t in comparison.totals()] == [
        ("CNY", "commission", 0, 10),
        ("CNY", "rebate", 10, 0),
        ("CNY", "all", 10, 10),
        ("USD", "commission", 1, 0),
        ("USD", "all", 1, 0),
    ]
    assert [row[3:] for row in comparison.rows()] == [(0, 10, 10), (1, 0, -1), (10, 0, -10)]


def test_a_small_referral_that_returns_a_large_order_is_overpaid() -> None:
    story = Story({"b": "a", "c": "a", "d": "a"})
    story.buys("a", 10000)
    for member in "bcd":
        story.buys(member, 2500, order_id=f"o-{member}")
    story.refunds("o-b")
    sales = Sales({"o-b"})
    sales.add(page_of(story))
    assert (sales.net_minor, len(sales)) == ({"CNY": 15000}, 4)
    count, worst = overpaid(replayed(story).sums.by_order.items(), sales)
    assert [(order.order_id, order.share_bp) for order in worst] == [("o-d", 20000), ("o-c", 12000)]
    assert count == 2


def test_what_is_paid_for_an_order_of_which_nothing_is_left_is_worst() -> None:
    story = Story({})
    order = story.buys("a", 10, order_id="gone")
    story.refunds(order)
    sales = Sales({"gone"})
    sales.add(page_of(story))
    _, (worst,) = overpaid([(1, 5)], sales)
    assert (worst.order_id, worst.share_bp) == ("gone", None)


def test_the_wish_stands_in_place_of_every_version_from_its_seq_on() -> None:
    stored = [version_of(DEFAULT, number, seq) for number, seq in ((1, 0), (2, 5), (3, 9))]
    assert [(v.version, v.seq) for v in Wish(NOTHING).among(stored)] == [(1, 0)]
    assert [(v.version, v.seq, v.plan.name) for v in Wish(NOTHING, 7).among(stored)] == [
        (1, 0, "default"),
        (2, 5, "default"),
        (3, 7, "nothing"),
    ]


def written(file: Path, *rows: str) -> Path:
    file.write_text("\n".join(rows) + "\n")
    return file


def history(folder: Path, *orders: str, refunds: tuple[str, ...] = ()) -> FileHistory:
    members = written(folder / "m.csv", "member_id,referrer_id,joined_at", f"b,a,{DAY}", f"a,,{DAY}", f"x,nobody,{DAY}")
    header = "order_id,member_id,amount_minor,currency,status,completed_at"
    bought = written(folder / "o.csv", header, *orders)
    back = written(folder / "r.csv", "refund_id,order_id,amount_minor,refunded_at", *refunds)
    return FileHistory.read(members, bought, back)


def test_files_are_accepted_as_an_import_would(tmp_path: Path) -> None:
    found = history(
        tmp_path,
        "o1,a,100,CNY,placed,",
        f"o2,b,100,CNY,completed,{DAY}",
        f"o1,a,100,CNY,completed,{DAY}",
        f"o1,a,100,CNY,completed,{DAY}",
        f"o2,b,101,CNY,completed,{DAY}",
        f"o3,x,100,CNY,completed,{DAY}",
        f"o4,b,100,CNY,completed,{DAY}",
        "o5,b,100,CNY,cancelled,",
        refunds=(f"r1,o2,60,{DAY}", f"r1,o2,60,{DAY}", f"r2,o2,60,{DAY}", f"r3,unknown,1,{DAY}", f"r4,o5,1,{DAY}"),
    )
    (page,) = found.pages
    assert list(zip(page.seqs, page.order_ids, page.amounts, page.firsts, strict=True)) == [
        (1, "o2", 100, 1),
        (2, "o1", 100, 1),
        (3, "o4", 100, 0),
        (4, "o2", 60, 0),
    ]
    assert found.rejected == Counter(
        UNKNOWN_REFERRER=1, ORDER_CONFLICT=1, UNKNOWN_MEMBER=1, OVER_REFUND=1, ORDER_NOT_OPEN=1
    )
    assert (found.referrers, found.refunded) == ({"b": "a"}, {"o2"})


async def test_files_are_replayed_under_both_plans(tmp_path: Path) -> None:
    found = history(tmp_path, f"o1,a,100,CNY,completed,{DAY}", f"o2,b,300,CNY,completed,{DAY}")
    outcome = await simulate_files(found, Wish(NOTHING), DEFAULT, lambda *_: None)
    assert (outcome.comparison.now, outcome.comparison.then) == (shares(a=20), {})
    swapped = await simulate_files(found, Wish(DEFAULT), NOTHING, lambda *_: None)
    assert (swapped.comparison.now, swapped.comparison.then) == ({}, shares(a=20))


async def test_a_part_that_ends_early_is_missed() -> None:
    async def pages() -> AsyncIterator[FactPage]:
        for _ in range(100):
            yield FactPage()

    broken = Opening([(1, 0, "no plan")], 0, 1, {}, {}, [])
    with pytest.raises(ReplayLost):
        await replay([broken], pages(), lambda _: None)


async def test_parts_have_every_member_once() -> None:
    opening = Opening([(1, 0, DEFAULT)], 0, 1, {f"m{n}": "root" for n in range(50)}, {"alone": 1}, [])
    parts = [
        Opening(opening.versions, part, 3, opening.referrers, opening.first_seqs, []).replay() for part in range(3)
    ]
    members: list[Any] = [member for part in parts for member in part.members or ()]
    assert sorted(members) == sorted(["root", "alone", *(f"m{n}" for n in range(50))])
    assert opening.replay().members is None


def test_an_answer_says_what_has_come_of_it() -> None:
    story = Story({"b": "a"})
    story.buys("a", 1000)
    story.buys("b", 100)
    answer = Answer.of(replayed(story).sums)
    assert (answer.shares(), answer.by_order) == (shares(a=200), [(2, 200)])


def test_what_looks_across_scopes_is_replayed_on_one_process() -> None:
    assert parts_for([version_of('{"name": "capped", "three_for_one": {}, "max_payout_bp": 1}')]) == 1
    assert parts_for([version_of(DEFAULT)]) >= 1
