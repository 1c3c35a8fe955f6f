"""How far the facts have been applied: only what was applied whole can be held against the recount."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graph.verification.mismatches import Mismatch

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from graph.events import LogPosition
    from graph.store.database import Row


@dataclass(slots=True)
class Applied:
    """How far each scope and the sequence are. Facts from `sequence_from` on are the sequence's too."""

    seqs: dict[str, int] = field(default_factory=dict)
    sequence_from: int | None = None
    sequence_seq: int = 0
    missing: int = 0
    first_missing: int = 0

    def read(self, page: Iterable[Row]) -> None:
        """Takes in scopes."""
        self.seqs |= {row["member_id"]: row["applied_seq"] or 0 for row in page}

    def look(self, events: Iterable[Row]) -> None:
        """Counts the facts that have not become money everywhere."""
        for event in events:
            seq = event["seq"]
            scopes = [member for member in (event["buyer_id"], event["referrer_id"]) if member is not None]
            behind = any(self.seqs.get(member, 0) < seq for member in scopes)
            earns = scopes or event["month"] is not None  # joins and publications wait for nobody
            in_sequence = earns and self.sequence_from is not None and seq >= self.sequence_from
            if behind or (in_sequence and self.sequence_seq < seq):
                self.missing += 1
                self.first_missing = self.first_missing or seq

    def check(self, position: LogPosition) -> Iterator[Mismatch]:
        """Nobody is ahead of the log."""
        for member, seq in self.seqs.items():
            if seq > position.mark:
                yield Mismatch("SCOPE_AHEAD", member, position.mark, seq)
        if self.sequence_seq > position.mark:
            yield Mismatch("LOG_POSITION", "sequence", position.mark, self.sequence_seq, "mark")
        bounds = (
            ("mark", position.mark, "seq", position.seq),
            ("applied_seq", position.applied_seq, "mark", position.mark),
            ("published_seq", position.published_seq, "seq", position.seq),
        )
        for name, value, bound, limit in bounds:
            if value > limit:
                yield Mismatch("LOG_POSITION", name, limit, value, bound)
        if self.missing:
            yield Mismatch("FACTS_NOT_APPLIED", str(self.first_missing), 0, self.missing)
