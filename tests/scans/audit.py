"""`make audit`: no locked package or jar with a known advisory, and none that nobody looked up.

    python tests/scans/audit.py [--osv FOLDER]

Where an advisory service answers, pip-audit decides over every lock, strictly. Whether one answers is tried on a
package that is known to be bad: only a finding proves it, since pip-audit calls what it could not look up clean.
Where none answers, `tests/scans/floors.toml` decides. With --osv, a folder of records in the OSV format (a checkout of an
advisory database) is read as well: a finding there that the floors do not clear says which floor to raise.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from osv import affected_by, version_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ROOT = Path(__file__).parents[2]
LOCKS = tuple(sorted(ROOT.glob("requirements*.lock")))
JARS = ROOT / "graph" / "local" / "jars.lock"
FLOORS = Path(__file__).with_name("floors.toml")
KNOWN_BAD = "pyjwt==2.3.0"


class Locked(NamedTuple):
    """One line of a lock; a jar's name is `group:artifact`."""

    name: str
    version: str


def locked_packages(lock: Path) -> list[Locked]:
    """The packages of a requirements lock."""
    lines = re.findall(r"^([A-Za-z0-9._-]+)(?:\[.*\])?==([^\s;\\]+)", lock.read_text(encoding="utf-8"), re.MULTILINE)
    return [Locked(re.sub(r"[-_.]+", "-", name).lower(), version) for name, version in lines]


def locked_jars(lock: Path) -> list[Locked]:
    """The jars of `jars.lock`."""
    lines = [line.split()[0].split(":") for line in lock.read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
    return [Locked(f"{group}:{artifact}", version) for group, artifact, version, *_ in lines]


def faults(packages: Iterable[Locked], jars: Iterable[Locked], record: dict[str, Any], today: date) -> list[str]:
    """Why these locks do not pass the record: below a floor, not looked up, or looked up too long ago."""
    age = (today - record["looked_up"]).days
    found = [f"The floors are {age} days old: look up anew."] if age > record["refuse_after_days"] else []
    clear = set(record["clear"].split())
    for one in sorted(set(packages)):
        floor = record["floors"].get(one.name)
        if floor is None and one.name not in clear:
            found.append(f"{one.name} {one.version}: nobody looked it up")
        found += _below(one, floor, record, today)
    for one in sorted(set(jars)):
        floors = record["jars"]
        found += _below(one, floors.get(one.name) or floors.get(one.name.split(":")[0]), record, today)
    return found


def _below(one: Locked, floor: dict[str, Any] | None, record: dict[str, Any], today: date) -> list[str]:
    if floor is None or version_key(one.version) >= version_key(floor["version"]):
        return []
    accepted = [one.name.startswith(entry["name"]) for entry in record["accepted"] if entry["until"] >= today]
    return [] if any(accepted) else [f"{one.name} {one.version}: below {floor['version']} ({', '.join(floor['ids'])})"]


def pip_audit(requirements: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """pip-audit over one file, without pip."""
    program = Path(sys.executable).with_name("pip-audit")
    command = [program, "--disable-pip", "--progress-spinner", "off", *words, "--requirement", requirements]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def a_service_answers() -> bool:
    """Whether what is known to be bad is found."""
    with tempfile.TemporaryDirectory() as folder:
        planted = Path(folder) / "requirements.txt"
        planted.write_text(f"{KNOWN_BAD}\n", encoding="utf-8")
        return "PYSEC-2022-202" in pip_audit(planted, "--no-deps").stdout


def live_faults(locks: Sequence[Path]) -> list[str]:
    """What pip-audit finds or cannot look up."""
    done = [(lock.name, pip_audit(lock, "--require-hashes", "--strict")) for lock in locks]
    return [f"{name}: {one.stdout}{one.stderr}" for name, one in done if one.returncode != 0]


def main() -> int:
    """1 for any fault."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--osv", type=Path, help="a folder of advisories in the OSV format")
    parser.add_argument("--lock", type=Path, action="append", help="instead of the locks of this checkout")
    asked = parser.parse_args()
    record = tomllib.loads(FLOORS.read_text(encoding="utf-8"))
    today = datetime.now(UTC).date()
    locks = asked.lock or LOCKS
    packages = [one for lock in locks for one in locked_packages(lock)]
    jars = locked_jars(JARS)
    live = a_service_answers()
    found = live_faults(locks) if live else []
    print("An advisory service answers." if live else f"No advisory service answers: floors of {record['looked_up']}.")
    found += faults([] if live else packages, jars, record, today)
    if asked.osv:
        found += [f"{one.name} {one.version}: {ids}" for one, ids in affected_by(asked.osv, {*packages, *jars})]
    age = (today - record["looked_up"]).days
    if age > record["warn_after_days"]:
        print(f"Warning: the floors are {age} days old; after {record['refuse_after_days']} this fails.")
    for entry in record["accepted"]:
        print(f"Accepted until {entry['until']}: {entry['name']}: {entry['because']}")
    known = {one for one in jars if {one.name, one.name.split(":")[0]} & record["jars"].keys()}
    print(
        f"{len(set(packages))} packages; of {len(set(jars))} jars, {len(known)} have a floor and nobody knows the rest."
    )
    print("\n".join(found) or "Nothing is known against them that was not accepted.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
