"""Rewards as they are posted."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Annotated

import strawberry

from api.context import Context, Info
from api.policies import READERS
from api.subscriptions.hub import Inbox
from api.types.fields import subscription
from api.types.member import Member
from api.types.reward_posted import RewardPosted
from graph.errors import UnknownMember
from graph.stream.announcements import Topic

LOOKS, PAUSE_S = 5, 0.05
"""How often to look for an entry whose commit is not to be seen yet."""

Beneficiary = Annotated[str, strawberry.argument(description="Whose rewards.")]


@strawberry.type
class RewardSubscriptions:
    """The subscriptions about rewards."""

    @subscription(
        description="Each change of a member's rewards from now on, soon after it is posted: new ones, additions, "
        "clawbacks. Nothing is sent again to who was not connected. UNKNOWN_MEMBER if there is none to be seen; "
        "while Redis is away a new subscription fails with STREAM_UNAVAILABLE and a running one waits, then goes on.",
        allow=READERS,
    )
    async def reward_posted(self, info: Info, member_id: Beneficiary) -> AsyncGenerator[RewardPosted, None]:
        """Watches before it answers, so that nothing posted after the answer is missed."""
        context: Context = info.context
        principal = context.principal
        if not principal.is_staff and principal.member_id != member_id:
            raise UnknownMember(member_id)
        if await Member.find(context, member_id) is None:
            raise UnknownMember(member_id)
        return _posted(context, await context.hub.watch(Topic.REWARD, member_id))


async def _posted(context: Context, inbox: Inbox) -> AsyncGenerator[RewardPosted, None]:
    """Each with loaders of its own: what was read for the last one may have changed."""
    lost = False
    while True:
        entry_id, missed = await inbox.next()
        posted = await _found(context, entry_id, missed=missed or lost)
        lost = posted is None
        if posted:
            yield posted


async def _found(context: Context, entry_id: str, *, missed: bool) -> RewardPosted | None:
    for look in range(LOOKS):
        await asyncio.sleep(look * PAUSE_S)
        context.forget()
        if posted := await RewardPosted.find(context, entry_id, missed=missed):
            return posted
    return None
