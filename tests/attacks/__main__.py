"""Runs the list against an address; exit 1 if anything came of it that must not."""

from __future__ import annotations

import argparse
import asyncio
import sys
from contextlib import AsyncExitStack

from attacks.everything import ATTACKS, MISSING
from attacks.inside import Inside
from attacks.target import Target
from graph.settings import Settings
from graph.wiring import open_services


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m attacks", description=__doc__)
    parser.add_argument("url")
    parser.add_argument("token", help="of the roles analyst, reviewer, finance and ingest")
    parser.add_argument("member_token", nargs="?")
    parser.add_argument(
        "--inside",
        action="store_true",
        help="use the databases and keys of THREEFOLD_HOME, too: publishes plans, changes ciphertext, rotates the key",
    )
    parser.add_argument("--only", type=int, action="append", help="a number of the list; may be repeated")
    return parser.parse_args()


async def main(asked: argparse.Namespace) -> int:
    failed = 0
    async with AsyncExitStack() as stack:
        target = Target(asked.url.rstrip("/"), asked.token, asked.member_token)
        stack.push_async_callback(target.http.aclose)
        if asked.inside:
            target.inside = Inside(await stack.enter_async_context(open_services(Settings())))
        for attack in ATTACKS:
            if asked.only and attack.number not in asked.only:
                continue
            target.answers.clear()
            target.left_out.clear()
            try:
                await attack.run(target)
                assert all(answer.status < 500 for answer in target.answers), "a 5xx"
                assert (await target.http.get(target.url + "/livez")).status_code == 200
                outcome = "part" if target.left_out else "ok  "
            except Exception as fault:
                failed, outcome = failed + 1, f"FAIL {type(fault).__name__}: {str(fault)[:300]}\n    "
            print(f"{attack.number:3} {outcome} {attack.what}: {attack.expected} ({len(target.answers)} requests)")
            for what in target.left_out:
                print(f"         left out: {what}")
    for number, what in MISSING.items():
        print(f"{number:3} not run  {what}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(arguments())))
