"""The audit trail: what is recorded, its canonical bytes, and the hashes that make a change of it visible.

Four kinds of hashes, each over bytes that begin with a byte of its own, so that none can pass for another
(RFC 6962 §2.1 for the first two):

    leaf        SHA-256(0x00 ‖ a record's canonical bytes)
    node        SHA-256(0x01 ‖ left ‖ right), a tree over the leaves of one transaction
    link        SHA-256(0x02 ‖ canonical bytes of the link's fields, the hash of the link before among them)
    checkpoint  SHA-256(0x03 ‖ canonical bytes of the heads of all chains); signed, and kept outside the database

Canonical bytes of a list of texts: the length of each in UTF-8 bytes, as 4 bytes big-endian; then all texts, end to
end. All lists of one kind have one length and begin with the kind's name. Integers are decimal text, moments as
`times.stored`.

    entry       "entry", id, reward id, cause, beneficiary id, debit, credit, amount, currency, at
    action      "action", kind, subject, actor, at, detail: JSON with sorted keys and no spaces
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from struct import Struct
from typing import TYPE_CHECKING

from graph.times import stored

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from graph.ledger import Entry

KEY_BYTES, LEAF_BYTES = 16, 32
FIRST = "0" * 64
"""What the first link of a chain has as the hash before it."""
_LENGTHS = [Struct(f">{count}I") for count in range(16)]


@dataclass(frozen=True, slots=True)
class Action:
    """Anything to be answered for that is no ledger entry: a plan change, a hold, a manual adjustment."""

    kind: str
    """A noun and a participle, such as `plan.published`."""
    subject: str
    """The id of what it was done to."""
    actor: str
    at: datetime
    detail: Mapping[str, str | int]

    @property
    def detail_text(self) -> str:
        """The detail as canonical JSON; what is stored, and what is hashed."""
        return json.dumps(self.detail, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Link:
    """What one transaction recorded, chained to the one before it. Numbers run from 1 without a gap."""

    chain: str
    number: int
    previous: str
    root: str
    keys: bytes
    """16 bytes a record, in the order of the leaves: which record a leaf is of, also once the record is gone."""
    leaves: bytes
    """32 bytes a record: entries by id, then actions in the order in which they were given."""
    at: str
    actor: str

    @property
    def link_id(self) -> str:
        """What its records name it by."""
        return link_id(self.chain, self.number)

    @property
    def count(self) -> int:
        """How many records it holds."""
        return len(self.leaves) // LEAF_BYTES

    @property
    def hash(self) -> str:
        """Over every field; the leaves by way of their root."""
        keys = sha256(self.keys).hexdigest()
        return link_hash(self.chain, self.number, self.previous, self.root, keys, self.count, self.at, self.actor)


def canonical(*texts: str) -> bytes:
    """One list of at most 15 texts as bytes that no other list has."""
    parts = [text.encode() for text in texts]
    return _LENGTHS[len(parts)].pack(*map(len, parts)) + b"".join(parts)


def leaf(record: bytes) -> bytes:
    """The hash of one record's canonical bytes."""
    return sha256(b"\0" + record).digest()


def entry_leaf(entry: Entry, entry_id: str) -> bytes:
    """The leaf of a ledger entry, whose id is given since it is costly to compute."""
    return leaf(
        canonical(
            "entry",
            entry_id,
            entry.reward_id,
            entry.cause,
            entry.beneficiary_id,
            entry.debit,
            entry.credit,
            str(entry.amount_minor),
            entry.currency,
            stored(entry.at),
        )
    )


def action_leaf(action: Action) -> bytes:
    """The leaf of an action."""
    texts = (action.kind, action.subject, action.actor, stored(action.at), action.detail_text)
    return leaf(canonical("action", *texts))


def action_key(place: int) -> bytes:
    """The key of an action: its place among its link's actions. No entry's key, a hash, begins with 12 zeros."""
    return place.to_bytes(KEY_BYTES, "big")


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """The root of RFC 6962 §2.1 over leaves that are hashes already."""
    if not leaves:
        return sha256(b"").digest()
    level = list(leaves)
    while len(level) > 1:
        paired = [sha256(b"\1" + left + right).digest() for left, right in zip(level[::2], level[1::2], strict=False)]
        level = paired + level[len(level) & ~1 :]
    return level[0]


def link_hash(chain: str, number: int, previous: str, root: str, *rest: str | int) -> str:
    """The hash of a link's fields; `rest` is the keys' hash, the count, the moment and the actor."""
    return sha256(b"\2" + canonical("link", chain, str(number), previous, root, *map(str, rest))).hexdigest()


def link_id(chain: str, number: int) -> str:
    """A link's id, made of its chain and its number."""
    return f"{chain}/{number}"


def parts(joined: bytes, size: int) -> Iterator[bytes]:
    """The pieces of equal size that were written end to end."""
    return (joined[start : start + size] for start in range(0, len(joined), size))
