"""`make fuzz`: made-up GraphQL requests against a real site, once for every role; fails on a server error.

    python tests/scans/fuzz.py [--examples 8] [--seconds 20] [--role finance ...]

Runs in the scans' virtualenv and starts `threefold up --demo` from the product's, in a home of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SCANS = Path(__file__).parent
ROOT = SCANS.parents[1]
ROLES = ("member", "analyst", "reviewer", "finance", "admin", "ingest")
MEMBER = "ada"
"""Of the demo network; whose eyes the role member has."""
NOBODY = "nobody"
"""The role that is asked without a token."""


class Site:
    """A running `threefold up --demo`."""

    def __init__(self, threefold: Path, home: Path) -> None:
        self._threefold = threefold
        self._env = os.environ | {"THREEFOLD_HOME": str(home), "THREEFOLD_API_PORT": "0", "PYTHONPATH": str(ROOT)}
        self._env["THREEFOLD_BUDGET_POINTS"] = "0"  # a 429 would hide whatever lies behind it
        self.log = home.with_suffix(".log")
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [self._threefold, "up", "--demo"], env=self._env, stdout=log, stderr=log, start_new_session=True
            )

    def wait(self, seconds: float = 300) -> str:
        """The address of the API, once the demo network is in."""
        deadline = time.monotonic() + seconds
        while "Threefold is ready" not in self.log.read_text():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"The site did not start:\n{self.log.read_text()}")
            time.sleep(0.5)
        return str(json.loads(self.run("status", "--json").stdout)["api"])

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A command of this site."""
        return subprocess.run([self._threefold, *words], env=self._env, capture_output=True, text=True, check=False)

    def guards(self) -> bool:
        """Whether this version has access control at all."""
        return self.run("token", "--help").returncode == 0

    def token(self, role: str) -> str:
        """A bearer token of this role."""
        words = ["token", "--json", "--role", role, *(["--member", MEMBER] if role == "member" else [])]
        done = self.run(*words)
        if done.returncode != 0:
            raise SystemExit(f"No token for {role}: {done.stderr or done.stdout}")
        return str(json.loads(done.stdout)["token"])

    def stop(self) -> None:
        """As Ctrl-C does."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        self.process.wait(60)


@contextmanager
def running_site(threefold: Path) -> Iterator[Site]:
    """A site that is gone at the end."""
    with tempfile.TemporaryDirectory(prefix="threefold-fuzz-") as folder:
        site = Site(threefold, Path(folder) / "home")
        try:
            yield site
        finally:
            site.stop()


def fuzz(url: str, role: str, token: str | None, asked: argparse.Namespace) -> int:
    """The exit code of schemathesis for one role. The schema is the committed one: no role needs introspection."""
    words = ["--config-file", str(SCANS / "schemathesis.toml"), "run", str(ROOT / "api" / "schema.graphql")]
    words += ["--url", f"{url}/graphql", "--mode", "positive"]
    words += ["--checks", "no_server_error", "--phases", "fuzzing", "--continue-on-failure", "--no-color"]
    words += ["--suppress-health-check", "all", "--request-timeout", "30", "--seed", str(asked.seed)]
    words += ["--max-examples", str(asked.examples)]
    words += ["--max-time", str(asked.seconds)] if asked.seconds else []
    words += ["--header", f"Authorization: Bearer {token}"] if token else []
    env = os.environ | {"SCHEMATHESIS_HOOKS": "fuzz_checks", "PYTHONPATH": str(SCANS)}
    print(f"== {role}", flush=True)
    return subprocess.run([Path(sys.executable).with_name("schemathesis"), *words], env=env, check=False).returncode


def main() -> int:
    """1 if any role met a server error."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threefold", type=Path, default=ROOT / ".venv" / "bin" / "threefold")
    parser.add_argument("--examples", type=int, default=8, help="requests per field and role, at most")
    parser.add_argument("--seconds", type=int, default=0, help="time for each role; 0 for no limit")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--role", action="append", choices=(*ROLES, NOBODY), default=None)
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with running_site(asked.threefold.absolute()) as site:
        url = site.wait()
        if site.guards():
            roles = {role: None if role == NOBODY else site.token(role) for role in asked.role or (*ROLES, NOBODY)}
        else:
            roles = {NOBODY: None}
        codes = {role: fuzz(url, role, token, asked) for role, token in roles.items()}
        internal = site.log.read_text().count("Traceback")
    failed = [role for role, code in codes.items() if code]
    print(f"{len(codes)} roles asked, server errors met by: {', '.join(failed) or 'none'}; tracebacks: {internal}")
    return 1 if failed or internal else 0


if __name__ == "__main__":
    sys.exit(main())
