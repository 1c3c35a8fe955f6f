"""The processes of a simulated deployment. Each runs the product's own code over the doubles."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from memory.books import MemoryBookStore
from memory.intake import Intake
from memory.ledger import pay_out, settle
from memory.log import MemoryMembers, MemorySequenceStore, take
from memory.news import MemoryShare

from graph.engine.relay import Relay
from graph.engine.sequencer import Sequencer
from graph.engine.sweeper import Sweeper
from graph.engine.worker import Worker
from graph.errors import OverRefund, Refused, Unavailable
from graph.ledger import RewardState
from graph.orders import Purchase
from graph.store.leases import LeaseLost
from simulator.scenario import NOON, Closing, Publication

if TYPE_CHECKING:
    from simulator.scheduler import Process
    from simulator.world import World

LEASE = 150
SWEEP = 120


async def shop(world: World, name: str, process: Process) -> None:
    """Takes wishes from the common pile, and tells each again until it is accepted or refused, even after a crash."""
    intake = Intake(world.store, f"{name} {world.store.now}")
    while world.wishes or name in world.in_hand:
        wish = world.in_hand.get(name) or world.wishes.pop(0)
        world.in_hand[name] = wish
        with suppress(Unavailable):
            try:
                await _tell(intake, wish)
            except OverRefund:
                world.seen["over-refund"] += 1
            except Refused:
                pass
            if world.random.random() > 0.1:  # else it is not sure
                del world.in_hand[name]
        if world.random.random() < world.leisure:
            rest = world.store.now + world.random.randint(1, 80)
            await world.store.until(lambda: world.store.now >= rest)  # noqa: B023


async def _tell(intake: Intake, wish: Any) -> None:
    if isinstance(wish, Publication):
        await intake.publish(wish.document, wish.key)
    elif isinstance(wish, Closing):
        await intake.close_month(wish.month)
    elif isinstance(wish, Purchase):
        await intake.order(wish)
    else:
        await intake.refund(wish)


async def worker(world: World, name: str, process: Process) -> None:
    share: Any = MemoryShare(name)
    books: Any = MemoryBookStore(world.store)
    news: Any = world.news
    role = Worker(books, world.dead_letters, news, share, idle_ms=0)  # type: ignore[arg-type]
    while True:
        with suppress(Unavailable):
            await role.turn()


async def relay(world: World, name: str, process: Process) -> None:
    store = world.store
    role = Relay(store, world.log, world.news, name, LEASE, 0.0)  # type: ignore[arg-type]
    while True:
        lease = None
        with suppress(Unavailable):
            lease = await take(store, "relay", name, LEASE)
        if lease is None:
            again = store.now + LEASE // 2
            await store.until(lambda: store.now >= again)  # noqa: B023
            continue
        sweeper = Sweeper(world.log, world.news, 0.0)  # type: ignore[arg-type]
        loops = _Loops(world, process)
        with suppress(LeaseLost, Unavailable):
            await world.log.mark(lease)
            loops.begin(partial(role.number, lease), _unnumbered(world))  # type: ignore[arg-type]
            loops.begin(partial(role.announce, lease), _unannounced(world))  # type: ignore[arg-type]
            loops.begin(partial(sweeper.sweep, lease), None)  # type: ignore[arg-type]
            await store.until(lambda: loops.over)  # noqa: B023


class _Loops:
    """As Relay._relay: side by side, until one of them loses the lease."""

    def __init__(self, world: World, process: Process) -> None:
        self.world, self.process = world, process
        self.running = 0
        self.lost = False

    @property
    def over(self) -> bool:
        return self.lost and not self.running

    def begin(self, step: Any, wanted: Any) -> None:
        self.running += 1
        self.world.scheduler.spawn(self.process, self._repeat(step, wanted))

    async def _repeat(self, step: Any, wanted: Any) -> None:
        store = self.world.store
        while not self.lost:
            try:
                if await step():
                    continue
            except LeaseLost:
                self.lost = True
            except Unavailable:
                pass
            soon = store.now + SWEEP
            await store.until(lambda: self.lost or (wanted() if wanted else store.now >= soon))  # noqa: B023
        self.running -= 1


def _unnumbered(world: World) -> Any:
    return lambda: bool(world.store.tables.unnumbered)


def _unannounced(world: World) -> Any:
    log = world.store["log"]
    return lambda: log["published_seq"] < log["mark"]


async def sequencer(world: World, name: str, process: Process) -> None:
    store = world.store
    sequences = MemorySequenceStore(store)
    members = MemoryMembers(store)
    role = Sequencer(sequences, world.log, members, world.dead_letters, name, LEASE)  # type: ignore[arg-type]
    while True:
        await store.until(lambda: world.sequence_waits)
        again = store.now + LEASE // 3
        try:
            lease = await sequences.take(name, LEASE)
            while lease and (await role.step(lease) or world.sequence_waits):  # type: ignore[arg-type]
                pass
        except (LeaseLost, Unavailable, ValueError):
            pass  # what Sequencer.run waits for, and a poisoned scope
        await store.until(lambda: store.now >= again)  # noqa: B023


async def cashier(world: World, name: str, process: Process) -> None:
    """Settles now and then as of some day, and pays out what is available."""
    store = world.store
    while True:
        rest = store.now + world.random.randint(60, 400)
        await store.until(lambda: store.now >= rest)  # noqa: B023
        with suppress(Unavailable):
            await settle(store, NOON + timedelta(days=world.random.randint(-5, 40)))
            ready = [i for i, r in store["rewards"].items() if r.state is RewardState.AVAILABLE]
            if ready and world.random.random() < 0.5:
                await pay_out(store, world.random.choice(ready), NOON)


__all__ = ["cashier", "relay", "sequencer", "shop", "worker"]
