"""Bugs planted at run time, to see that the simulator would find them. Each is one that somebody could write."""

from __future__ import annotations

from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from memory import intake
from memory.books import MemoryBooks
from memory.news import MemoryNews
from memory.transactions import Transaction

from graph import anchors, bonuses, postings, rewards
from graph.anchors import Anchor
from graph.caps import capped
from graph.engine import handlers, sequence, sequencer
from graph.engine.apply import apply_news
from graph.engine.books import ScopeMark
from graph.engine.months import Months
from graph.engine.sweeper import Sweeper
from graph.engine.worker import Worker
from graph.events import OrderRefunded
from graph.ledger import RewardState
from graph.rebates import RebateBook
from graph.rewards import OF_THE_ORDER, Rule
from graph.standings import Standings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Patch = tuple[Any, str, Any]


@contextmanager
def planted(bug: Callable[[], list[Patch]]) -> Iterator[None]:
    patches = bug()
    before = [where[name] if isinstance(where, dict) else getattr(where, name) for where, name, _ in patches]
    try:
        for where, name, value in patches:
            _put(where, name, value)
        yield
    finally:
        for (where, name, _), value in zip(patches, before, strict=True):
            _put(where, name, value)


def _put(where: Any, name: Any, value: Any) -> None:
    if isinstance(where, dict):
        where[name] = value
    else:
        setattr(where, name, value)


def no_lock() -> list[Patch]:
    async def lock(self: MemoryBooks, scope_ids: Any) -> list[ScopeMark]:
        await self.tx.store.pause()
        rows = {i: self.tx.get("scopes", i) or {"applied_seq": 0, "cycles": 0, "dead": False} for i in scope_ids}
        return [ScopeMark(i, row["applied_seq"], row["cycles"], row["dead"]) for i, row in sorted(rows.items())]

    return [(MemoryBooks, "lock", lock)]


def no_lock_and_no_keys() -> list[Patch]:
    return [*no_lock(), (Transaction, "_check_keys", lambda self: None)]


def reads_up_to_the_last_number() -> list[Patch]:
    async def mark(self: MemoryBooks) -> int:
        await self.tx.store.pause()
        return int(self.tx.store["log"]["seq"])

    return [(MemoryBooks, "mark", mark)]


def reads_the_plans_before_the_mark() -> list[Patch]:
    seen: WeakKeyDictionary[Transaction, Any] = WeakKeyDictionary()
    mark, plans = MemoryBooks.mark, MemoryBooks.plans

    async def plans_first(self: MemoryBooks) -> int:
        seen[self.tx] = await plans(self)
        return await mark(self)

    async def kept(self: MemoryBooks) -> Any:
        return seen.pop(self.tx, None) or await plans(self)

    return [(MemoryBooks, "mark", plans_first), (MemoryBooks, "plans", kept)]


def counts_standings_past_the_mark() -> list[Patch]:
    async def uncounted(books: MemoryBooks) -> Any:
        plans = await books.plans()
        place = await books.place(plans)
        return place if place and plans.counts_teams and not place.counted else None

    return [(sequencer, "_uncounted", uncounted)]


def acknowledges_before_the_commit_and_never_sweeps() -> list[Patch]:
    apply = Worker._apply  # noqa: SLF001

    async def acknowledge_first(self: Worker, news: Any) -> None:
        await self.news.acknowledge(news)
        await apply(self, news)

    async def sweep(self: Sweeper, lease: Any) -> bool:
        return False

    async def give_up(self: Worker, item: Any, fault: Exception) -> bool:
        return True

    return [(Worker, "_apply", acknowledge_first), (Sweeper, "sweep", sweep), (Worker, "_give_up", give_up)]


def rounds_by_float() -> list[Patch]:
    def share(amount_minor: int, rate_bp: int) -> int:
        return round(amount_minor * rate_bp / 10_000)

    return [(module, "share", share) for module in (anchors, bonuses, rewards)]


def moves_the_mark_in_a_transaction_before_the_money() -> list[Patch]:
    due: list[Any] = []

    async def post(self: MemoryBooks, found: Any) -> None:
        due.append(found)

    async def commit(self: Worker, scope_ids: set[str]) -> None:
        due.clear()
        await self.books.write(lambda books: apply_news(_NoMoney(books.tx, due), scope_ids))  # type: ignore[attr-defined]
        mine = list(due)
        for found in mine:
            await self.books.write(lambda books: books.post(found))  # noqa: B023

    class _NoMoney(MemoryBooks):
        def __init__(self, tx: Transaction, due: list[Any]) -> None:
            super().__init__(tx)

    _NoMoney.post = post  # type: ignore[method-assign]
    return [(Worker, "_commit", commit)]


def computes_refunds_on_the_amount_before() -> list[Patch]:
    def on_refund(scope: Any, refund: OrderRefunded) -> Any:
        found = handlers.on_order_refunded(scope, refund)
        return [r.on(r.base_minor + refund.amount_minor) if r.rule in OF_THE_ORDER else r for r in found]

    return [(handlers.HANDLERS, OrderRefunded, on_refund)]


def grants_a_slot_on_the_referral_alone() -> list[Patch]:
    return [(Anchor, "base_of", lambda self, referral: referral.net_minor)]


def leaves_a_gap_where_slots_should_shift() -> list[Patch]:
    return [(Anchor, "shift", Anchor.empty)]


def empties_the_bank_newest_first() -> list[Patch]:
    fill = RebateBook._fill_from_bank  # noqa: SLF001

    def reversed_fill(self: RebateBook, *given: Any) -> Any:
        self.waiting.reverse()
        return fill(self, *given)

    return [(RebateBook, "_fill_from_bank", reversed_fill)]


def looks_at_ranks_only_after_counting() -> list[Patch]:
    look = Standings.look
    before: dict[int, int] = {}

    def late(self: Standings, upline: Any, currency: str, team: Any, seq: int) -> None:
        if before.get(id(self)) == seq:
            look(self, upline, currency, team, seq)
        before[id(self)] = seq

    return [(Standings, "look", late)]


def leaves_the_rebate_out_of_the_cap() -> list[Patch]:
    def without_rebate(group: Any, cap_minor: int) -> dict[str, int]:
        rebates = {i: r.worth_minor for i, r in group.items() if r.rule is Rule.REBATE}
        return rebates | capped({i: r for i, r in group.items() if r.rule is not Rule.REBATE}, cap_minor)

    return [(sequence, "capped", without_rebate)]


def drops_the_clawback_of_what_was_paid() -> list[Patch]:
    post = postings.Postings._post  # noqa: SLF001

    def keep(self: Any, reward: Any, reward_id: str, amount: int, *given: Any) -> None:
        if self.states.get(reward_id) is RewardState.PAID and amount < self.amounts[reward_id]:
            return
        post(self, reward, reward_id, amount, *given)

    return [(postings.Postings, "_post", keep)]


def leaves_closed_months_alone() -> list[Patch]:
    return [(Months, "late", lambda self, *given: [])]


def stamps_refunds_by_the_clock_alone() -> list[Patch]:
    return [(intake, "later", lambda drawn, last: drawn)]


def tells_refunds_under_a_fresh_id() -> list[Patch]:
    get, create, number = Transaction.get, Transaction.create, count()

    def forget(self: Transaction, table: str, key: Any) -> Any:
        return None if table == "refunds" else get(self, table, key)

    def anew(self: Transaction, table: str, key: Any, row: Any) -> None:
        told = table == "refunds" and key in self.store[table]
        create(self, table, f"{key} told again {next(number)}" if told else key, row)

    return [(Transaction, "get", forget), (Transaction, "create", anew)]


def loses_messages_for_good() -> list[Patch]:
    async def claim(self: MemoryNews, *given: Any) -> list[Any]:
        return []

    async def sweep(self: Sweeper, lease: Any) -> bool:
        position = await self.log.position()
        await self.log.mark_applied(lease, position.mark)
        return False

    return [(MemoryNews, "claim", claim), (Sweeper, "sweep", sweep)]


BUGS = (
    no_lock,
    no_lock_and_no_keys,
    reads_up_to_the_last_number,
    reads_the_plans_before_the_mark,
    counts_standings_past_the_mark,
    acknowledges_before_the_commit_and_never_sweeps,
    moves_the_mark_in_a_transaction_before_the_money,
    rounds_by_float,
    computes_refunds_on_the_amount_before,
    grants_a_slot_on_the_referral_alone,
    leaves_a_gap_where_slots_should_shift,
    empties_the_bank_newest_first,
    looks_at_ranks_only_after_counting,
    leaves_the_rebate_out_of_the_cap,
    drops_the_clawback_of_what_was_paid,
    leaves_closed_months_alone,
    stamps_refunds_by_the_clock_alone,
    tells_refunds_under_a_fresh_id,
    loses_messages_for_good,
)
