"""Announcements over a real Redis, and the hub that hands them out."""

from __future__ import annotations

import asyncio
import gc
import time
from typing import TYPE_CHECKING

import pytest

from api.subscriptions.hub import WAITING, Hub, Inbox
from graph.errors import StreamUnavailable
from graph.stream.announcements import AT_ONCE, KEY, Announcement, Announcements, Topic
from graph.stream.connection import connect

if TYPE_CHECKING:
    from graph.wiring import Services

NOWHERE = "redis://127.0.0.1:1"
WITHIN_S = 30


def news(*references: str, of: str = "ada") -> list[Announcement]:
    return [Announcement(Topic.REWARD, of, reference) for reference in references]


async def hear(inbox: Inbox) -> tuple[str, bool]:
    async with asyncio.timeout(WITHIN_S):
        return await inbox.next()


async def test_what_is_said_is_heard_in_order_however_many(store: Services) -> None:
    stream, said = store.announcements, news(*map(str, range(3 * AT_ONCE + 7)))
    place = await stream.newest()
    await stream.say(Topic.REWARD, said)
    heard = await stream.read(place)
    assert list(heard.announcements) == said
    assert (await stream.read(heard.place)).announcements == []


async def test_everybody_hears_their_own_and_only_from_now_on(store: Services) -> None:
    hub = Hub(store.announcements)
    await store.announcements.say(Topic.REWARD, news("before"))
    first, second = await hub.watch(Topic.REWARD, "ada"), await hub.watch(Topic.REWARD, "ada")
    other = await hub.watch(Topic.REWARD, "bo")
    await store.announcements.say(Topic.REWARD, [*news("1", "2"), *news("3", of="bo")])
    for inbox in (first, second):
        assert [await hear(inbox), await hear(inbox)] == [("1", False), ("2", False)]
    assert await hear(other) == ("3", False)


async def test_who_reads_slowly_loses_the_oldest_and_is_told() -> None:
    inbox = Inbox()
    for number in range(WAITING + 5):
        inbox.put(str(number))
    assert await hear(inbox) == ("5", True)
    assert await hear(inbox) == ("6", False)
    assert len(inbox.waiting) == WAITING - 2


async def test_the_engine_neither_fails_nor_waits_while_redis_is_away() -> None:
    redis = connect(NOWHERE)
    stream = Announcements(redis)
    began = time.monotonic()
    for _ in range(100):
        await stream.say(Topic.REWARD, news("1"))
    assert time.monotonic() - began < 5
    await redis.aclose()


async def test_a_new_subscriber_is_refused_while_redis_is_away() -> None:
    redis = connect(NOWHERE)
    with pytest.raises(StreamUnavailable):
        await Hub(Announcements(redis)).watch(Topic.REWARD, "ada")
    await redis.aclose()


async def test_a_broken_connection_loses_nothing(store: Services) -> None:
    hub = Hub(store.announcements)
    inbox = await hub.watch(Topic.REWARD, "ada")
    await store.announcements.say(Topic.REWARD, news("1"))
    assert await hear(inbox) == ("1", False)
    await store.news.redis.client_kill_filter(_type="normal", skipme=True)
    await store.announcements.say(Topic.REWARD, news("2"))
    assert await hear(inbox) == ("2", False)


async def test_what_the_stream_no_longer_holds_is_told_as_missed(store: Services) -> None:
    stream = store.announcements
    await stream.say(Topic.REWARD, news("1"))
    place = await stream.newest()
    assert await stream.keeps(place)
    for number in range(2):
        await stream.say(Topic.REWARD, news(str(number)))
    await store.news.redis.xtrim(KEY, maxlen=1, approximate=False)
    assert not await stream.keeps(place)


async def test_nobody_is_listened_for_once_all_have_gone(store: Services) -> None:
    hub = Hub(store.announcements)
    inbox = await hub.watch(Topic.REWARD, "ada")
    listening = hub.listening
    assert listening
    del inbox
    gc.collect()
    async with asyncio.timeout(WITHIN_S):
        await listening
