"""The trail as files, for an auditor who has no access to the database: written by an export, read by the verifier.

heads.json        where each chain ended when the export began and when it ended; the newest checkpoint noted
links.jsonl       one link a line; keys and leaves in hexadecimal
entries.jsonl     one entry a line, with the link it names
records.jsonl     one record a line that is no entry
checkpoints.jsonl a copy of the file of checkpoints
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson

from graph.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path

    from graph.store.audit import Heads
    from graph.verification.audit_trail import AuditTrail
    from graph.verification.evidence import Row

ROWS_AT_ONCE = 5_000
TABLES = ("links", "entries", "records")


async def export_audit(trail: AuditTrail, folder: Path) -> dict[str, int]:
    """Writes the trail as it stands; how many rows each file has."""
    noted = await trail.store.noted()
    _begin(folder, trail.file.path)
    store = trail.store
    heads = await store.settled_heads()
    counts = {}
    for name, pages in (("links", store.links()), ("entries", store.entries()), ("records", store.records())):
        counts[name] = 0
        with (folder / f"{name}.jsonl").open("wb") as file:
            async for page in pages:
                counts[name] += len(page)
                file.writelines(orjson.dumps(row, default=bytes.hex) + b"\n" for row in page)
    ends = {"heads": heads, "later": await store.settled_heads(), "noted": noted}
    (folder / "heads.json").write_bytes(orjson.dumps(ends, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    return counts


def _begin(folder: Path, checkpoints: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if checkpoints.exists():
        shutil.copyfile(checkpoints, folder / "checkpoints.jsonl")


@dataclass(frozen=True, slots=True)
class FileEvidence:
    """The trail of an export's folder."""

    folder: Path

    async def settled_heads(self, *, again: bool = False) -> Heads:
        """As they were when the export began, or when it ended."""
        heads = self._heads()["later" if again else "heads"]
        return {name: (number, of_link) for name, (number, of_link) in heads.items()}

    async def noted(self) -> tuple[int, str]:
        """The newest checkpoint that the database had seen."""
        number, of_checkpoint = self._heads()["noted"]
        return number, of_checkpoint

    async def links(self) -> AsyncIterator[list[Row]]:
        """Every link; keys and leaves that are not hexadecimal are left as text, which no link has."""
        async for page in self._pages("links"):
            yield [row | {"keys": _bytes(row["keys"]), "leaves": _bytes(row["leaves"])} for row in page]

    def entries(self) -> AsyncIterator[list[Row]]:
        """Every entry."""
        return self._pages("entries")

    def records(self) -> AsyncIterator[list[Row]]:
        """Every record that is no entry."""
        return self._pages("records")

    async def entries_by_ids(self, entry_ids: Sequence[str]) -> list[Row]:
        """Reads the whole file."""
        wanted = set(entry_ids)
        if not wanted:
            return []
        return [row async for page in self.entries() for row in page if row["id"] in wanted]

    async def nameless(self) -> list[tuple[str, str]]:
        """An export has only what has an id."""
        return []

    def _heads(self) -> Row:
        file = self.folder / "heads.json"
        try:
            found: Row = orjson.loads(file.read_bytes())
        except (OSError, orjson.JSONDecodeError) as fault:
            raise InvalidInput("from", f"{file} cannot be read.", code="BAD_FILE") from fault
        return found

    async def _pages(self, name: str) -> AsyncIterator[list[Row]]:
        file, page = self.folder / f"{name}.jsonl", []
        try:
            with file.open("rb") as lines:
                for line in lines:
                    page.append(orjson.loads(line))
                    if len(page) == ROWS_AT_ONCE:
                        yield page
                        page = []
        except (OSError, orjson.JSONDecodeError) as fault:
            raise InvalidInput("from", f"{file} cannot be read.", code="BAD_FILE") from fault
        if page:
            yield page


def _bytes(text: object) -> object:
    try:
        return bytes.fromhex(str(text))
    except ValueError:
        return text
