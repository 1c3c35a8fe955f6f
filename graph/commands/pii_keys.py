"""The master keys that wrap persons' keys: list, rotate, retire, status."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from graph.commands.console import AsJson, progress_bar, say, with_services
from graph.privacy.master_keys import FileMasterKeys
from graph.store.person_keys import LEAST_IDLE, NO_TIME

if TYPE_CHECKING:
    from graph.wiring import Services

app = typer.Typer(no_args_is_help=True, help="List, rotate and retire the keys that personal values are sealed under.")


@app.command("list")
def list_(*, as_json: AsJson = False) -> None:
    """Say which master keys there are, and how many persons' keys each wraps."""
    keys = with_services(_keys)
    lines = [f"{key['kid']}  {key['state']}  {key['persons']} person(s)" for key in keys]
    say("\n".join(lines), {"keys": keys}, as_json=as_json)


@app.command()
def rotate(*, as_json: AsJson = False) -> None:
    """Make a new master key and wrap every person's key by it, online. Run it again if it was cut off."""
    with progress_bar() as report:
        rotation = with_services(lambda services: services.person_keys.rotate(getpass.getuser(), report))
    payload = {"active": rotation.kid, "rewrapped": rotation.rewrapped, "resumed": rotation.resumed}
    begun = "An earlier rotation is finished" if rotation.resumed else "Rotated"
    say(f"{begun}: {rotation.rewrapped} key(s) are now under {rotation.kid}.", payload, as_json=as_json)


@app.command()
def retire(
    kid: Annotated[str, typer.Argument(help="The master key.")],
    *,
    at_once: Annotated[
        bool, typer.Option("--at-once", help="No process writes: do not wait until none can be wrapping by it.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Remove a master key that wraps nothing any more. Backups from before the rotation then cannot be read."""
    least_idle = NO_TIME if at_once else LEAST_IDLE
    with_services(lambda services: services.person_keys.retire(kid, getpass.getuser(), least_idle))
    say(f"The master key {kid} is removed.", {"retired": kid}, as_json=as_json)


@app.command()
def status(*, as_json: AsJson = False) -> None:
    """Say whether keys, register and database fit together, and whether a rotation is unfinished. Exit 3 if not."""

    async def work(services: Services) -> dict[str, Any]:
        keys, keyring = await _keys(services), services.people.keyring
        return {
            "active": keyring.masters.active,
            "installation": keyring.installation,
            "unfinished": sum(key["persons"] for key in keys if key["state"] != "active"),
            "missing": [key["kid"] for key in keys if key["state"] == "missing"],
            "erasures": await services.erasure.checked(),
        }

    payload = with_services(work)
    text = f"Active: {payload['active']}. {payload['erasures']} erasure(s)."
    if payload["unfinished"]:
        text += f" {payload['unfinished']} person(s) are under other keys: run `threefold pii-key rotate`."
    if payload["missing"]:
        text += f" Missing: {', '.join(payload['missing'])}; restore the key file from a copy."
    say(text, payload, as_json=as_json)


async def _keys(services: Services) -> list[dict[str, Any]]:
    masters, counts = services.people.keyring.masters, await services.person_keys.kids()
    known = masters.file.keys().masters if isinstance(masters, FileMasterKeys) else {}
    rows = []
    for kid in sorted(known.keys() | counts.keys() | {masters.active}):
        state = "active" if kid == masters.active else "idle" if masters.has(kid) else "missing"
        key = known.get(kid)
        made = {"made_at": key.made_at, "idle_since": key.idle_since} if key else {}
        rows.append({"kid": kid, "state": state, "persons": counts.get(kid, 0), **made})
    return rows
