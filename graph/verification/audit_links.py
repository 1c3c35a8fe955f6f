"""Chains as they stand: which links can be believed, which were edited, removed or inserted."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from graph.audit import KEY_BYTES, LEAF_BYTES, Link, link_id, merkle_root, parts
from graph.verification.findings import Code, Findings

if TYPE_CHECKING:
    from graph.store.audit import Heads

FIELDS: dict[str, type] = {
    "chain": str,
    "number": int,
    "previous": str,
    "root": str,
    "keys": bytes,
    "leaves": bytes,
    "at": str,
    "actor": str,
}


@dataclass(slots=True)
class Held:
    """A link as it stands, and the records found to name it: 48 bytes each, key and leaf."""

    link: Link
    hashes: frozenset[str]
    """The hash of its content, and the one it carries if that is another."""
    found: bytearray = field(default_factory=bytearray)


@dataclass(slots=True)
class Links:
    """Every link up to the heads that were read first, by id."""

    heads: Heads
    findings: Findings
    held: dict[str, Held] = field(default_factory=dict)
    late: set[str] = field(default_factory=set)
    """Links beyond the heads: written meanwhile, or forged."""
    unreadable: set[str] = field(default_factory=set)
    """Links that must have been there and against which no record can be held; a finding names each."""

    def read(self, row: dict[str, Any]) -> None:
        """Takes one link in; its own content must agree with itself."""
        place = str(row["id"])
        if any(type(row[name]) is not kind for name, kind in FIELDS.items()):
            self.findings.add(Code.LINK_EDITED, place, "A field is missing or of another type.")
            self.unreadable.add(place)
            return
        link = Link(**{name: row[name] for name in FIELDS})
        wrong = _disagreement(link, row)
        if not wrong and place != link.link_id:
            place = self._renamed(place, link.link_id)
        chain, number = split(place)
        if place and not 0 < number <= self.heads.get(chain, (0, ""))[0]:
            self.late.add(place)
        elif place:
            self.held[place] = Held(link, frozenset({link.hash, str(row["hash"])}))
            if wrong:
                self.findings.add(Code.LINK_EDITED, place, wrong)

    def accounts_for(self, place: object) -> bool:
        """Whether a link that is not held is known of: what names it is not to be judged by itself."""
        return place in self.unreadable or place in self.late

    def judge(self) -> None:
        """Holds each chain's links against each other and against its head."""
        for chain, (end, head_hash) in self.heads.items():
            self._judge_numbers(chain, end)
            self._judge_hashes(chain, end, head_hash)

    def judge_late(self, heads: Heads) -> None:
        """Links beyond the heads read first must be within those read now."""
        for place in sorted(self.late):
            chain, number = split(place)
            if chain not in heads:
                self.findings.add(Code.HEAD_EDITED, chain, "The head of this chain is gone; it has links.")
            elif not 0 < number <= heads[chain][0]:
                self.findings.add(Code.LINK_INSERTED, place, "It stands beyond the end of its chain.")

    def _renamed(self, place: str, true_place: str) -> str:
        """A link under another id than its content says: the link itself, or a second one beside it."""
        chain, number = split(place)
        taken = true_place in self.held or link_id(chain, number) == place
        if taken:
            self.findings.add(Code.LINK_INSERTED, place, f"It calls itself {true_place}.")
            return ""
        self.findings.add(Code.LINK_EDITED, true_place, f"Its id was changed to {place}.")
        return true_place

    def _judge_numbers(self, chain: str, end: int) -> None:
        """Links that are missing at the end were cut off, others were taken out."""
        at_end = True
        for number in range(end, 0, -1):
            place = link_id(chain, number)
            at_end = at_end and place not in self.held and place not in self.unreadable
            if place in self.held or place in self.unreadable:
                continue
            self.unreadable.add(place)
            if at_end:
                self.findings.add(Code.CHAIN_TRUNCATED, place, f"The chain must go on to {end}; this link is gone.")
            else:
                self.findings.add(Code.LINK_REMOVED, place, "This link is gone.")

    def _judge_hashes(self, chain: str, end: int, head_hash: str) -> None:
        """A link is at fault if the next one, itself confirmed by its own next, was chained to another content."""
        next_fits = True
        for number in range(end, 0, -1):
            held = self.held.get(link_id(chain, number))
            after = self.held.get(link_id(chain, number + 1))
            said = head_hash if number == end else after and after.link.previous
            fits = held is None or said is None or said in held.hashes
            if not fits and next_fits:
                why = "The head of its chain" if number == end else f"Link {number + 1}"
                self.findings.add(Code.LINK_EDITED, link_id(chain, number), f"{why} was chained to another content.")
            next_fits = fits


def _disagreement(link: Link, row: dict[str, Any]) -> str:
    """Why a link's own fields do not belong together; empty if they do."""
    if len(link.leaves) != LEAF_BYTES * row["count"] or len(link.keys) != KEY_BYTES * row["count"]:
        return "Its records are not as many as it says."
    if merkle_root(list(parts(link.leaves, LEAF_BYTES))).hex() != link.root:
        return "Its root is not that of its leaves."
    return "" if link.hash == row["hash"] else "Its hash is not that of its content."


def split(place: str) -> tuple[str, int]:
    """The chain and the number of a link's id; number 0, which no link has, for what is no such id."""
    chain, _, digits = place.rpartition("/")
    number = int(digits) if re.fullmatch(r"[1-9][0-9]{0,17}", digits) else 0
    return chain, number
