"""One seed: the network, the processes over one store, what goes wrong, and what must come of it all the same."""

from __future__ import annotations

import logging
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any
from zlib import crc32

from memory.driving import run
from memory.intake import Intake, begin
from memory.log import MemoryDeadLetters, MemoryLog
from memory.news import MemoryNews
from memory.recounted import broken_laws, differences
from memory.transactions import Store

from graph.engine import months, relay, sequence, worker
from graph.members import Enrolment, MemberId
from simulator import roles
from simulator.coverage import seen_in
from simulator.laws import LawBroken, Laws
from simulator.scenario import scenario
from simulator.scheduler import Scheduler

if TYPE_CHECKING:
    from collections.abc import Iterator

    from memory.transactions import Transaction

    from simulator.scheduler import Process

MAX_STEPS = 40_000
"""A world that is not done by then never will be: it takes a few thousand."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """`trace` is a hash of the whole course of events and of the ledger; `seen` what occurred in it."""

    seed: int
    steps: int
    trace: int
    seen: Counter[str]
    faults: list[str]

    def __str__(self) -> str:
        lines = "\n  ".join(self.faults[:12])
        return f"seed {self.seed} after {self.steps} steps:\n  {lines}\nagain: make simulate SEEDS={self.seed}"


class World:
    def __init__(self, seed: int) -> None:
        self.random = random = Random(seed)
        self.seen: Counter[str] = Counter()
        self.store = store = Store(stepped=False, fractured=random if random.random() < 0.7 else None)
        self.scenario = scenario(random)
        begin(store, self.scenario.plan)
        for member_id, above in self.scenario.referrers.items():
            run(Intake(store).join(Enrolment(MemberId(member_id), MemberId(above) if above else None)))
        store.stepped = True
        self.wishes = list(self.scenario.wishes)
        self.in_hand: dict[str, Any] = {}
        self.leisure = random.choice([0.0, 0.0, 0.3, 0.9])
        self.log = MemoryLog(store)
        self.dead_letters = MemoryDeadLetters(store)
        self.news = MemoryNews(store, random, idle=random.choice([30, 100]))
        self.scheduler = Scheduler(store, random)
        self.laws = Laws(store)
        self._processes()
        for process in self.crew:
            process.slow_until = random.choice([0, 0, 300, 1000])
        self.next_fault = random.randint(20, 200)
        self.fault_every = random.choice([40, 120, 400])
        self._break: str = ""
        store.break_commit = self._breaks

    def _processes(self) -> None:
        start = self.scheduler.start
        crew = [("relay", 2, roles.relay), ("worker", 3, roles.worker), ("sequencer", 2, roles.sequencer)]
        crew += [("shop", 2, roles.shop), ("cashier", 1, roles.cashier)]
        self.crew: list[Process] = []
        for kind, count, role in crew:
            for number in range(count):
                name = f"{kind} {number}"
                self.crew.append(start(name, partial(role, self, name)))

    def _breaks(self, tx: Transaction) -> str:
        for (table, _), row in tx.changes.items():
            if table == "plans":
                readers = self.random.random() < 0.5
                self._drag(*(("worker", "sequencer") if row.seq and readers else ("relay",)))
        broken, self._break = self._break, ""
        if broken == "after":
            self.seen["ambiguous commit"] += 1
        return broken

    def _drag(self, *kinds: str) -> None:
        """A plan comes: now it matters who has read what. Facts pile up behind it, or readers stop midway."""
        for process in self.crew:
            if process.name.startswith(kinds) and self.random.random() < 0.6:
                process.slow_until = self.store.now + 300
                process.paused_until = self.store.now + self.random.choice([0, 40, 150])

    @property
    def sequence_waits(self) -> bool:
        log = self.store["log"]
        if not any(plan.plan.in_sequence and plan.seq is not None for plan in self.store["plans"].values()):
            return False
        place = log["sequence"]
        return place is None or place[0] is None or place[0] < log["mark"]

    def run(self) -> list[str]:
        """The faults found; none if all is as the recount says."""
        try:
            while self.wishes or self.in_hand or self.store.now < 200:
                self.scheduler.step()
                if self.store.now >= self.next_fault:
                    self.next_fault = self.store.now + 1 + int(self.random.expovariate(1 / self.fault_every))
                    self._something_happens()
                if self.store.now > MAX_STEPS:
                    return ["the shop is never done"]
            self._heal()
            return self._drain()
        except LawBroken as broken:
            return [str(broken)]
        except Exception as fault:
            logging.getLogger(__name__).debug("", exc_info=True)
            return [f"{type(fault).__name__}: {fault}", *_where(fault)]
        finally:
            self.store.watch = None
            self.scheduler.close()

    def _something_happens(self) -> None:
        process = self.random.choice(self.crew)
        what = self.random.random()
        if what < 0.25:
            self.scheduler.kill(process)
        elif what < 0.4:
            process.paused_until = self.store.now + self.random.choice([50, 300, 1000])
        elif what < 0.55:
            process.slow_until = self.store.now + self.random.choice([200, 600])
        elif what < 0.75:
            self._break = self.random.choice(["before", "after", "after"])
        elif what < 0.85:
            pending = self.news.flush()
            self.seen["flush with pending"] += pending > 0
        elif what < 0.95:
            self._tell_twice()
        elif not self.store.poisoned:
            self.store.poisoned.add(self.random.choice(list(self.scenario.referrers)))

    def _tell_twice(self) -> None:
        for message in list(self.news.messages.values())[:3]:
            self.news.put(message.scope_id)
            self.seen["duplicate delivery"] += 1

    def _heal(self) -> None:
        self._break = ""
        self.store.poisoned.clear()
        for process in self.crew:
            process.paused_until = process.slow_until = 0
        self._retry()

    def _retry(self) -> None:
        """As `dead-letters --retry` does."""
        for scope_id in sorted(self.store["dead_letters"]):
            self.seen["dead letter"] += 1
            self.news.put(scope_id)

    def _drain(self) -> list[str]:
        while not self.done or self.store["dead_letters"]:
            if self.done:
                self._retry()
            for _ in range(20):
                self.scheduler.step()
            if self.store.now > MAX_STEPS:
                return [f"it does not come to rest: {dict(self.store['log'])}, {len(self.news.messages)} messages"]
        overtaken = {name for name in self.news.taken_over if name.startswith("worker")}
        self.seen["paused worker overtaken"] += bool(overtaken)
        self.seen += seen_in(self.store)
        return differences(self.store) + broken_laws(self.store)

    @property
    def done(self) -> bool:
        store, log = self.store, self.store["log"]
        return (
            not self.news.messages
            and not store.locks
            and not store.committing
            and log["applied_seq"] == log["published_seq"] == log["mark"] == log["seq"]
            and not store.tables.unnumbered
            and not self.sequence_waits
        )


def _where(fault: BaseException) -> list[str]:
    frames = []
    trace = fault.__traceback__
    while trace is not None:
        frames.append(f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}")
        trace = trace.tb_next
    return frames[-4:]


def simulate(seed: int) -> Outcome:
    """Runs one seed to its end."""
    with small_batches(seed):
        world = World(seed)
        faults = world.run()
    ledger = crc32(repr(sorted(world.store["entries"].items())).encode())
    return Outcome(seed, world.store.now, world.scheduler.trace ^ ledger, world.seen, faults)


@contextmanager
def small_batches(seed: int) -> Iterator[None]:
    """So that a story of thirty facts has batches with edges; and silence, since faults are meant here."""
    small: list[tuple[Any, str, Any]] = [
        (relay, "NUMBER_AT_ONCE", 1 + seed % 8),
        (relay, "ANNOUNCE_AT_ONCE", 4),
        (worker, "READ", 3),
        (worker, "BATCH", 4),
        (worker, "MAX_DELIVERIES", 2),
        (months, "MEMBERS_AT_ONCE", 2),
        (sequence.apply_next, "__defaults__", (1 + seed % 7,)),
    ]
    before = [getattr(where, name) for where, name, _ in small]
    logging.disable(logging.CRITICAL)
    try:
        for where, name, value in small:
            setattr(where, name, value)
        yield
    finally:
        for (where, name, _), value in zip(small, before, strict=True):
            setattr(where, name, value)
        logging.disable(logging.NOTSET)
