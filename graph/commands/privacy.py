"""What is done to what is known of a person: erase."""

from __future__ import annotations

from typing import Annotated

import typer

from graph.commands.console import AsJson, say, with_services
from graph.commands.desk import Actor, Reason  # noqa: TC001  typer reads the annotations
from graph.times import shown


def erase(
    member: Annotated[str, typer.Argument(help="Whom.")],
    reason: Reason,
    actor: Actor,
    *,
    as_json: AsJson = False,
) -> None:
    """Destroy what is known of a member for good. Their place, their money and the audit stay."""
    erasure = with_services(lambda services: services.erasure.erase(member, reason, actor))
    payload = {
        "member_id": erasure.member_id,
        "erased_at": shown(erasure.erased_at),
        "identifiers": erasure.identifiers,
    }
    say(f"Member {erasure.member_id} is erased since {payload['erased_at']}.", payload, as_json=as_json)
