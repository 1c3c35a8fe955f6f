"""`make audit`: no locked package or jar with a known advisory, and none that nobody looked up but those listed so.

    python tests/scans/audit.py [--osv FOLDER]

Where an advisory service answers, pip-audit decides over every lock, strictly. Whether one answers is tried on a
package that is known to be bad: only a finding proves it, since pip-audit calls what it could not look up clean.
Where none answers, `floors.toml` decides. With --osv, a folder of records in the OSV format (a checkout of an
advisory database) is read as well: a finding there that the floors do not clear says which floor to raise.
"""

from __future__ import annotations

import argparse
import json
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
NPM = ROOT / "tests" / "clients" / "package-lock.json"
JARS = ROOT / "graph" / "local" / "jars.lock"
FLOORS = Path(__file__).with_name("floors.toml")
KNOWN_BAD = "pyjwt==2.3.0"


class Locked(NamedTuple):
    """One line of a lock; a jar's name is `group:artifact`, that of a package for JavaScript `npm:name`."""

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


def locked_npm(lock: Path) -> list[Locked]:
    """The packages of a lock of npm."""
    packages = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    return [
        Locked(f"npm:{path.rpartition('node_modules/')[2]}", one["version"]) for path, one in packages.items() if path
    ]


class Known(NamedTuple):
    """What the record knows of what is locked, in numbers and by name."""

    with_a_floor: set[Locked]
    by_name: set[Locked]
    not_looked_up: set[Locked]
    """Listed as such."""
    unlisted: set[Locked]


def known(locked: Iterable[Locked], record: dict[str, Any]) -> Known:
    """How well each of these is known; a floor counts for a whole group of jars, everything else by its name."""
    found = Known(set(), set(), set(), set())
    by_name = set(record["by_name"].split())
    not_looked_up = {name for part in record["not_looked_up"].values() for name in part["names"].split()}
    for one in locked:
        if _floor(one, record) is not None:
            found.with_a_floor.add(one)
        elif one.name in by_name:
            found.by_name.add(one)
        else:
            (found.not_looked_up if one.name in not_looked_up else found.unlisted).add(one)
    return found


def faults(locked: Iterable[Locked], record: dict[str, Any], today: date) -> list[str]:
    """Why these do not pass the record: below a floor, not looked up and not listed, or too long ago."""
    limit = record["refuse_after_days"]
    written = {"floors": record["looked_up"]} | {name: part["on"] for name, part in record["not_looked_up"].items()}
    ages = {name: (today - on).days for name, on in written.items()}
    found = [f"{name}: written {age} days ago: look up anew." for name, age in ages.items() if age > limit]
    everything = sorted(set(locked))
    found += [f"{one.name} {one.version}: nobody looked it up" for one in sorted(known(everything, record).unlisted)]
    for one in everything:
        found += _below(one, _floor(one, record), record, today)
    return found


def _floor(one: Locked, record: dict[str, Any]) -> dict[str, Any] | None:
    if ":" not in one.name:
        return record["floors"].get(one.name)
    return record["jars"].get(one.name) or record["jars"].get(one.name.split(":")[0])


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
    others = [*locked_jars(JARS), *locked_npm(NPM)]
    live = a_service_answers()
    found = live_faults(locks) if live else []
    print("An advisory service answers." if live else f"No advisory service answers: floors of {record['looked_up']}.")
    rest_on_record = {*others, *([] if live else packages)}
    found += faults(rest_on_record, record, today)
    if asked.osv:
        found += [f"{one.name} {one.version}: {ids}" for one, ids in affected_by(asked.osv, {*packages, *others})]
    age = (today - record["looked_up"]).days
    if age > record["warn_after_days"]:
        print(f"Warning: the floors are {age} days old; after {record['refuse_after_days']} this fails.")
    for entry in record["accepted"]:
        print(f"Accepted until {entry['until']}: {entry['name']}: {entry['because']}")
    hand, everything = known(rest_on_record, record), {*packages, *others}
    print(f"Of {len(everything)} components, {len(everything - rest_on_record)} were asked about now;")
    print(f"{len(hand.with_a_floor) + len(hand.by_name)} rest on a record written by hand,")
    print(f"    {len(hand.with_a_floor)} on a floor, {len(hand.by_name)} on a search by name;")
    print(f"{len(hand.not_looked_up)} were not looked up at all, and are listed as such:")
    for name, part in record["not_looked_up"].items():
        print(f"    {len(part['names'].split())} {name.replace('_', ' ')}, {part['on']}: {part['because']}")
    print(f"{len(hand.unlisted)} are in no list.")
    print("\n".join(found) or "Nothing that was looked up is known against them and not accepted.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
