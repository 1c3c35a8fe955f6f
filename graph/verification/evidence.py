"""What the verifier looks at: the trail as it stands, in a database or in the files of an export."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from graph.audit import canonical, leaf

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

    from graph.store.audit import Heads

Row = dict[str, Any]

ENTRY_FIELDS = ("id", "reward_id", "cause", "beneficiary_id", "debit", "credit", "amount_minor", "currency", "at")
RECORD_FIELDS = ("kind", "subject", "actor", "at", "detail")
NO_LEAF = bytes(32)
"""The leaf of what cannot have been recorded: a field is missing or of another type."""


class Evidence(Protocol):
    """The trail as it stands; nothing in it is to be believed."""

    async def settled_heads(self, *, again: bool = False) -> Heads:
        """Where each chain ends; all that was recorded up to there can be read. `again` after the rest was read."""

    def links(self) -> AsyncIterator[list[Row]]:
        """Every link, in pages."""

    def entries(self) -> AsyncIterator[list[Row]]:
        """Every entry with its `link`, in pages."""

    def records(self) -> AsyncIterator[list[Row]]:
        """Every record that is no entry, in pages."""

    async def entries_by_ids(self, entry_ids: Sequence[str]) -> list[Row]:
        """The entries that exist among these ids."""

    async def nameless(self) -> list[tuple[str, str]]:
        """The label and some other name of what has no id."""

    async def noted(self) -> tuple[int, str]:
        """The newest checkpoint that the database has seen; 0 before the first."""


def flat_entry(row: Row) -> Row:
    """The row with the id of its one reward."""
    rewards = row["reward_ids"]
    return row | {"reward_id": rewards[0] if len(rewards) == 1 else None}


def entry_row_leaf(row: Mapping[str, Any]) -> bytes:
    """The leaf that a flat entry row would have been recorded under."""
    amount = row["amount_minor"]
    if type(amount) is not int:
        return NO_LEAF
    texts = [row[name] for name in ENTRY_FIELDS]
    texts[6] = str(amount)
    return _leaf("entry", texts)


def record_row_leaf(row: Mapping[str, Any]) -> bytes:
    """The leaf that a record's row would have been recorded under."""
    return _leaf("action", [row[name] for name in RECORD_FIELDS])


def _leaf(kind: str, texts: list[Any]) -> bytes:
    for text in texts:
        if type(text) is not str:
            return NO_LEAF
    return leaf(canonical(kind, *texts))
