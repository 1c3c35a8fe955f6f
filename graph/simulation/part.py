"""A process that replays: `python -m graph.simulation.part` reads lines of JSON, and answers with one.

The first line is an `Opening`, every other a `FactPage`; at the end of its input it writes its `Answer`.
"""

from __future__ import annotations

import gc
import sys
from binascii import crc32
from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson

from graph.fact_pages import FactPage
from graph.plan import PlanHistory, PlanVersion
from graph.plan_document import stored_plan
from graph.rewards import Rule
from graph.simulation.replay import Forest, Replay

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graph.rewards import Share
    from graph.simulation.sums import Sums


@dataclass(frozen=True, slots=True)
class Opening:
    """Under which versions to replay what: each its number, the seq from which it is in force, and its document.

    `part` of `parts` says which members' scopes; one part has them all.
    """

    versions: Sequence[tuple[int, int, str]]
    part: int
    parts: int
    referrers: dict[str, str]
    first_seqs: dict[str, int]
    refunded: list[str]

    def replay(self) -> Replay:
        """The replay before its first fact."""
        plans = PlanHistory([PlanVersion(number, seq, stored_plan(text), text) for number, seq, text in self.versions])
        members = None
        if self.parts > 1:
            every = {*self.referrers, *self.referrers.values(), *self.first_seqs}
            members = {member_id for member_id in every if crc32(member_id.encode()) % self.parts == self.part}
        return Replay(plans, Forest(self.referrers, self.first_seqs), frozenset(self.refunded), members)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is due after the last fact, in minor units: by member, rule and currency; by the seq of the order."""

    paid: list[tuple[str, str, str, int]]
    by_order: list[tuple[int, int]]

    @classmethod
    def of(cls, sums: Sums) -> Answer:
        """What has come of a replay."""
        paid = [(member_id, str(rule), currency, minor) for (member_id, rule, currency), minor in sums.paid.items()]
        return cls([line for line in paid if line[3]], [pair for pair in sums.by_order.items() if pair[1]])

    def shares(self) -> dict[Share, int]:
        """As Sums.paid."""
        return {(member_id, Rule(rule), currency): minor for member_id, rule, currency, minor in self.paid}


def main() -> None:
    """Replays what comes in. Nothing it makes is ever garbage in a cycle, so nobody looks for such."""
    gc.disable()
    replay = Opening(**orjson.loads(sys.stdin.buffer.readline())).replay()
    for line in sys.stdin.buffer:
        for fact in FactPage(**orjson.loads(line)).facts(replay.members):
            replay.apply(fact)
    sys.stdout.buffer.write(orjson.dumps(Answer.of(replay.sums)))


if __name__ == "__main__":
    main()
