"""`threefold token`: a token of the local signing key, and taking tokens back."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime
from typing import Annotated

import typer

from graph.access.opening import sign_token
from graph.access.tokens import KEY_PREFIX
from graph.commands.console import AsJson, read_settings, say, with_services
from graph.commands.desk import Actor  # noqa: TC001  typer reads the annotations
from graph.commands.durations import duration
from graph.errors import InvalidInput
from graph.members import identifier
from graph.principals import Principal, Role, granted
from graph.times import shown

app = typer.Typer(help="Print a token for the API, signed by the local key; take tokens back.")

Roles = Annotated[list[str] | None, typer.Option("--role", help="A role, once for each: " + ", ".join(Role) + ".")]
Member = Annotated[str | None, typer.Option("--member", help="Act as this member: the role member comes with it.")]


def wanted_roles(roles: list[str] | None, member: str | None, otherwise: list[str]) -> list[str]:
    """The roles asked for; a member brings theirs along."""
    return [*(roles or []), *([Role.MEMBER] if member else [])] or otherwise


@app.callback(invoke_without_command=True)
def token(
    context: typer.Context,
    role: Roles = None,
    member: Member = None,
    name: Annotated[
        str | None, typer.Option(help="Who it is for, as the audit will say.", show_default="the member, or you")
    ] = None,
    ttl: Annotated[str, typer.Option(help="How long it is valid, such as 30m or 8h.")] = "1h",
    *,
    as_json: AsJson = False,
) -> None:
    """Print a token for the API: for an analyst, unless roles are given."""
    if context.invoked_subcommand is not None:
        return
    roles, member_id = granted(wanted_roles(role, member, [Role.ANALYST]), member)
    subject = identifier((member or getpass.getuser()) if name is None else name, "name")
    if subject.startswith(KEY_PREFIX):
        raise InvalidInput("name", f"Names beginning with {KEY_PREFIX} are those of API keys.", code="BAD_ID")
    valid_for = duration(ttl, "ttl")
    text = sign_token(read_settings(), Principal(subject, roles, member_id), valid_for)
    payload = {
        "token": text,
        "name": subject,
        "roles": sorted(roles),
        "member_id": member_id,
        "expires_at": shown((datetime.now(UTC) + valid_for).replace(microsecond=0)),
    }
    say(text, payload, as_json=as_json)


@app.command()
def revoke(
    subject: Annotated[str, typer.Argument(help="Whose tokens: the name (`sub`) that they were issued for.")],
    actor: Actor,
    *,
    as_json: AsJson = False,
) -> None:
    """Refuse every token that somebody has been issued so far, within a minute everywhere."""
    before = with_services(lambda services: services.revocations.revoke(subject, actor))
    text = f"The tokens of {subject} issued before {shown(before)} are refused, within a minute everywhere."
    say(text, {"subject": subject, "before": shown(before)}, as_json=as_json)
