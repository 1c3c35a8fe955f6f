"""What a principal sees, as pure functions: distances, and which names an explanation keeps."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from made_rewards import posted

from graph.access.cursor_key import cursor_key
from graph.access.sight import HIDDEN, Sight, answer_without_strangers, people, people_of, without_strangers
from graph.explanation import Code, Explanation, Movement, Step
from graph.ledger import Account, Entry, RewardState
from graph.members import Member, MemberId
from graph.orders import Order, OrderId, OrderStatus
from graph.principals import Principal, Role
from graph.reasons import Answer, Reason, Why
from graph.rewards import Rule

if TYPE_CHECKING:
    from pathlib import Path

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
ADA = Sight(Principal("ada", frozenset({Role.MEMBER}), MemberId("ada")), depth=2)
ANA = Sight(Principal("ana", frozenset({Role.ANALYST})), depth=2)
SHOP = Sight(Principal("shop", frozenset({Role.INGEST})), depth=2)
BO = Member(MemberId("bo"), MemberId("ada"), 5, NOON)


@pytest.mark.parametrize("role", Role)
def test_staff_see_all_and_nobody_else_does(role: Role) -> None:
    everybody = {Role.ANALYST, Role.REVIEWER, Role.FINANCE, Role.ADMIN}
    assert Sight(Principal("x", frozenset({role})), 2).sees_all == (role in everybody)


def test_money_is_shown_to_its_owner_and_to_staff() -> None:
    assert [ADA.owns("ada"), ADA.owns("bo"), ANA.owns("bo"), SHOP.owns("bo"), SHOP.owns("")] == [
        *(True, False, True),
        *(False, False),
    ]


def test_the_reach_shrinks_with_each_level() -> None:
    assert [ADA.reach(level) for level in (0, 1, 2, 3, None)] == [2, 1, 0, 0, 0]


def test_a_path_is_shown_from_the_near_end() -> None:
    path = [MemberId(name) for name in ("far", "fen", "bo", "ada")]
    assert ADA.within(path) == ("fen", "bo", "ada")
    assert ANA.within(path) == tuple(path)
    assert ADA.within(path[-1:]) == ("ada",)


def test_a_depth_is_counted_from_the_viewer_and_for_staff_from_the_root() -> None:
    assert [ADA.shown(BO, 1).depth, ADA.shown(BO, 0).depth, ANA.shown(BO, None).depth, ANA.shown(BO, 1).depth] == [
        *(1, 0),
        *(5, 5),
    ]


def explanation(buyer: str) -> Explanation:
    """A commission of ada's for an order of somebody's, held."""
    order = Order(OrderId("o-1"), MemberId(buyer), 1000, 0, "CNY", OrderStatus.COMPLETED, NOON, 7)
    entry = Entry("r-1", "hold:h-1", MemberId("ada"), Account.PENDING, Account.HELD, 10, "CNY", NOON)
    return Explanation(
        reward=posted(10, RewardState.HELD),
        order=order,
        version=None,
        steps=(
            Step(Code.ORDER_NET, {"order_id": "o-1", "buyer_id": buyer, "paid_minor": 1000}),
            Step(Code.RANK_BELOW, {"member_id": "stranger", "rank": None}),
            Step(Code.RANK_BELOW, {"member_id": None}),
            Step(Code.ADJUSTMENT, {"actor": "fin", "reason": "goodwill"}),
        ),
        movements=(Movement(entry, Step(Code.BY_HOLD, {"key": "h-1", "reason": "ring 7"}), 0, 10),),
        available_at=None,
        held_by=Step(Code.BY_HOLD, {"key": "h-1", "reason": "ring 7"}),
    )


def named(explained: Explanation, name: str) -> list[object]:
    """What each step, the causes and the hold included, says under a name."""
    causes = [moved.cause for moved in explained.movements]
    held = [explained.held_by] if explained.held_by else []
    return [step.values[name] for step in (*explained.steps, *causes, *held) if name in step.values]


def test_an_explanation_names_only_those_who_are_seen() -> None:
    whole = explanation("bo")
    assert people(whole) == {"bo", "stranger"}
    told = without_strangers(whole, {"bo"}, ADA)
    assert named(told, "buyer_id") == ["bo"]
    assert named(told, "member_id") == [HIDDEN, None]
    assert named(without_strangers(whole, set(), ADA), "buyer_id") == [HIDDEN]
    assert people(replace(whole, held_by=None)) == {"bo", "stranger"}
    assert (told.steps[0].values["order_id"], told.steps[0].values["paid_minor"]) == ("o-1", 1000)


def test_an_explanation_names_nobody_of_the_house_nor_why_a_review_holds() -> None:
    told = without_strangers(explanation("bo"), {"bo"}, ADA)
    assert named(told, "actor") == [HIDDEN]
    assert named(told, "reason") == ["goodwill", HIDDEN, HIDDEN]
    assert without_strangers(replace(explanation("bo"), held_by=None), {"bo"}, ADA).held_by is None


def test_a_cause_and_a_hold_name_those_who_are_seen_and_no_others() -> None:
    held = Step(Code.BY_HOLD, {"member_id": "cy", "reason": "ring 7"})
    whole = explanation("bo")
    (moved,) = whole.movements
    whole = replace(whole, held_by=held, movements=(replace(moved, cause=Step(Code.BY_HOLD, {"paid_to": "dee"})),))
    assert people(whole) == {"bo", "stranger", "cy", "dee"}
    told = without_strangers(whole, {"cy", "dee"}, ADA)
    assert [named(told, name) for name in ("member_id", "paid_to")] == [[HIDDEN, None, "cy"], ["dee"]]
    told = without_strangers(whole, {"bo"}, ADA)
    assert [named(told, name) for name in ("member_id", "paid_to")] == [[HIDDEN, None, HIDDEN], [HIDDEN]]


def test_an_order_is_part_of_an_explanation_for_who_bought_it() -> None:
    assert without_strangers(explanation("bo"), {"bo"}, ADA).order is None
    assert without_strangers(explanation("ada"), {"ada"}, ADA).order == explanation("ada").order
    assert without_strangers(replace(explanation("bo"), order=None), {"bo"}, ADA).order is None


@pytest.mark.parametrize("name", ["buyer_id", "member_id", "referrer_id", "paid_to", "winner_id", "last_id"])
def test_a_reason_names_only_those_who_are_seen(name: str) -> None:
    reason = Reason(Rule.PEER, Why.PEER_TAKEN_BY, {name: "bo", "level": 3, "anchor_order_id": "o-1"})
    answer = Answer(MemberId("ada"), 1, (), (reason,))
    assert people_of([answer]) == {"bo"}
    (kept,) = answer_without_strangers(answer, {"bo"}).reasons
    (hidden,) = answer_without_strangers(answer, {"ada"}).reasons
    assert kept == reason
    assert hidden.values == {name: HIDDEN, "level": 3, "anchor_order_id": "o-1"}


def test_a_home_keeps_one_key(tmp_path: Path) -> None:
    key = cursor_key(tmp_path / "home")
    assert len(key) == 32
    assert cursor_key(tmp_path / "home") == key
    assert cursor_key(tmp_path / "other") != key
    (file,) = (tmp_path / "home").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
