"""What the API accepts, and how it refuses: always with a type, a code and a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from e2e.api_client import client
from network import accept, buys, chain, joins, plan, run_engine

if TYPE_CHECKING:
    from graph.wiring import Services


async def test_a_member_joins_under_their_referrer(store: Services) -> None:
    async with client(store) as api:
        await api.enroll(memberId="ada", name="艾达", joinedAt="2026-01-01T20:00:00+08:00")
        result = await api.enroll(memberId="bo", referrerId="ada")
        assert result["member"]["depth"] == 1
        assert result["member"]["referrer"] == {"memberId": "ada"}
        ada = (await api.data('{ member(memberId: "ada") { name joinedAt referrer { id } } }'))["member"]
    assert ada == {"name": "艾*", "joinedAt": "2026-01-01T12:00:00.000000Z", "referrer": None}


async def test_joining_again_changes_nothing(store: Services) -> None:
    async with client(store) as api:
        first = await api.enroll(memberId="ada", name="Ada")
        assert await api.enroll(memberId="ada", name="Ada") == first
    assert await store.log.waiting() == 1


async def test_each_mutation_of_a_document_sees_what_the_one_before_it_did(store: Services) -> None:
    answer = "... on EnrollMemberSuccess { member { referrer { team { size } } team { size } } }"
    async with client(store) as api:
        data = await api.data(
            f"""mutation {{
            ada: enrollMember(input: {{ memberId: "ada" }}) {{ {answer} }}
            bo: enrollMember(input: {{ memberId: "bo", referrerId: "ada" }}) {{ {answer} }} }}"""
        )
    assert data["ada"]["member"] == {"referrer": None, "team": {"size": 0}}
    assert data["bo"]["member"] == {"referrer": {"team": {"size": 1}}, "team": {"size": 0}}


@pytest.mark.parametrize(
    ("wish", "kind", "code"),
    [
        ({"memberId": "ada", "referrerId": "ada"}, "SelfReferralError", "SELF_REFERRAL"),
        ({"memberId": "bo", "referrerId": "cy"}, "ReferralCycleError", "REFERRAL_CYCLE"),
        ({"memberId": "cy", "referrerId": "ada"}, "AlreadyReferredError", "ALREADY_REFERRED"),
        ({"memberId": "cy"}, "AlreadyReferredError", "ALREADY_REFERRED"),
        ({"memberId": "bo", "referrerId": "ada", "name": "Bob"}, "MemberConflictError", "MEMBER_CONFLICT"),
        ({"memberId": "zed", "referrerId": "nobody"}, "UnknownMemberError", "UNKNOWN_REFERRER"),
        ({"memberId": ""}, "InvalidInputError", "BAD_ID"),
        ({"memberId": "a b"}, "InvalidInputError", "BAD_ID"),
        ({"memberId": "zed", "referrerId": ""}, "InvalidInputError", "BAD_ID"),
        ({"memberId": "zed", "name": "\n"}, "InvalidInputError", "BAD_NAME"),
        ({"memberId": "zed", "joinedAt": "yesterday"}, "InvalidInputError", "BAD_DATE"),
        ({"memberId": "zed", "joinedAt": "2026-01-01T00:00:00"}, "InvalidInputError", "BAD_DATE"),
        ({"memberId": "zed", "joinedAt": 20260101}, "InvalidInputError", "BAD_DATE"),
    ],
)
async def test_an_enrolment_is_refused_by_name(store: Services, wish: dict[str, object], kind: str, code: str) -> None:
    await accept(store, *chain("ada", "bo", "cy"))
    async with client(store) as api:
        result = await api.enroll(**wish)
    assert (result["__typename"], result["code"]) == (kind, code)
    assert result["message"]
    assert await store.members.count() == 3


async def test_an_order_is_completed_once_however_often_it_is_sent(store: Services) -> None:
    await accept(store, joins("ada"))
    async with client(store) as api:
        first = await api.complete()
        assert await api.complete() == first
    assert first["order"] == {
        "orderId": "o-1",
        "status": "COMPLETED",
        "completedAt": "2026-01-01T12:00:00.000000Z",
        "net": {"amountMinor": "29900", "currency": "CNY", "formatted": "299.00 CNY"},
        "member": {"memberId": "ada"},
    }
    assert await store.log.waiting() == 2


async def test_an_order_id_used_for_another_order_is_refused(store: Services) -> None:
    await accept(store, joins("ada"))
    async with client(store) as api:
        await api.complete()
        result = await api.complete(amountMinor=100)
    assert result["__typename"] == "OrderConflictError"
    assert result["differing"] == ["amount"]


@pytest.mark.parametrize(
    "amount",
    [0, -1, 29.9, 299.0, 1e3, 2**53, 2**64, 10**300, "0", "-1", "1.5", "1e3", "ten", "", "٣", "9" * 5000],
)
async def test_an_amount_that_is_no_whole_positive_number_is_refused(store: Services, amount: object) -> None:
    await accept(store, joins("ada"))
    async with client(store) as api:
        result = await api.complete(amountMinor=amount)
    assert (result["code"], result["field"]) == ("BAD_AMOUNT", "amountMinor")


@pytest.mark.parametrize("literal", ["0", "-5", "29.5", "1e3", '"x"', "9" * 5000, "9007199254740992"])
async def test_the_same_holds_for_an_amount_written_into_the_document(store: Services, literal: str) -> None:
    await accept(store, joins("ada"))
    order = (
        f'orderId: "o", memberId: "ada", amountMinor: {literal}, currency: "CNY", completedAt: "2026-01-01T00:00:00Z"'
    )
    async with client(store) as api:
        data = await api.data(f"mutation {{ completeOrder(input: {{{order}}}) {{ ... on UserError {{ code }} }} }}")
    assert data["completeOrder"] == {"code": "BAD_AMOUNT"}


async def test_the_largest_amount_survives_exactly(store: Services) -> None:
    await accept(store, joins("ada"), buys("ada", 2**53 - 1, "before"), joins("bo", "ada"))
    async with client(store) as api:
        result = await api.complete(memberId="bo", amountMinor=str(2**53 - 1))
        assert result["order"]["net"]["amountMinor"] == "9007199254740991"
        await api.complete(memberId="bo", orderId="o-2", amountMinor=2**53 - 1)
        team = (await api.data('{ team(memberId: "ada") { volume { amountMinor } } }'))["team"]
    assert team["volume"] == [{"amountMinor": str(2 * (2**53 - 1))}]


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"currency": "cny"}, "BAD_CURRENCY"),
        ({"currency": "XXX"}, "BAD_CURRENCY"),
        ({"orderId": ""}, "BAD_ID"),
        ({"orderId": "x" * 65}, "BAD_ID"),
        ({"completedAt": "2026-13-01T00:00:00Z"}, "BAD_DATE"),
        ({"completedAt": "0001-01-01T00:00:00+10:00"}, "BAD_DATE"),
        ({"memberId": "nobody"}, "UNKNOWN_MEMBER"),
    ],
)
async def test_an_order_is_refused_by_name(store: Services, wish: dict[str, object], code: str) -> None:
    await accept(store, joins("ada"))
    async with client(store) as api:
        assert (await api.complete(**wish))["code"] == code


async def test_a_refusal_speaks_the_language_asked_for(store: Services) -> None:
    async with client(store) as api:
        english = await api.complete(memberId="nobody")
        chinese = await api.complete("fr;q=0.9, zh-Hans-CN, en;q=0.8", memberId="nobody")
    assert english["message"] == "No member has the id nobody."
    assert chinese["message"] == "没有编号为 nobody 的会员。"
    assert chinese["code"] == english["code"]


async def test_settling_makes_what_is_due_available_once(store: Services) -> None:
    await accept(store, *chain("ada", "bo"), buys("ada", 29900), buys("bo", 100))
    await run_engine(store)
    async with client(store) as api:
        early = await api.settle(asOf="2026-01-08T11:59:59Z")
        due = await api.settle(asOf="2026-01-08T12:00:00Z", idempotencyKey="week-1")
        again = await api.settle(asOf="2026-01-08T12:00:00Z", idempotencyKey="week-1")
        balance = await api.data('{ member(memberId: "ada") { balance { available { formatted } } } }')
    assert early["rewards"] == again["rewards"] == 0
    assert due["sums"] == [{"rewards": 1, "amount": {"formatted": "59.80 CNY"}}]
    assert (due["asOf"], due["idempotencyKey"]) == ("2026-01-08T12:00:00.000000Z", "week-1")
    assert balance["member"]["balance"] == [{"available": {"formatted": "59.80 CNY"}}]


async def test_a_settlement_without_a_moment_is_refused(store: Services) -> None:
    async with client(store) as api:
        assert (await api.settle(asOf="soon"))["field"] == "asOf"
        assert (await api.settle(asOf="2026-01-08T12:00:00Z", idempotencyKey=" "))["field"] == "idempotencyKey"


async def test_a_plan_is_published_once_a_key(store: Services) -> None:
    document = plan(levels={"levels_bp": [1000]})
    async with client(store) as api:
        first = await api.publish(document=document, idempotencyKey="k-1")
        assert await api.publish(document=document, idempotencyKey="k-1") == first
        other = await api.publish(document=plan(), idempotencyKey="k-1")
        plans = (await api.data("{ plans { version name } }"))["plans"]
    assert first["plan"]["version"] == 2
    assert other["__typename"] == "PlanInvalidError"
    assert [found["version"] for found in plans] == [1, 2]


@pytest.mark.parametrize("document", ["", "{}", "[]", "{" * 50, '{"name": 5}', '{"name": "x", "nonsense": 1}'])
async def test_a_faulty_plan_is_refused_with_its_faults(store: Services, document: str) -> None:
    async with client(store) as api:
        result = await api.publish(document=document, idempotencyKey="k-1")
    assert result["__typename"] == "PlanInvalidError"
    assert result["reasons"]
