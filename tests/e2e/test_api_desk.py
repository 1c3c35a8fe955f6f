"""The settlement desk over GraphQL: each mutation's success, and each typed refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from desk import balance, earn, earn_available
from e2e.api_client import ADMIN, BOSS, client
from network import accept, joins

if TYPE_CHECKING:
    from e2e.api_client import Client

    from graph.wiring import Services

MAY_BE = {
    "requestWithdrawal": "InvalidInput UnknownMember InsufficientFunds IdempotencyConflict",
    "holdRewards": "InvalidInput RewardNotHoldable UnknownRecord IdempotencyConflict",
    "releaseRewards": "InvalidInput UnknownRecord",
    "runPayout": "InvalidInput IdempotencyConflict",
    "failPayout": "InvalidInput UnknownRecord RecordNotOpen",
    "adjustBalance": "InvalidInput UnknownMember IdempotencyConflict",
    "approveAdjustment": "InvalidInput UnknownRecord RecordNotOpen SamePerson",
    "rejectAdjustment": "InvalidInput UnknownRecord RecordNotOpen",
    "closeMonth": "InvalidInput MonthNotOver",
    "requeueDeadLetter": "InvalidInput UnknownRecord",
    "discardDeadLetter": "InvalidInput UnknownRecord",
}
SHOWN = {
    "requestWithdrawal": "payout { payoutId status amount { formatted } member { memberId } }",
    "holdRewards": "hold { holdId status rewardIds }",
    "releaseRewards": "hold { holdId status rewardIds }",
    "runPayout": "batch { batchId status sums { payouts amount { formatted } } }",
    "failPayout": "payout { payoutId status }",
    "adjustBalance": "adjustment { status amount { formatted } member { memberId } }",
    "approveAdjustment": "adjustment { status decidedBy }",
    "rejectAdjustment": "adjustment { status decidedBy }",
    "closeMonth": "month new",
    "requeueDeadLetter": "scopeId",
    "discardDeadLetter": "scopeId",
}


async def do(api: Client, name: str, **wish: object) -> dict[str, Any]:
    """One mutation's answer."""
    kind = name[0].upper() + name[1:]
    extra = " ".join(
        f"... on {error}Error {{ {field} }}"
        for error, field in (("InsufficientFunds", "availableMinor"), ("SamePerson", "actor"))
        if error in MAY_BE[name]
    )
    query = (
        f"mutation ($input: {kind}Input!) {{ {name}(input: $input) {{ __typename ... on UserError {{ code message }}"
        f" {extra} ... on {kind}Success {{ {SHOWN[name]} }} }} }}"
    )
    return (await api.data(query, input=wish))[name]


async def test_a_withdrawal_pays_once_and_never_too_much(store: Services) -> None:
    await earn_available(store, "a", 100)
    wish = {"memberId": "a", "currency": "CNY", "idempotencyKey": "w-1"}
    async with client(store) as api:
        first = await do(api, "requestWithdrawal", **wish, amountMinor=60)
        assert await do(api, "requestWithdrawal", **wish, amountMinor=60) == first
        other = await do(api, "requestWithdrawal", **wish, amountMinor=50)
        more = await do(api, "requestWithdrawal", **wish | {"idempotencyKey": "w-2"}, amountMinor=60)
        none = await do(api, "requestWithdrawal", **wish, amountMinor=-1)
        listed = await api.data('{ payouts(memberId: "a") { nodes { payoutId reference } } }')
    assert first["payout"]["amount"]["formatted"] == "0.60 CNY"
    assert first["payout"]["member"] == {"memberId": "a"}
    assert (other["code"], more["code"], none["code"]) == ("IDEMPOTENCY_CONFLICT", "INSUFFICIENT_FUNDS", "BAD_AMOUNT")
    assert more["availableMinor"] == "40"
    assert [node["payoutId"] for node in listed["payouts"]["nodes"]] == [first["payout"]["payoutId"]]


async def test_rewards_are_held_and_released(store: Services) -> None:
    ids = await earn(store, "a", 100, 50)
    async with client(store) as api:
        held = await do(api, "holdRewards", holdId="h-1", rewardIds=ids, reason="ring 7")
        again = await do(api, "holdRewards", holdId="h-2", rewardIds=ids, reason="ring 7")
        unknown = await do(api, "releaseRewards", holdId="h-9", reason="cleared")
        released = await do(api, "releaseRewards", holdId="h-1", reason="cleared")
    assert (held["hold"]["status"], held["hold"]["rewardIds"]) == ("HELD", sorted(ids))
    assert (again["code"], unknown["code"]) == ("ALREADY_HELD", "UNKNOWN_HOLD")
    assert released["hold"]["status"] == "RELEASED"
    assert (await balance(store, "a")).pending_minor == 150


async def test_a_batch_is_run_and_a_payout_of_it_fails(store: Services) -> None:
    await earn_available(store, "a", 100)
    await earn_available(store, "b", 30)
    async with client(store) as api:
        batch = (await do(api, "runPayout", idempotencyKey="p-1"))["batch"]
        shown = "nodes { payoutId } pageInfo { hasNextPage }"
        query = f"query ($b: String!) {{ payoutsOfBatch(batchId: $b, first: 1) {{ {shown} }} }}"
        page = (await api.data(query, b=batch["batchId"]))["payoutsOfBatch"]
        payout_id = page["nodes"][0]["payoutId"]
        failed = await do(api, "failPayout", payoutId=payout_id, reason="account closed")
        gone = await do(api, "failPayout", payoutId="nothing", reason="account closed")
        sums = await api.data(
            "query ($b: String!) { payoutBatch(batchId: $b) { sums { payouts failed } } }", b=batch["batchId"]
        )
    assert batch["sums"] == [{"payouts": 2, "amount": {"formatted": "1.30 CNY"}}]
    assert page["pageInfo"] == {"hasNextPage": True}
    assert failed["payout"]["status"] == "FAILED"
    assert gone["code"] == "UNKNOWN_PAYOUT"
    assert sums["payoutBatch"]["sums"] == [{"payouts": 1, "failed": 1}]


async def test_an_adjustment_shows_as_a_reward_without_an_order(store: Services) -> None:
    await accept(store, joins("a"))
    wish = {"adjustmentId": "adj-1", "memberId": "a", "currency": "CNY", "reason": "goodwill"}
    async with client(store) as api:
        small = await do(api, "adjustBalance", **wish, amountMinor="-500")
        large = await do(api, "adjustBalance", **wish | {"adjustmentId": "adj-2"}, amountMinor=100_001)
        same = await do(api, "approveAdjustment", adjustmentId="adj-2")
        other = await do(api.of(BOSS), "approveAdjustment", adjustmentId="adj-2")
        late = await do(api.of(BOSS), "rejectAdjustment", adjustmentId="adj-2", reason="late")
        zero = await do(api, "adjustBalance", **wish | {"adjustmentId": "adj-3"}, amountMinor=0)
        data = await api.data(
            '{ rewards(memberId: "a") { nodes { rule amount { amountMinor } order { orderId } } }'
            " adjustments { nodes { adjustmentId status } } }"
        )
    assert (small["adjustment"]["status"], large["adjustment"]["status"]) == ("POSTED", "PROPOSED")
    assert (same["code"], late["code"], zero["code"]) == ("SAME_PERSON", "ADJUSTMENT_NOT_OPEN", "BAD_ADJUSTMENT")
    assert other["adjustment"] == {"status": "POSTED", "decidedBy": "boss"}
    nodes = data["rewards"]["nodes"]
    assert {(node["rule"], node["amount"]["amountMinor"], node["order"]) for node in nodes} == {
        ("ADJUSTMENT", "-500", None),
        ("ADJUSTMENT", "100001", None),
    }
    assert [node["adjustmentId"] for node in data["adjustments"]["nodes"]] == ["adj-2", "adj-1"]


async def test_a_month_is_closed_once(store: Services) -> None:
    async with client(store) as api:
        first = await do(api, "closeMonth", month="2026-01")
        again = await do(api, "closeMonth", month="2026-01")
        early = await do(api, "closeMonth", month="2199-01")
        wrong = await do(api, "closeMonth", month="May")
    assert (first["new"], again["new"]) == (True, False)
    assert (early["code"], wrong["code"]) == ("MONTH_NOT_OVER", "BAD_MONTH")


async def test_a_dead_letter_is_listed_discarded_and_requeued(store: Services) -> None:
    await store.dead_letters.write("a", "planted", 5)
    async with client(store, ADMIN) as api:
        gone = await do(api, "discardDeadLetter", scopeId="b", reason="why not")
        await do(api, "discardDeadLetter", scopeId="a", reason="a test")
        listed = await api.data("{ deadLetters { scopeId deliveries facts discardedBy discardedReason } }")
        assert (await do(api, "requeueDeadLetter", scopeId="a"))["scopeId"] == "a"
    assert gone["code"] == "UNKNOWN_DEAD_LETTER"
    assert listed["deadLetters"] == [
        {"scopeId": "a", "deliveries": 5, "facts": 0, "discardedBy": "ops", "discardedReason": "a test"}
    ]
    assert await store.news.outstanding() == 1
    assert len(await store.dead_letters.all()) == 1
