"""The settlement desk: hold, release, withdraw, adjust, approve, reject, month-end."""

from __future__ import annotations

import getpass
from secrets import token_hex
from typing import TYPE_CHECKING, Annotated, Any

import typer

from graph.adjustments import AdjustmentStatus, signed_amount
from graph.commands.console import AsJson, say, with_services
from graph.members import member_id
from graph.money import amount_minor, formatted
from graph.payouts import Withdrawal
from graph.store.adjustments import Wish
from graph.times import shown

if TYPE_CHECKING:
    from graph.adjustments import Adjustment
    from graph.holds import Hold
    from graph.payouts import Payout
    from graph.wiring import Services

Actor = Annotated[
    str, typer.Option(default_factory=getpass.getuser, show_default="your user name", help="Who does it.")
]
Reason = Annotated[str, typer.Option(help="Why, in a few words.")]
Key = Annotated[str | None, typer.Option(help="Idempotency key, for a script that may run twice.")]


def hold(
    reward_ids: Annotated[list[str], typer.Argument(help="The rewards, all or none.")],
    reason: Reason,
    actor: Actor,
    hold_id: Annotated[str | None, typer.Option("--id", help="Its id; the same again changes nothing.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Keep rewards back for a review: neither settled nor paid until they are released."""
    key = hold_id or token_hex(8)
    held = with_services(lambda services: services.desk.holds.hold(reward_ids, key, actor, reason))
    _say_hold(held, as_json=as_json)


def release(
    hold_id: Annotated[str, typer.Argument(help="The hold.")],
    reason: Reason,
    actor: Actor,
    *,
    as_json: AsJson = False,
) -> None:
    """Give the rewards of a hold free again, each where it was."""
    _say_hold(with_services(lambda services: services.desk.holds.release(hold_id, actor, reason)), as_json=as_json)


def _say_hold(found: Hold, *, as_json: bool) -> None:
    payload = {
        "hold_id": found.hold_id,
        "status": found.status,
        "reward_ids": found.reward_ids,
        "actor": found.actor,
        "reason": found.reason,
        "at": shown(found.at),
    }
    say(f"Hold {found.hold_id}: {len(found.reward_ids)} reward(s) {found.status}.", payload, as_json=as_json)


def withdraw(
    member: Annotated[str, typer.Argument(help="Whose money.")],
    amount: Annotated[str, typer.Argument(help="Whole minor units, such as 29900.")],
    actor: Actor,
    currency: Annotated[str, typer.Option(help="ISO 4217 code.")] = "CNY",
    key: Key = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Pay a member part of what they have available."""
    wish = Withdrawal(member_id(member), currency, amount_minor(amount), key or token_hex(16))
    payout = with_services(lambda services: services.desk.withdrawals.withdraw(wish, actor))
    text = f"Payout {payout.payout_id}: {formatted(payout.amount_minor, payout.currency)} to {payout.member_id}."
    say(text, payout_payload(payout), as_json=as_json)


def payout_payload(payout: Payout) -> dict[str, Any]:
    """A payout as JSON shows it."""
    return {
        "payout_id": payout.payout_id,
        "batch_id": payout.batch_id,
        "member_id": payout.member_id,
        "currency": payout.currency,
        "amount_minor": payout.amount_minor,
        "status": payout.status,
        "at": shown(payout.at),
        "reference": payout.reference,
    }


def adjust(  # noqa: PLR0913  one argument each of what an adjustment is
    member: Annotated[str, typer.Argument(help="Whose money.")],
    amount: Annotated[str, typer.Option(help="Whole minor units; below zero takes, as in --amount=-500.")],
    reason: Reason,
    actor: Actor,
    currency: Annotated[str, typer.Option(help="ISO 4217 code.")] = "CNY",
    adjustment_id: Annotated[str | None, typer.Option("--id", help="Its id; the same again changes nothing.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Give or take money by hand. A large amount is only proposed, and needs `approve` by somebody else."""
    wish = Wish(adjustment_id or token_hex(8), member, currency, signed_amount(amount), reason)
    _say_adjustment(with_services(lambda services: services.desk.adjustments.adjust(wish, actor)), as_json=as_json)


def approve(
    adjustment_id: Annotated[str, typer.Argument(help="The adjustment.")], actor: Actor, *, as_json: AsJson = False
) -> None:
    """Post an adjustment that somebody else proposed."""
    found = with_services(lambda services: services.desk.adjustments.approve(adjustment_id, actor))
    _say_adjustment(found, as_json=as_json)


def reject(
    adjustment_id: Annotated[str, typer.Argument(help="The adjustment.")],
    reason: Reason,
    actor: Actor,
    *,
    as_json: AsJson = False,
) -> None:
    """Give a proposed adjustment up."""
    found = with_services(lambda services: services.desk.adjustments.reject(adjustment_id, actor, reason))
    _say_adjustment(found, as_json=as_json)


def _say_adjustment(found: Adjustment, *, as_json: bool) -> None:
    text = (
        f"Adjustment {found.adjustment_id}: {formatted(found.amount_minor, found.currency)} for {found.member_id}"
        f" is {found.status}."
    )
    if found.status is AdjustmentStatus.PROPOSED:
        text += f" Somebody other than {found.actor} must approve it: `threefold approve {found.adjustment_id}`."
    payload = {
        "adjustment_id": found.adjustment_id,
        "status": found.status,
        "member_id": found.member_id,
        "currency": found.currency,
        "amount_minor": found.amount_minor,
        "reason": found.reason,
        "actor": found.actor,
        "decided_by": found.decided_by,
        "at": shown(found.at),
    }
    say(text, payload, as_json=as_json)


def month_end(
    month: Annotated[str, typer.Argument(help="A month that is over, such as 2026-01.")],
    actor: Actor,
    *,
    as_json: AsJson = False,
) -> None:
    """Close a month, so that its team tiers fall due. Closing it again changes nothing."""

    async def work(services: Services) -> bool:
        return await services.desk.months.close(month, actor, await services.clock().stamp())

    new = with_services(work)
    text = f"The month {month} is closed." if new else f"The month {month} had been closed before."
    say(text, {"month": month, "new": new}, as_json=as_json)
