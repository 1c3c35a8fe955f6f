"""Runs the list against an address; exit 1 if anything came of it that must not."""

from __future__ import annotations

import asyncio
import sys

from attacks.everything import ATTACKS, MISSING
from attacks.target import Target


async def main(url: str, token: str, member_token: str | None = None) -> int:
    target = Target(url.rstrip("/"), token, member_token)
    failed = 0
    for attack in ATTACKS:
        target.answers.clear()
        try:
            await attack.run(target)
            assert all(answer.status < 500 for answer in target.answers), "a 5xx"
            assert (await target.http.get(target.url + "/livez")).status_code == 200
            outcome = "ok  "
        except Exception as fault:
            failed, outcome = failed + 1, f"FAIL {type(fault).__name__}: {str(fault)[:300]}\n    "
        print(f"{attack.number:3} {outcome} {attack.what}: {attack.expected} ({len(target.answers)} requests)")
    for number, what in MISSING.items():
        print(f"{number:3} not run  {what}")
    await target.http.aclose()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(*sys.argv[1:])))
