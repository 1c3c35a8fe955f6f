"""The engine over a store in memory, without a scheduler: one thing after the other."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeVar

from graph.engine import sequencer
from graph.engine.apply import apply_news
from graph.engine.sequence import apply_next
from graph.engine.sequencer import Sequencer
from graph.members import Enrolment, MemberId
from memory.books import MemoryBookStore
from memory.intake import Intake, begin
from memory.log import MemoryDeadLetters, MemoryLog, MemoryMembers, MemorySequenceStore, take
from memory.transactions import Store

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterable, Mapping
    from typing import Any

T = TypeVar("T")


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """Runs a coroutine that never has to wait for anybody."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        return done.value  # type: ignore[no-any-return]
    raise AssertionError("it waits for a lock that nobody gives up")


class Engine:
    """A network under a plan, its intake, and the steps of the engine."""

    def __init__(self, referrers: Mapping[str, str | None], document: str) -> None:
        self.store = Store(stepped=False)
        begin(self.store, document)
        self.intake = Intake(self.store)
        self.log = MemoryLog(self.store)
        for member_id in sorted(referrers):
            above = referrers[member_id]
            run(self.intake.join(Enrolment(MemberId(member_id), MemberId(above) if above else None)))

    def number(self) -> None:
        lease = run(take(self.store, "relay", "a test", 10**9))
        assert lease
        run(self.log.number(lease, 1000))

    def apply(self, scope_ids: Iterable[str]) -> None:
        scopes = set(scope_ids)
        run(MemoryBookStore(self.store).write(lambda books: apply_news(books, scopes)))

    def step(self, at_once: int) -> bool:
        """One step of the sequencer, of so many facts."""
        sequences = MemorySequenceStore(self.store)
        lease = run(sequences.take("a test", 10**9))
        members, letters = MemoryMembers(self.store), MemoryDeadLetters(self.store)
        role = Sequencer(sequences, self.log, members, letters, "a test", 10**9)  # type: ignore[arg-type]
        uncounted = run(sequences.write(lease, sequencer._uncounted))  # noqa: SLF001
        if uncounted is not None:
            run(role._count(lease, uncounted.seq))  # noqa: SLF001
        return run(sequences.write(lease, partial(apply_next, at_once=at_once)))

    def finish(self) -> None:
        """Numbers and applies whatever is left."""
        self.number()
        self.apply(self.store["members"])
        while self.step(7):
            pass
