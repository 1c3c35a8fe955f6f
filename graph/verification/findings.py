"""What the verifier of the audit trail can find, each with its place."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum


class Code(StrEnum):
    """What was done to the trail, as far as it can be told."""

    ENTRY_EDITED = "ENTRY_EDITED"
    ENTRY_REMOVED = "ENTRY_REMOVED"
    ENTRY_INSERTED = "ENTRY_INSERTED"
    ENTRIES_SWAPPED = "ENTRIES_SWAPPED"
    RECORD_EDITED = "RECORD_EDITED"
    RECORD_REMOVED = "RECORD_REMOVED"
    RECORD_INSERTED = "RECORD_INSERTED"
    RECORDS_SWAPPED = "RECORDS_SWAPPED"
    LINK_EDITED = "LINK_EDITED"
    LINK_REMOVED = "LINK_REMOVED"
    LINK_INSERTED = "LINK_INSERTED"
    HEAD_EDITED = "HEAD_EDITED"
    CHAIN_TRUNCATED = "CHAIN_TRUNCATED"
    CHAIN_RECHAINED = "CHAIN_RECHAINED"
    CHECKPOINT_EDITED = "CHECKPOINT_EDITED"
    CHECKPOINT_REMOVED = "CHECKPOINT_REMOVED"
    CHECKPOINT_SIGNATURE = "CHECKPOINT_SIGNATURE"


@dataclass(frozen=True, slots=True)
class Finding:
    """One change that should not be. `place` is chain/number, chain/number/record or checkpoint/number."""

    code: Code
    place: str
    message: str


MOST = 1_000


@dataclass(slots=True)
class Findings:
    """What was found so far: one a code and place, and of each code no more than can be read."""

    listed: dict[tuple[Code, str], Finding] = field(default_factory=dict)
    found: Counter[Code] = field(default_factory=Counter)

    def add(self, code: Code, place: str, message: str) -> None:
        """Notes a finding, once."""
        if (code, place) not in self.listed:
            self.found[code] += 1
            if self.found[code] <= MOST:
                self.listed[code, place] = Finding(code, place, message)

    def has(self, code: Code, place: str) -> bool:
        """Whether this was found there."""
        return (code, place) in self.listed

    def all(self) -> list[Finding]:
        """Every finding listed, and for each code of which there are more, how many."""
        more = [
            Finding(code, "", f"{count - MOST} more of these.") for code, count in self.found.items() if count > MOST
        ]
        return [*self.listed.values(), *more]
