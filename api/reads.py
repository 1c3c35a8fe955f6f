"""All that resolvers may read, bound to the sight of who asks. No resolver of a query or a type reaches a store.

Staff pay nothing for it. For a member, whoever and whatever is not seen is answered as what is not there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.loaders import NOBODY, Loaders
from graph.access.sight import answer_without_strangers, people, people_of, without_strangers
from graph.desk_errors import UnknownPayout
from graph.errors import UnknownMember, UnknownOrder
from graph.identity import IdentityField, mask_id_number, mask_name, mask_phone
from graph.store.teams import EVERY_LEVEL

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from graph.access.sight import Sight
    from graph.adjustments import Adjustment
    from graph.explanation import Explanation
    from graph.ledger import Balance, PostedReward
    from graph.members import Ancestor, Member
    from graph.orders import Order
    from graph.payouts import Payout, PayoutBatch
    from graph.plan import PlanVersion, ScheduledPlan
    from graph.reasons import Answer
    from graph.refunds import Refund
    from graph.store.dead_letters import DeadLetter
    from graph.store.ledger import PostedEntry
    from graph.store.teams import TeamDay
    from graph.wiring import Services


MASKS = {
    IdentityField.NAME: mask_name,
    IdentityField.PHONE: mask_phone,
    IdentityField.ID_NUMBER: mask_id_number,
}


class Reads:
    """One request's reads. Pages take a place and a count; what is None is not seen, or not there."""

    def __init__(self, services: Services, sight: Sight) -> None:
        self._services = services
        self.sight = sight
        self.loaders = Loaders(services, sight)

    async def reach(self, member_id: str) -> int:
        """How many levels below a member are shown."""
        if self.sight.sees_all:
            return EVERY_LEVEL
        return self.sight.reach(await self._level(member_id))

    async def upline(self, member_id: str, max_level: int) -> list[Ancestor]:
        """Everybody above a member who is seen, nearest first."""
        if not self.sight.sees_all and await self._level(member_id) is None:
            return []
        return await self.loaders.upline_by_member_id.load((member_id, max_level)) or []

    async def personal(self, member_id: str, name: IdentityField) -> str | None:
        """What is known of a person, masked unless it is the viewer. Ask it of whoever may be named only."""
        person = await self.loaders.person_by_member_id.load(member_id)
        value = self._services.people.shown(person, name)
        return value if value is None or member_id == self.sight.viewer else MASKS[name](value)

    async def number(self, member_id: str, name: IdentityField) -> str | None:
        """A phone or an ID number: for the person and for staff."""
        return await self.personal(member_id, name) if self.sight.owns(member_id) else None

    def shown(self, member: Member) -> Member:
        """A member just written, as whoever wrote may see them."""
        return self.sight.shown(member, None)

    async def downline(
        self, member_id: str, max_level: int, after: tuple[int, str], count: int
    ) -> list[tuple[int, Member]]:
        """The next of a member's downline with their levels; what is too deep is as if it did not exist."""
        members, sight = self._services.members, self.sight
        if sight.sees_all:
            rows = await members.downline(member_id, max_level, after, count)
            return [(below, sight.shown(member, None)) for below, member in rows]
        level = await self._level(member_id)
        reach = min(max_level, sight.reach(level))
        if level is None or not reach:
            return []
        rows = await members.downline(member_id, reach, after, count)
        for below, member in rows:
            self.loaders.level_by_member_id.prime(member.member_id, level + below)
        return [(below, sight.shown(member, level + below)) for below, member in rows]

    async def members(self, after_id: str, count: int) -> list[Member]:
        """All members by id: for staff."""
        rows = [self.sight.shown(row, None) for row in await self._services.members.page(after_id, count)]
        for row in rows:
            self.loaders.member_by_id.prime(row.member_id, row)
        return rows

    async def member_count(self) -> int:
        """How many members there are: for staff."""
        return await self._services.members.count()

    async def has_books_of(self, member_id: str) -> bool:
        """Whether there is such a member, whose orders and money are shown. Of others it is not even asked."""
        return self.sight.owns(member_id) and await self.loaders.member_by_id.load(member_id) is not None

    async def orders(self, member_id: str | None, before: int, count: int) -> list[Order] | None:
        """Numbered orders before a seq: of one member, or all that are shown. None where none may be."""
        store = self._services.orders
        if member_id is None and self.sight.sees_all:
            return await store.page(before, count)
        owner = member_id if member_id is not None else self.sight.viewer
        if owner is None or not self.sight.owns(owner):
            return None
        return await store.of_member(owner, before, count)

    async def rewards(self, member_id: str, before: tuple[int, str], count: int) -> list[PostedReward] | None:
        """A member's rewards before a place; None if they are not shown."""
        if not self.sight.owns(member_id):
            return None
        return await self._services.ledger.rewards_of_member(member_id, before, count)

    async def entries(self, member_id: str, before: tuple[int, str], count: int) -> list[PostedEntry] | None:
        """A member's ledger entries before a place; None if they are not shown."""
        if not self.sight.owns(member_id):
            return None
        return await self._services.ledger.entries_of_member(member_id, before, count)

    async def rewards_of_order(self, order_id: str) -> list[PostedReward]:
        """What an order made due, to a member who asks: to them."""
        if not self.sight.sees_all:
            return await self.loaders.rewards_by_order.load((order_id, None))
        order = await self.loaders.order_by_id.load(order_id)
        return [] if order is None else await self.loaders.rewards_by_order.load((order_id, order.seq))

    async def refunds_of_order(self, order: Order) -> list[Refund]:
        """The refunds of an order, if it is shown."""
        if not self.sight.owns(order.member_id):
            return []
        return await self.loaders.refunds_by_order_id.load(order.order_id) or []

    async def balance(self, member_id: str) -> list[Balance] | None:
        """A member's money; None if it is not one's own."""
        return await self.loaders.balance_by_member_id.load(member_id) if self.sight.owns(member_id) else None

    async def team_rewards(self, member_id: str) -> list[Balance] | None:
        """What a team earned together; None for a member: it is the money of others."""
        return await self.loaders.team_rewards_by_member_id.load(member_id) if self.sight.sees_all else None

    async def team_active(self, member_id: str, since: datetime) -> int:
        """How many of a team completed an order since a moment."""
        reach = await self.reach(member_id)
        return await self.loaders.team_active_by_member_id.load((member_id, (since, reach))) or 0 if reach else 0

    async def team_trend(self, member_id: str, since: datetime) -> list[TeamDay]:
        """The days on which a team completed orders since a moment."""
        reach = await self.reach(member_id)
        return await self.loaders.team_trend_by_member_id.load((member_id, (since, reach))) or [] if reach else []

    async def explanation(self, reward_id: str) -> Explanation | None:
        """How a reward came to its amount."""
        if not self.sight.sees_all and await self.loaders.reward_by_id.load(reward_id) is None:
            return None
        found = await self.loaders.explanation_by_reward_id.load(reward_id)
        if found is None or self.sight.sees_all:
            return found
        return without_strangers(found, await self._seen_of(people(found)), self.sight)

    async def why_not(self, order_id: str, member_id: str | None) -> tuple[Order, list[Answer]]:
        """What an order gave its buyer's upline, and why not more. A member asks about themself alone, of orders of
        themself and of the downline; raises UnknownMember and UnknownOrder for the rest, as for what is not there."""
        explanations, viewer = self._services.explanations, self.sight.viewer
        if self.sight.sees_all:
            return await explanations.why_not(order_id, member_id)
        if viewer is None or member_id not in (None, viewer):
            raise UnknownMember(member_id or "")
        order = await self.loaders.any_order_by_id.load(order_id)
        level = await self._level(NOBODY if order is None else order.member_id)
        if order is None or level is None:
            raise UnknownOrder(order_id)
        order, answers = await explanations.why_not(order_id, viewer)
        seen = await self._seen_of(people_of(answers))
        return order, [answer_without_strangers(answer, seen) for answer in answers]

    async def payouts(self, member_id: str | None, before: tuple[str, str], count: int, *, all_: bool) -> list[Payout]:
        """Payouts before a place: of one member, or all; unless `all_` may be seen, only of the viewer."""
        store, viewer = self._services.desk.payouts, self.sight.viewer
        if all_:
            return await (store.page(before, count) if member_id is None else store.of_member(member_id, before, count))
        if viewer is None or member_id not in (None, viewer):
            return []
        return await store.of_member(viewer, before, count)

    async def payout_batch(self, batch_id: str) -> PayoutBatch | None:
        """A batch with its sums."""
        try:
            return await self._services.desk.payouts.batch(batch_id)
        except UnknownPayout:
            return None

    async def payouts_of_batch(self, batch_id: str, after: tuple[str, str], count: int) -> list[Payout]:
        """The payouts of a batch after a (member, currency)."""
        return await self._services.desk.payouts.of_batch(batch_id, after, count)

    async def adjustments(self, before: tuple[str, str], count: int) -> list[Adjustment]:
        """Adjustments before a place."""
        return await self._services.desk.adjustments.page(before, count)

    async def dead_letters(self) -> list[DeadLetter]:
        """All of them, discarded ones too."""
        return await self._services.dead_letters.with_discarded()

    async def plans(self) -> list[PlanVersion]:
        """Every published version."""
        return await self._services.plans.all()

    async def scheduled_plans(self) -> list[ScheduledPlan]:
        """What waits to be published."""
        return await self._services.plans.scheduled()

    async def _level(self, member_id: str) -> int | None:
        """How far below the viewer; for members only."""
        return await self.loaders.level_by_member_id.load(member_id)

    async def _seen_of(self, member_ids: Iterable[str]) -> set[str]:
        """Those of these members who are seen."""
        asked = sorted(member_ids)
        levels = await self.loaders.level_by_member_id.load_many(asked)
        return {member_id for member_id, level in zip(asked, levels, strict=True) if level is not None}
