"""`threefold export`: whole tables, ordered by the facts alone, so that equal facts give equal files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graph.exchange.tables import write_rows
from graph.identity import IdentityField, mask_name
from graph.store.paging import stretches
from graph.times import shown

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping
    from pathlib import Path

    from graph.members import Member
    from graph.store.teams import Team
    from graph.wiring import Services

    Pages = AsyncIterator[list[tuple[Any, ...]]]

SEQS_AT_ONCE = 5_000
MEMBERS_AT_ONCE = 1_000
TEAMS_AT_ONCE = 200
REFUNDS_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Export:
    """One table: its columns, and how its rows are read page by page."""

    columns: Mapping[str, type]
    pages: Callable[[Services], Pages]


async def export(services: Services, name: str, file: Path, form: str) -> int:
    """Writes the table `name` to a file as csv or parquet; how many rows it has. Raises KeyError for other names."""
    table = EXPORTS[name]
    count = 0
    with write_rows(file, table.columns, form) as append:
        async for page in table.pages(services):
            if page:
                append(page)
                count += len(page)
    return count


async def _rewards(services: Services) -> Pages:
    for after, upto in await _stretches(services):
        yield [
            (
                reward.reward_id,
                reward.order_id,
                reward.plan_version,
                reward.rule,
                reward.beneficiary_id,
                reward.level,
                reward.slot,
                reward.anchor_order_id,
                reward.amount_minor,
                reward.currency,
                reward.state,
                shown(reward.created_at),
            )
            for reward in await services.ledger.rewards_between(after, upto)
        ]


async def _entries(services: Services) -> Pages:
    for after, upto in await _stretches(services):
        yield [
            (
                entry.entry_id,
                entry.reward_id,
                entry.cause,
                entry.beneficiary_id,
                entry.debit,
                entry.credit,
                entry.amount_minor,
                entry.currency,
                shown(entry.at),
            )
            for entry in await services.ledger.entries_between(after, upto)
        ]


async def _balances(services: Services) -> Pages:
    async for members in _members_by_page(services, MEMBERS_AT_ONCE):
        found = await services.ledger.balances([member.member_id for member in members])
        yield [
            (b.member_id, b.currency, b.pending_minor, b.available_minor, b.held_minor, b.paid_minor)
            for balances in found.values()
            for b in balances
        ]


async def _teams(services: Services) -> Pages:
    """One row a member and currency; a team without orders has one row without a currency."""
    async for members in _members_by_page(services, TEAMS_AT_ONCE):
        teams = await services.teams.by_members([member.member_id for member in members])
        yield [
            (member.member_id, member.depth, team.direct, team.size, minor, currency)
            for member in members
            for team in (teams[member.member_id],)
            for currency, minor in _volumes(team)
        ]


def _volumes(team: Team) -> list[tuple[str | None, int]]:
    return [(volume.currency, volume.volume_minor) for volume in team.volumes] or [(None, 0)]


async def _members(services: Services) -> Pages:
    """Names as masks: a file that leaves here is out of the reach of an erasure."""
    async for members in _members_by_page(services, MEMBERS_AT_ONCE):
        people = await services.people.of_members([member.member_id for member in members])
        names = {i: services.people.shown(person, IdentityField.NAME) for i, person in people.items()}
        yield [
            (m.member_id, m.referrer_id, shown(m.joined_at), name and mask_name(name), m.depth)
            for m in members
            for name in (names.get(m.member_id),)
        ]


async def _refunds(services: Services) -> Pages:
    """All refunds by id: what waits or was refused has no seq."""
    after = ""
    while page := await services.refunds.page(after, REFUNDS_AT_ONCE):
        yield [(r.refund_id, r.order_id, r.amount_minor, shown(r.refunded_at), r.status) for r in page]
        after = page[-1].refund_id


async def _stretches(services: Services) -> list[tuple[int, int]]:
    return stretches(0, (await services.log.position()).mark, SEQS_AT_ONCE)


async def _members_by_page(services: Services, count: int) -> AsyncIterator[list[Member]]:
    after = ""
    while page := await services.members.page(after, count):
        yield page
        after = page[-1].member_id


def _columns(names: str) -> dict[str, type]:
    """The columns named, those with an ending that means a number as integers."""
    numbers = ("_minor", "version", "level", "slot", "depth", "direct", "size")
    return {name: int if name.endswith(numbers) else str for name in names.split()}


EXPORTS: dict[str, Export] = {
    "rewards": Export(
        _columns(
            "reward_id order_id plan_version rule beneficiary_id level slot anchor_order_id"
            " amount_minor currency state created_at"
        ),
        _rewards,
    ),
    "balances": Export(_columns("member_id currency pending_minor available_minor held_minor paid_minor"), _balances),
    "entries": Export(
        _columns("entry_id reward_id cause beneficiary_id debit credit amount_minor currency created_at"),
        _entries,
    ),
    "teams": Export(_columns("member_id depth direct size volume_minor currency"), _teams),
    "refunds": Export(_columns("refund_id order_id amount_minor refunded_at status"), _refunds),
    "members": Export(_columns("member_id referrer_id joined_at name depth"), _members),
}
