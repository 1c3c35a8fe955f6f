"""rejected.csv: every row that was not accepted, with the reason, so that it can be mended and imported again.

What a row says of a person is masked: the line number leads to it in the file it came from.
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graph.errors import InvalidInput
from graph.exchange.tables import SURPLUS, inert
from graph.redaction import redacted

if TYPE_CHECKING:
    from pathlib import Path

    from graph.errors import Refused
    from graph.exchange.tables import RawRow

COLUMNS = ("file", "line", "code", "message", "row")
PERSONAL = {"name", "phone", "id_number", "value"}
MASKED = "[masked]"


@dataclass(slots=True)
class Rejects:
    """Collects rejected rows by code, writing each at once to a file that is made with the first."""

    file: Path
    by_code: dict[str, int] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many rows were rejected."""
        return sum(self.by_code.values())

    def begin(self) -> None:
        """Removes the rejects of an earlier import; raises InvalidInput if the file is anything else."""
        if not self.file.exists():
            return
        with self.file.open("rb") as stream:
            first = stream.readline().strip()
        if first != ",".join(COLUMNS).encode():
            raise InvalidInput("rejected", f"{self.file} holds something else than rejected rows.", code="BAD_FILE")
        self.file.unlink()

    def add(self, source: Path, line: int, refusal: Refused, row: RawRow) -> None:
        """Writes one row with its reason; `row` is kept as JSON, broken bytes as escapes, without personal values."""
        first = not self.by_code
        self.by_code[refusal.code] = self.by_code.get(refusal.code, 0) + 1
        with self.file.open("w" if first else "a", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            if first:
                writer.writerow(COLUMNS)
            message = redacted(refusal.message.encode("utf-8", "backslashreplace").decode())
            writer.writerow((inert(source.name), line, refusal.code, inert(message), json.dumps(_masked(row))))


def _masked(row: RawRow) -> RawRow:
    """Nothing of the columns about people, and nothing that looks personal in any other."""
    hidden = PERSONAL | {SURPLUS} if PERSONAL & row.keys() else set()
    return {name: MASKED if value and name in hidden else redacted(value) for name, value in row.items()}
