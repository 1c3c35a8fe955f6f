"""17, 18: tokens that were forged, and proofs that were taken back."""

from __future__ import annotations

import asyncio
import json
import time
from base64 import urlsafe_b64decode

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from forgeries import FORGERIES, Forge, b64

from attacks.target import Attack, Target, refused
from graph.principals import Role
from graph.store.api_keys import KeyWish

PLANS = "{ plans { version } }"
SETTLE = 'mutation { settle(input: {asOf: "2026-01-01T00:00:00Z"}) { __typename } }'
WITHIN_S = 60.0


async def forged_tokens(target: Target) -> None:
    if target.without(target.inside, "forgeries by who holds the signing key; a stranger's key signed them"):
        forge = Forge(Ed25519PrivateKey.generate())
    else:
        assert target.inside
        forge = target.inside.forge()
        assert (await target.by(forge.token(), PLANS)).status == 200, "what all others are made from passes"
    answers = {name: await target.by(make(forge), PLANS) for name, (_, make) in FORGERIES.items()}
    head, payload, signature = target.token.split(".")
    for forged in ("", "x", f"{head}.{payload}.", f"{head}..{signature}", f"{payload}.{head}.{signature}", "tfk_0_0"):
        answers[f"edited {len(answers)}"] = await target.by(forged or "x.y.z", PLANS)
    told = set()
    for name, answer in answers.items():
        if name == "too long" and answer.status == 431:
            continue
        assert answer.status == 401, (name, answer)
        assert answer.codes == ["UNAUTHENTICATED"], name
        told.add(answer.json["errors"][0]["message"])
    assert len(told) == 1, "the reason is told to nobody"


async def escalated(target: Target) -> None:
    """With the ages of production: each must be refused within a minute, wherever it is remembered."""
    if target.without(target.inside, "revocations and the rotation of the signing key"):
        return
    inside = target.inside
    assert inside
    name, forge = target.name("sub"), inside.forge()
    removed = inside.token(name, Role.FINANCE)
    key, api_key = await inside.services.api_keys.create(KeyWish(name, ("finance",)), "attacks")
    await asyncio.sleep(1.1)  # a key is known everywhere a second after it was made
    refused(await target.by(_edited(removed, ["admin"]), PLANS), "UNAUTHENTICATED", statuses=(401,))
    for good in (removed, api_key):
        answer = await target.by(good, PLANS)
        assert answer.status == 200, (answer, target.log and target.log()[-500:])
    await inside.services.revocations.revoke(name, "attacks")
    await inside.services.api_keys.revoke(key.key_id, "attacks")
    role_s, key_s = await asyncio.gather(_until_refused(target, removed), _until_refused(target, api_key))
    took = {"role removed": role_s, "API key": key_s}
    old = inside.token(f"{name}-2", Role.FINANCE)
    assert (await target.by(old, PLANS)).status == 200
    with inside.another_signing_key():
        new = inside.token(f"{name}-2", Role.ANALYST)
        assert (await target.by(new, PLANS)).status == 200
        refused(await target.by(new, SETTLE), "FORBIDDEN")
        for claims in ({}, {"roles": ["admin"]}, {"roles": ["finance"], "sub": f"{name}-2"}):
            answer = await target.by(forge.token(**claims), PLANS)
            refused(answer, "UNAUTHENTICATED", statuses=(401,))
        took["old signing key"] = await _until_refused(target, old)
    print("   seconds until refused: " + ", ".join(f"{what} {seconds:.0f}" for what, seconds in took.items()))


async def _until_refused(target: Target, token: str) -> float:
    begun = time.monotonic()
    while (answer := await target.by(token, PLANS)).status == 200:
        assert time.monotonic() - begun < WITHIN_S
        await asyncio.sleep(0.5)
    refused(answer, "UNAUTHENTICATED", statuses=(401,))
    return time.monotonic() - begun


def _edited(token: str, roles: list[str]) -> str:
    """The same token with other roles in it."""
    head, payload, signature = token.split(".")
    claims = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return f"{head}.{b64(json.dumps(claims | {'roles': roles}).encode())}.{signature}"


ATTACKS = [
    Attack(17, "forged tokens: none, HS/RS swap, crit, kid a path, expired, JSON, ...", "401 each", forged_tokens),
    Attack(
        18,
        "a role escalated, under a known kid and under an old key; a role, an API key, the signing key taken back",
        "401 within a minute",
        escalated,
    ),
]
