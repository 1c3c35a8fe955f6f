"""Steps coroutines one by one; who goes next is drawn from a seed, and nothing else decides anything."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from random import Random

    from memory.transactions import Store


SELDOM = 0.97


@dataclass(slots=True, eq=False)
class Task:
    coroutine: Coroutine[Any, Any, None]
    process: Process
    number: int
    gate: Callable[[], bool] | None = None
    done: bool = False


@dataclass(slots=True, eq=False)
class Process:
    """What is killed, paused and started as one. `main` makes its first task."""

    name: str
    main: Callable[[Process], Coroutine[Any, Any, None]]
    tasks: list[Task] = field(default_factory=list)
    paused_until: int = 0
    slow_until: int = 0
    """Until then it seldom gets its turn."""


class Scheduler:
    """`trace` tells two courses of events apart."""

    def __init__(self, store: Store, random: Random) -> None:
        self.store = store
        self.random = random
        self.tasks: list[Task] = []
        self.processes: list[Process] = []
        self.trace = 0
        self._count = 0

    def start(self, name: str, main: Callable[[Process], Coroutine[Any, Any, None]]) -> Process:
        process = Process(name, main)
        self.processes.append(process)
        self.spawn(process, main(process))
        return process

    def spawn(self, process: Process, coroutine: Coroutine[Any, Any, None]) -> Task:
        self._count += 1
        task = Task(coroutine, process, self._count)
        process.tasks.append(task)
        self.tasks.append(task)
        return task

    def kill(self, process: Process) -> None:
        """As SIGKILL: open transactions are rolled back, a commit under way goes through; then it starts anew."""
        for task in process.tasks:
            task.coroutine.close()
            task.done = True
        self.tasks = [task for task in self.tasks if not task.done]
        process.tasks = []
        process.paused_until = 0
        self.spawn(process, process.main(process))

    def step(self) -> bool:
        """One task goes on to its next pause; False when everybody waits."""
        store, now = self.store, self.store.now
        able = [t for t in self.tasks if t.process.paused_until <= now and (t.gate is None or t.gate())]
        store.now = now + 1
        if not able:
            return False
        random = self.random.random
        task = able[int(random() * len(able))]
        if task.process.slow_until > now and random() < SELDOM:
            task = able[int(random() * len(able))]
        self.trace = (self.trace * 1_000_003 + task.number) & 0xFFFFFFFFFFFFFFFF
        store.gate = None
        try:
            task.coroutine.send(None)
        except StopIteration:
            task.done = True
            self.tasks.remove(task)
            task.process.tasks.remove(task)
        else:
            task.gate, store.gate = store.gate, None
        return True

    def close(self) -> None:
        for task in self.tasks:
            task.coroutine.close()
