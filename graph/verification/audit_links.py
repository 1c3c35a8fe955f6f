"""Chains as they stand: which links can be believed, which were edited, removed or inserted."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from graph.audit import KEY_BYTES, LEAF_BYTES, Link, link_id, merkle_root, parts
from graph.verification.findings import MOST, Code, Findings

if TYPE_CHECKING:
    from graph.store.audit import Heads

FIELDS: dict[str, type] = {
    "chain": str,
    "number": int,
    "previous": str,
    "root": str,
    "keys": bytes,
    "leaves": bytes,
    "count": int,
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
    renamed: list[tuple[str, Held]] = field(default_factory=list)
    """Links whose content is sound and names another id than they have."""
    unreadable: set[str] = field(default_factory=set)
    """Links against which nothing can be held; a finding names each."""

    def read(self, row: dict[str, Any]) -> None:
        """Takes one link in; its own content must agree with itself."""
        place = str(row["id"])
        if any(type(row[name]) is not kind for name, kind in FIELDS.items()):
            self.unreadable.add(place)
            self.findings.add(Code.LINK_EDITED, place, "A field is missing or of another type.")
            return
        link = Link(**{name: row[name] for name in FIELDS if name != "count"})
        held = Held(link, frozenset({link.hash, str(row["hash"])}))
        wrong = _disagreement(link, row)
        if not wrong and place != link.link_id:
            self.renamed.append((place, held))
        elif not self._is_within(place):
            self.late.add(place)
        else:
            self.held[place] = held
            if wrong:
                self.findings.add(Code.LINK_EDITED, place, wrong)

    def accounts_for(self, place: object) -> bool:
        """Whether a link that is not held is known to be missing, unreadable or late: its records are no findings."""
        return isinstance(place, str) and (self._is_within(place) or place in self.late)

    def judge(self) -> None:
        """Holds each chain's links against each other and against its head."""
        for place, held in self.renamed:
            self._judge_renamed(place, held)
        chains: dict[str, list[int]] = {chain: [] for chain in self.heads}
        for place in (*self.held, *self.unreadable):
            chain, number = split(place)
            if number and chain in chains:
                chains[chain].append(number)
        for chain, numbers in chains.items():
            numbers.sort()
            self._judge_numbers(chain, numbers)
            self._judge_hashes(chain, numbers)

    def judge_late(self, heads: Heads) -> None:
        """Links beyond the heads read first must be within those read now."""
        for place in sorted(self.late):
            chain, number = split(place)
            if chain not in heads:
                self.findings.add(Code.HEAD_EDITED, chain, "The head of this chain is gone; it has links.")
            elif not 0 < number <= heads[chain][0]:
                self.findings.add(Code.LINK_INSERTED, place, "It stands beyond the end of its chain.")

    def _is_within(self, place: str) -> bool:
        chain, number = split(place)
        return 0 < number <= self.heads.get(chain, (0, ""))[0]

    def _judge_renamed(self, place: str, held: Held) -> None:
        """Either the link itself, or a second one beside it."""
        true_place = held.link.link_id
        if true_place in self.held or not self._is_within(true_place):
            self.findings.add(Code.LINK_INSERTED, place, f"It calls itself {true_place}.")
        else:
            self.held[true_place] = held
            self.findings.add(Code.LINK_EDITED, true_place, f"Its id was changed to {place}.")

    def _judge_numbers(self, chain: str, numbers: list[int]) -> None:
        """Links that are missing at the end were cut off, others were taken out."""
        end, before = self.heads[chain][0], 0
        for number in numbers:
            for gone in range(before + 1, min(number, before + 1 + MOST)):
                self.findings.add(Code.LINK_REMOVED, link_id(chain, gone), "This link is gone.")
            before = number
        if before < end:
            why = f"The chain must go on to {end}; its last {end - before} link(s) are gone."
            self.findings.add(Code.CHAIN_TRUNCATED, link_id(chain, before + 1), why)

    def _judge_hashes(self, chain: str, numbers: list[int]) -> None:
        """A link is at fault if the next one, itself confirmed by its own next, was chained to another content."""
        end, head_hash = self.heads[chain]
        next_fits = True
        for number in reversed(numbers):
            held = self.held.get(link_id(chain, number))
            after = self.held.get(link_id(chain, number + 1))
            said = head_hash if number == end else after and after.link.previous
            fits = held is None or said is None or said in held.hashes
            place = link_id(chain, number)
            trusted = fits and not self.findings.has(Code.LINK_EDITED, place)
            if not fits and next_fits:
                why = "The head of its chain" if number == end else f"Link {number + 1}"
                self.findings.add(Code.LINK_EDITED, place, f"{why} was chained to another content.")
            next_fits = trusted


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
