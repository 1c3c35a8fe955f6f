"""Advisories in the OSV format, which the PyPA's and GitHub's databases share: which locked versions they affect."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import yaml
from packaging.version import InvalidVersion, Version

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

ECOSYSTEMS = {"PyPI", "Maven"}
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def version_key(text: str) -> tuple[Any, ...]:
    """Orders versions of both ecosystems. Maven's `.Final` is the release itself; other words sort before it."""
    plain = re.sub(r"[.-](Final|RELEASE|GA)$", "", text)
    try:
        return (Version(plain),)
    except InvalidVersion:
        early = re.search(r"alpha|beta|rc|M\d|SNAPSHOT", plain, re.IGNORECASE)
        numbers = ".".join(re.findall(r"\d+", plain[: early.start()] if early else plain)) or "0"
        return (Version(f"{numbers}.dev0" if early else numbers),)


def affected_by(folder: Path, locked: Iterable[Any]) -> Iterator[tuple[Any, str]]:
    """Each locked package that a record says is affected, with the ids. Raises ValueError if no record is there."""
    records = _records(folder, {one.name for one in locked})
    for one in sorted(locked):
        ids = sorted({record["id"] for record, package in records[one.name] if _affects(package, one.version)})
        if ids:
            yield one, ", ".join(ids)


def _records(folder: Path, names: set[str]) -> dict[str, list[tuple[dict[str, Any], dict[str, Any]]]]:
    found: dict[str, list[tuple[dict[str, Any], dict[str, Any]]]] = defaultdict(list)
    count = 0
    for file in (*folder.rglob("*.json"), *folder.rglob("*.yaml")):
        text = file.read_text(encoding="utf-8")
        record = json.loads(text) if file.suffix == ".json" else yaml.load(text, Loader=LOADER)  # noqa: S506  a safe loader, in C where there is one
        if not isinstance(record, dict) or "affected" not in record or record.get("withdrawn"):
            continue
        count += 1
        for package in record["affected"]:
            about = package.get("package", {})
            if about.get("ecosystem") in ECOSYSTEMS and about["name"].lower() in names:
                found[about["name"].lower()].append((record, package))
    if not count:
        raise ValueError(f"No advisory in the OSV format under {folder}.")
    return found


def _affects(package: dict[str, Any], version: str) -> bool:
    if version in package.get("versions", ()):
        return True
    spans = [one for one in package.get("ranges", ()) if one["type"] != "GIT"]
    return any(_within(span["events"], version) for span in spans)


def _within(events: list[dict[str, str]], version: str) -> bool:
    """Whether the last event at or below this version opens the range."""
    inside, key = False, version_key(version)
    for event in sorted(events, key=lambda one: version_key(next(iter(one.values())))):
        word, at = next(iter(event.items()))
        if word == "introduced" and key >= version_key(at):
            inside = True
        if (word == "fixed" and key >= version_key(at)) or (word == "last_affected" and key > version_key(at)):
            inside = False
    return inside
