"""The file of checkpoints: whether it is whole and signed, and whether the chains still lead where it says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graph.audit import FIRST, link_id
from graph.verification.findings import Code, Findings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    from graph.verification.audit_links import Links
    from graph.verification.checkpoints import Checkpoint


@dataclass(slots=True)
class Checkpoints:
    """The checkpoints read so far. One that is not well signed says nothing about the chains."""

    findings: Findings
    key: Ed25519PublicKey | None
    noted: tuple[int, str]
    """The newest checkpoint that the database has seen."""
    signed: dict[str, dict[int, tuple[str, int]]] = field(default_factory=dict)
    """By chain and number of a link: its hash, and the first checkpoint that says so."""
    number: int = 0
    _previous: str = FIRST

    def read(self, lines: Iterable[tuple[int, Checkpoint | None]]) -> None:
        """Holds each line against the one before, and its signature against the key."""
        for line, checkpoint in lines:
            if checkpoint is None:
                self.findings.add(Code.CHECKPOINT_EDITED, f"checkpoint/line {line}", "This line is no checkpoint.")
            else:
                self._read(checkpoint)
        number, _ = self.noted
        if number > self.number:
            why = f"The file ends at checkpoint {self.number}; the database has seen {number}."
            self.findings.add(Code.CHECKPOINT_REMOVED, f"checkpoint/{number}", why)

    def _read(self, checkpoint: Checkpoint) -> None:
        place = f"checkpoint/{checkpoint.number}"
        for number in range(self.number + 1, min(checkpoint.number, self.number + 1000)):
            self.findings.add(Code.CHECKPOINT_REMOVED, f"checkpoint/{number}", "This checkpoint is gone.")
        if checkpoint.number <= self.number:
            self.findings.add(Code.CHECKPOINT_EDITED, place, "It stands after a later one, or twice.")
        edited = checkpoint.hash != checkpoint.computed_hash
        if edited:
            self.findings.add(Code.CHECKPOINT_EDITED, place, "Its hash is not that of its content.")
        elif self.key is None or not checkpoint.is_signed_by(self.key):
            self.findings.add(Code.CHECKPOINT_SIGNATURE, place, "It was not signed with the key of this trail.")
        else:
            self._trust(checkpoint)
        follows = checkpoint.number == self.number + 1
        if follows and checkpoint.previous != self._previous and not edited:
            self.findings.add(Code.CHECKPOINT_EDITED, place, "It was made after another one than stands before it.")
        if checkpoint.number == self.noted[0] and checkpoint.hash != self.noted[1]:
            self.findings.add(Code.CHECKPOINT_EDITED, place, "The database has seen another one of this number.")
        self.number, self._previous = max(self.number, checkpoint.number), checkpoint.hash

    def _trust(self, checkpoint: Checkpoint) -> None:
        if checkpoint.restoration is not None:
            kept = checkpoint.restoration.kept
            for chain, signed in self.signed.items():
                self.signed[chain] = {n: told for n, told in signed.items() if n <= kept.get(chain, 0)}
        for chain, (number, of_link) in checkpoint.heads.items():
            self.signed.setdefault(chain, {}).setdefault(number, (of_link, checkpoint.number))

    def judge(self, links: Links) -> None:
        """The links that checkpoints name must be there, with the hashes that were signed."""
        for chain, signed in self.signed.items():
            held_until, end = 0, links.heads.get(chain, (0, ""))[0]
            for number, (of_link, checkpoint) in sorted(signed.items()):
                place = link_id(chain, number)
                if number > end:
                    why = f"Checkpoint {checkpoint} has signed it; the chain ends at {end}."
                    self.findings.add(Code.CHAIN_TRUNCATED, place, why)
                    break
                held = links.held.get(place)
                if number and held and of_link not in held.hashes and not self.findings.has(Code.LINK_EDITED, place):
                    which = f"links {held_until + 1} to {number}"
                    why = f"Checkpoint {checkpoint} has signed another hash: {which} were made anew."
                    self.findings.add(Code.CHAIN_RECHAINED, place, why)
                    break
                held_until = number
