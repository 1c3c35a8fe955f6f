"""`make secrets`: no key, token or password in a tracked file, and none with a form of its own in the history.

    python tests/scans/secret_scan.py [--accept] [--no-history]

What is no secret stands in `secrets.json`, by file, kind and hash; lines may move. `--accept` writes it anew.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class
from detect_secrets.core.scan import scan_file
from detect_secrets.settings import transient_settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from detect_secrets.core.potential_secret import PotentialSecret

ROOT = Path(__file__).parents[2]
BASELINE = Path(__file__).with_name("secrets.json")
NOT_READ = re.compile(
    r"\.lock$|/package-lock\.json$|/__generated__/|^api/static/graphiql/.*\.min\.|^tests/scans/secrets\.json$"
)
"""Hashes of packages and of queries, bundles of others, and our own hashes."""
BY_CHANCE = {"Base64HighEntropyString", "HexHighEntropyString"}
BY_WORD = {"KeywordDetector"}
KINDS = {kind.__name__ for kind in get_mapping_from_secret_type_to_class().values()}
WITH_A_FORM = KINDS - BY_CHANCE - BY_WORD - {"IPPublicDetector", "BasicAuthDetector"}
LIMITS = {"Base64HighEntropyString": 4.5, "HexHighEntropyString": 3.0}


def secrets_in(file: Path, kinds: Iterable[str]) -> list[PotentialSecret]:
    """What the detectors of these kinds find in a file."""
    plugins = [{"name": kind} | ({"limit": LIMITS[kind]} if kind in LIMITS else {}) for kind in sorted(kinds)]
    filters = [{"path": f"detect_secrets.filters.{name}"} for name in FILTERS]
    with transient_settings({"plugins_used": plugins, "filters_used": filters}):
        return list(scan_file(str(file)))


FILTERS = (
    "heuristic.is_sequential_string",
    "heuristic.is_potential_uuid",
    "heuristic.is_templated_secret",
    "heuristic.is_indirect_reference",
    "heuristic.is_not_alphanumeric_string",
)


def tracked() -> list[str]:
    """The files that git keeps here, apart from those that are not read."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [name for name in listed.split("\0") if name and not NOT_READ.search(name) and (ROOT / name).is_file()]


def found_in_files(names: Iterable[str]) -> Iterator[tuple[tuple[str, str, str], int]]:
    """(file, kind, hash) of each finding, and its line."""
    for name in names:
        for one in secrets_in(ROOT / name, KINDS - {"IPPublicDetector"}):
            yield (name, one.type, one.secret_hash), one.line_number


def found_in_history() -> list[str]:
    """Secrets with a form in any line that was ever added."""
    command = ["git", "log", "-p", "--unified=0", "--no-color", "--no-ext-diff", "--format=%n", "--", ".", ":!*.lock"]
    log = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    added = [line for line in log.decode("utf-8", "replace").splitlines() if line[:1] == "+" and len(line) < 2000]
    with tempfile.TemporaryDirectory() as folder:
        text = Path(folder) / "history.txt"
        text.write_text("\n".join(added), encoding="utf-8")
        return [f"{one.type}: {one.secret_hash}" for one in secrets_in(text, WITH_A_FORM)]


def main() -> int:
    """1 if anything is found that nobody accepted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--accept", action="store_true")
    parser.add_argument("--no-history", action="store_true")
    asked = parser.parse_args()
    names = tracked()
    found = dict(found_in_files(names))
    history = [] if asked.no_history else found_in_history()
    if asked.accept:
        kept = {"files": sorted(found), "history": sorted(set(history))}
        BASELINE.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
        return 0
    kept = json.loads(BASELINE.read_text(encoding="utf-8"))
    accepted = {tuple(one) for one in kept["files"]}
    new = [f"{key[0]}:{line}: {key[1]}" for key, line in found.items() if key not in accepted]
    new += [f"in the history: {one}" for one in sorted(set(history) - set(kept["history"]))]
    print("\n".join(new) or f"{len(names)} files and the history: no secret that is not known to be none.")
    return 1 if new else 0


if __name__ == "__main__":
    sys.exit(main())
