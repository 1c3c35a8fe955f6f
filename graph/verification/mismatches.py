"""What `threefold verify` can find: each code with the check that it belongs to and the sentence that names it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from graph.verification.sentences import SENTENCES

if TYPE_CHECKING:
    from collections.abc import Iterable


class Check(StrEnum):
    """The checks, in the order in which they are shown."""

    KEYS = "keys"
    FOREST = "forest"
    LOG = "log"
    SCOPES = "scopes"
    RECOUNT = "recount"
    SLOTS = "slots"
    LEDGER = "ledger"
    BALANCES = "balances"
    STANDINGS = "standings"
    AUDIT = "audit"


SUBJECTS = {
    Check.KEYS: "constraints",
    Check.FOREST: "members",
    Check.LOG: "facts",
    Check.SCOPES: "scopes",
    Check.RECOUNT: "rewards",
    Check.SLOTS: "slots",
    Check.LEDGER: "entries",
    Check.BALANCES: "balances",
    Check.STANDINGS: "members' standings",
    Check.AUDIT: "",
}
"""What each check counts."""

PASSING = frozenset(
    {
        *(Check.RECOUNT, Check.SLOTS, Check.LEDGER, Check.BALANCES, Check.STANDINGS),
        *("ORDER_REFUNDED", "ORDER_STATUS", "REFUND_DIFFERS", "FIRST_ORDER_WRONG"),
    }
)
"""Checks and codes that a store which is being written to may seem to fail: what they compare is not read at once."""


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One thing that is not as the facts say. `subject` is the id of what is wrong, `about` completes the sentence."""

    code: str
    subject: str
    expected: str | int | None = None
    found: str | int | None = None
    about: str = ""

    @property
    def message(self) -> str:
        """One sentence with the ids."""
        sentence = SENTENCES.get(self.code, "{subject}: {about}")
        return sentence.format(subject=self.subject, expected=self.expected, found=self.found, about=self.about)

    @property
    def passing(self) -> bool:
        """Whether it may only seem so while the store is written to, whichever check came upon it."""
        return self.code in PASSING


@dataclass(slots=True)
class Result:
    """What a check has come to. `skipped` says why it was not made; `listed` holds no more than anyone will read."""

    compared: int = 0
    mismatches: int = 0
    skipped: str = ""
    listed: list[Mismatch] = field(default_factory=list)


@dataclass(slots=True)
class Verdict:
    """The results so far. At most `limit` mismatches of each check are kept; all are counted."""

    limit: int
    results: dict[Check, Result] = field(default_factory=dict)
    orders: int = 0
    rewards: int = 0
    entries: int = 0
    mark: int = 0
    set_aside: int = 0
    """Differences that were not counted, since the store was written to meanwhile."""

    def take(self, check: Check, found: Iterable[Mismatch] = (), *, compared: int = 0) -> None:
        """Counts what a check has compared and found."""
        result = self.results.setdefault(check, Result())
        result.compared += compared
        for mismatch in found:
            result.mismatches += 1
            if len(result.listed) < self.limit:
                result.listed.append(mismatch)

    def skip(self, why: str, *checks: Check) -> None:
        """Notes why checks cannot be made."""
        for check in checks:
            self.results[check] = Result(skipped=why)

    def set_passing_aside(self) -> None:
        """Drops what may have passed by now; what is left is wrong whatever was written meanwhile."""
        for check, result in self.results.items():
            whole = check in PASSING
            kept = [] if whole else [mismatch for mismatch in result.listed if not mismatch.passing]
            dropped = result.mismatches if whole else len(result.listed) - len(kept)
            result.listed, result.mismatches = kept, result.mismatches - dropped
            self.set_aside += dropped
            if dropped:
                result.skipped = "the store was written to meanwhile"

    @property
    def mismatches(self) -> int:
        """How many there are in all."""
        return sum(result.mismatches for result in self.results.values())

    @property
    def clean(self) -> bool:
        """Whether every check was made and found nothing."""
        return not self.mismatches and not self.set_aside and not any(r.skipped for r in self.results.values())

    def listed(self) -> list[Mismatch]:
        """The mismatches kept, check by check."""
        return [mismatch for check in Check if check in self.results for mismatch in self.results[check].listed]
