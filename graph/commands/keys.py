"""`threefold api-key`: keys for machines, created, listed, taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from graph.commands.console import AsJson, errors, say, with_services
from graph.commands.desk import Actor  # noqa: TC001  typer reads the annotations
from graph.commands.durations import duration
from graph.commands.tokens import Member, Roles, wanted_roles
from graph.store.api_keys import KeyWish
from graph.times import shown

if TYPE_CHECKING:
    from datetime import datetime

    from graph.access.api_keys import ApiKey

app = typer.Typer(no_args_is_help=True, help="API keys for machines: create, list, revoke.")


@app.command()
def create(
    name: Annotated[str, typer.Option(help="Whose key, as the audit will say after `key:`.")],
    actor: Actor,
    role: Roles = None,
    member: Member = None,
    expires: Annotated[
        str | None, typer.Option(help="After how long it ends, such as 90d.", show_default="never")
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Create a key and print it: this once, since only a hash of it is stored."""
    valid_for = None if expires is None else duration(expires, "expires")
    wish = KeyWish(name, tuple(wanted_roles(role, member, [])), member, valid_for)
    key, text = with_services(lambda services: services.api_keys.create(wish, actor))
    if not as_json:
        errors.print(f"API key {key.key_id} of {key.name}, shown this once:", markup=False)
    say(text, {"key": text, **key_payload(key)}, as_json=as_json)


@app.command("list")
def list_(*, as_json: AsJson = False) -> None:
    """List all keys, newest first, and when each was last used; never a secret."""
    keys = with_services(lambda services: services.api_keys.all())
    text = "\n".join(map(_line, keys)) or "There are no API keys."
    say(text, {"keys": [key_payload(key) for key in keys]}, as_json=as_json)


@app.command()
def revoke(
    key_id: Annotated[str, typer.Argument(help="The id of the key, as `list` shows it.")],
    actor: Actor,
    *,
    as_json: AsJson = False,
) -> None:
    """Take a key back for good, within half a minute everywhere."""
    key = with_services(lambda services: services.api_keys.revoke(key_id, actor))
    say(f"API key {key.key_id} of {key.name} is revoked.", key_payload(key), as_json=as_json)


def key_payload(key: ApiKey) -> dict[str, Any]:
    """A key as JSON shows it."""
    return {
        "key_id": key.key_id,
        "name": key.name,
        "roles": sorted(key.roles),
        "member_id": key.member_id,
        "created_by": key.created_by,
        "created_at": shown(key.created_at),
        "expires_at": _moment(key.expires_at),
        "revoked_at": _moment(key.revoked_at),
        "last_used_at": _moment(key.last_used_at),
    }


def _line(key: ApiKey) -> str:
    end = f"revoked {_moment(key.revoked_at)}" if key.revoked_at else f"ends {_moment(key.expires_at) or 'never'}"
    used = _moment(key.last_used_at) or "never"
    return f"{key.key_id}  {key.name}  {','.join(sorted(key.roles))}  {end}  last used {used}"


def _moment(moment: datetime | None) -> str | None:
    return shown(moment) if moment else None
