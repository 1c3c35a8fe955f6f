"""rewardPosted, from an order to the one who watches: over a socket, over an event stream, with Redis away."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

from e2e.streaming import WATCH, Site, site

from seeds import plans

if TYPE_CHECKING:
    from graph.wiring import Services


async def ada_and_bo(site: Site) -> None:
    """Bo under Ada, who has an order that waits for referrals."""
    await site.api.enroll(memberId="ada")
    await site.api.enroll(memberId="bo", referrerId="ada")
    await site.api.complete(orderId="o-1", memberId="ada", completedAt="2026-01-01T12:00:00Z")


async def test_an_order_reaches_who_watches_the_referrer(store: Services) -> None:
    async with site(store) as served:
        await ada_and_bo(served)
        async with served.socket() as socket:
            await socket.greet()
            await socket.watch("ada")
            await served.api.complete(orderId="o-2", memberId="bo", completedAt="2026-01-02T12:00:00Z")
            posted = (await socket.next())["rewardPosted"]
    assert posted["amount"] == {"amountMinor": "5980", "formatted": "59.80 CNY"}
    assert posted["reward"]["order"] == {"orderId": "o-2"}
    assert posted["entry"] == {"cause": "completion:o-2"}
    assert posted["missed"] is False


async def test_a_clawback_is_told_as_less_than_nothing_over_an_event_stream(store: Services) -> None:
    async with site(store) as served:
        await ada_and_bo(served)
        async with served.events(WATCH, memberId="ada") as events:
            await asyncio.sleep(0.3)
            await served.api.complete(orderId="o-2", memberId="bo", completedAt="2026-01-02T12:00:00Z")
            name, gain = await anext(events)
            await served.api.refund(refundId="r-1", orderId="o-2", amountMinor=29900, refundedAt="2026-01-03T12:00:00Z")
            _, loss = await anext(events)
    assert name == "next"
    assert gain["data"]["rewardPosted"]["amount"]["amountMinor"] == "5980"
    assert loss["data"]["rewardPosted"]["amount"]["amountMinor"] == "-5980"
    assert loss["data"]["rewardPosted"]["reward"]["amount"] == {"formatted": "0.00 CNY"}


async def test_the_sequence_announces_as_the_workers_do(store: Services) -> None:
    async with site(store) as served:
        capped = json.loads(plans.preset("three-for-one")) | {"max_payout_bp": 1000}
        await store.plans.publish(json.dumps(capped), "a test", await store.clock().stamp())
        await ada_and_bo(served)
        async with served.socket() as socket:
            await socket.greet()
            await socket.watch("ada")
            await served.api.complete(orderId="o-2", memberId="bo", completedAt="2026-01-02T12:00:00Z")
            posted = (await socket.next())["rewardPosted"]
    assert posted["amount"]["formatted"] == "29.90 CNY"
