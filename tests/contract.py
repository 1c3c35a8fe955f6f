"""What the engine asks of its books, whichever store answers: run over Neo4j and over the double in memory."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from network import NOON, buys, joins, refund

from graph.engine.apply import apply_news
from graph.events import MonthClosed, OrderCompleted, OrderRefunded
from graph.standings import ALL_TIME, Standings

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from graph.engine.books import Books, SequenceBooks

KEEP = json.dumps(
    {
        "name": "keep",
        "three_for_one": {
            "slots_bp": [5000, 5000],
            "bank": "keep",
            "qualify": "every_order",
            "refund_policy": "refill",
        },
    }
)
MONTHLY = json.dumps(
    {
        "name": "monthly",
        "acknowledge_multi_level": True,
        "monthly": {"tiers": [{"min_volume_minor": 1, "rate_bp": 100}]},
    }
)


class Bench(ABC):
    """A store that a test may fill and ask. `refused` is what a second writing of a key ends in."""

    refused: type[Exception]

    @abstractmethod
    async def accept(self, *facts: Any) -> None: ...

    @abstractmethod
    async def publish(self, document: str) -> None: ...

    @abstractmethod
    async def number(self) -> None: ...

    @abstractmethod
    async def write(self, work: Callable[[Books], Awaitable[Any]]) -> Any: ...

    @abstractmethod
    async def in_sequence(self, work: Callable[[SequenceBooks], Awaitable[Any]]) -> Any: ...

    async def apply(self, *scope_ids: str) -> None:
        await self.write(lambda books: apply_news(books, scope_ids))

    async def ask(self, question: str, *given: Any) -> Any:
        """One question in a transaction of its own."""
        return await self.write(lambda books: getattr(books, question)(*given))

    async def ask_with_plans(self, question: str, *given: Any) -> Any:
        async def work(books: Books) -> Any:
            return await getattr(books, question)(*given, await books.plans())

        return await self.write(work)


class BooksContract:
    """Inherited by the tests of each store, which bring a fixture `bench`: an empty network under KEEP."""

    async def test_scopes_are_locked_in_id_order_and_made_when_new(self, bench: Bench) -> None:
        marks = await bench.ask("lock", ["b", "a", "b"])
        assert [(m.scope_id, m.applied_seq, m.cycles, m.dead) for m in marks] == [
            ("a", 0, 0, False),
            ("b", 0, 0, False),
        ]

    async def test_facts_reach_both_scopes_and_end_at_the_mark(self, bench: Bench) -> None:
        await bench.accept(joins("a"), joins("b", "a"), buys("a", 100), buys("b", 100), refund("o-b", 40))
        before = await bench.ask("mark")
        assert await bench.ask("facts", {"a": 0, "b": 0}, 10**6) == {"a": [], "b": []}
        await bench.number()
        assert await bench.ask("mark") > before
        upto = await bench.ask("mark")
        found = await bench.ask("facts", {"a": 0, "b": 0, "c": 0}, upto)
        kinds = {scope: [(type(fact), fact.order_id) for fact in facts] for scope, facts in found.items()}
        of_b = [(OrderCompleted, "o-b"), (OrderRefunded, "o-b")]
        assert kinds == {"a": [(OrderCompleted, "o-a"), *of_b], "b": of_b, "c": []}
        last = found["b"][-1]
        assert (last.amount_minor, last.referrer_id, last.cause) == (40, "a", "refund:r-o-b")
        assert [fact.first for fact in found["a"][:2]] == [True, True]
        assert await bench.ask("facts", {"a": last.seq - 1}, last.seq) == {"a": [last]}
        assert await bench.ask("facts", {"a": 0}, found["a"][0].seq - 1) == {"a": []}

    async def test_an_anchor_is_open_with_its_slots_until_the_last_is_filled(self, bench: Bench) -> None:
        await bench.accept(joins("a"), joins("b", "a"), buys("a", 100), buys("b", 70))
        await bench.number()
        await bench.apply("a", "b")
        far = {"a": 10**6, "b": 10**6}
        found = await bench.ask_with_plans("open_anchors", far)
        (anchor,) = found["a"]
        assert (anchor.order.order_id, anchor.order.net_minor, anchor.mended, sorted(anchor.slots)) == (
            "o-a",
            100,
            False,
            [1],
        )
        slot = anchor.slots[1]
        assert (slot.number, slot.referral.order_id, slot.referral.net_minor, slot.granted_minor) == (1, "o-b", 70, 50)
        assert [a.order.order_id for a in found["b"]] == ["o-b"]
        assert await bench.ask_with_plans("open_anchors", {"a": anchor.order.seq - 1}) == {}
        await bench.accept(buys("b", 70, "o2"))
        await bench.number()
        await bench.apply("a", "b")
        assert "a" not in await bench.ask_with_plans("open_anchors", far)

    async def test_a_refunded_order_finds_its_anchors_also_when_they_are_full(self, bench: Bench) -> None:
        await bench.accept(joins("a"), joins("b", "a"), buys("a", 100), buys("b", 70), buys("b", 70, "o2"))
        await bench.number()
        await bench.apply("a", "b")
        ask = partial(bench.ask_with_plans, "refunded_anchors", {"a": 10**6, "b": 10**6})
        by_referral = await ask({"a": ["o2"]})
        assert [(a.order.order_id, sorted(a.slots)) for a in by_referral["a"]] == [("o-a", [1, 2])]
        assert [a.order.order_id for a in (await ask({"b": ["o2"]}))["b"]] == ["o2"]
        await bench.accept(refund("o-b", 70))
        await bench.number()
        await bench.apply("a", "b")
        (opened,) = (await bench.ask_with_plans("open_anchors", {"a": 10**6}))["a"]
        assert (opened.mended, {k: s.referral.order_id for k, s in opened.slots.items()}) == (True, {2: "o2"})

    async def test_the_bank_keeps_what_waits_with_what_is_left_of_it(self, bench: Bench) -> None:
        await bench.accept(joins("a"), joins("b", "a"), buys("b", 70), buys("b", 60, "o2"), refund("o-b", 30))
        await bench.number()
        await bench.apply("a", "b")
        waiting = await bench.ask("banks", ["a", "b"])
        assert [(o.order_id, o.net_minor, o.buyer_id) for o in waiting["a"]] == [("o-b", 40, "b"), ("o2", 60, "b")]
        assert waiting["b"] == []
        await bench.accept(buys("a", 100))
        await bench.number()
        await bench.apply("a")
        assert await bench.ask("banks", ["a"]) == {"a": []}

    async def test_net_amounts_are_those_of_the_buyers_scope(self, bench: Bench) -> None:
        await bench.accept(joins("a"), buys("a", 100), refund("o-a", 30))
        await bench.number()
        before = await bench.ask("order_nets", ["o-a", "o-nobody"])
        assert {i: (o.net_minor, o.completed_at) for i, o in before.items()} == {"o-a": (100, NOON)}
        await bench.apply("a")
        assert (await bench.ask("order_nets", ["o-a"]))["o-a"].net_minor == 70

    async def test_rewards_stand_as_they_were_posted_and_changed(self, bench: Bench) -> None:
        await bench.accept(joins("a"), joins("b", "a"), buys("a", 100), buys("b", 70))
        await bench.number()
        await bench.apply("a", "b")
        seq = (await bench.ask("order_nets", ["o-b"]))["o-b"].seq
        (posted,) = await bench.ask("rewards_of", [seq, seq])
        assert (posted.amount_minor, posted.worth_minor, posted.slot, posted.paid_minor) == (50, 50, 1, 0)
        assert posted.due_at == NOON + timedelta(days=7)
        await bench.accept(refund("o-a", 40))
        await bench.number()
        await bench.apply("a")
        (changed,) = await bench.ask("rewards_of", [seq])
        assert (changed.amount_minor, changed.base_minor, changed.reward_id) == (30, 60, posted.reward_id)

    async def test_a_key_is_not_written_twice(self, bench: Bench) -> None:
        await bench.accept(joins("a"), joins("b", "a"), buys("a", 100), buys("b", 70))
        await bench.number()
        kept: list[Any] = []

        async def keep(books: Any) -> None:
            real, kept[:] = books.post, []

            class Kept:
                def __getattr__(self, name: str) -> Any:
                    return getattr(books, name)

                async def post(self, postings: Any) -> None:
                    kept.append(postings)
                    await real(postings)

            await apply_news(Kept(), ["a", "b"])  # type: ignore[arg-type]

        await bench.write(keep)
        with pytest.raises(bench.refused):
            await bench.write(lambda books: books.post(kept[0]))

    async def test_what_fails_leaves_nothing(self, bench: Bench) -> None:
        async def work(books: Books) -> None:
            await apply_news(books, ["a", "b"])
            raise ValueError("a fault of the caller's")

        await bench.accept(joins("a"), joins("b", "a"), buys("a", 100), buys("b", 70))
        await bench.number()
        with pytest.raises(ValueError, match="the caller's"):
            await bench.write(work)
        assert [mark.applied_seq for mark in await bench.ask("lock", ["a", "b"])] == [0, 0]
        assert "a" in await bench.ask_with_plans("open_anchors", {"a": 10**6})

    async def test_uplines_run_from_the_nearest_on_with_first_orders(self, bench: Bench) -> None:
        await bench.accept(joins("a"), joins("b", "a"), joins("c", "b"), buys("b", 1))
        await bench.number()
        first = (await bench.ask("order_nets", ["o-b"]))["o-b"].seq
        chains = await bench.ask("uplines", ["c", "a"], 2)
        found = {m: [(x.member_id, x.level, x.first_order_seq) for x in chain] for m, chain in chains.items()}
        assert found == {"a": [], "c": [("b", 1, first), ("a", 2, None)]}
        assert [x.member_id for x in (await bench.ask("uplines", ["c"], 1))["c"]] == ["b"]


class SequenceContract:
    """As BooksContract, for what the sequence asks beside."""

    async def test_the_sequence_begins_before_the_plan_that_needs_it(self, bench: Bench) -> None:
        async def place(books: SequenceBooks) -> Any:
            return await books.place(await books.plans())

        await bench.accept(joins("a"), buys("a", 5))
        await bench.number()
        assert await bench.in_sequence(place) is None
        await bench.publish(MONTHLY)
        await bench.number()
        began = await bench.in_sequence(place)
        assert (began.seq, began.month_cursor, began.counted) == (await bench.ask("mark") - 1, "", False)
        await bench.in_sequence(lambda books: books.advance(began.seq + 1, month_cursor="m"))
        await bench.in_sequence(lambda books: books.advance(began.seq + 2))
        assert (await bench.in_sequence(place)).seq == began.seq + 2

    async def test_a_stretch_holds_facts_in_seq_order_and_no_plans(self, bench: Bench) -> None:
        await bench.accept(joins("a"), buys("a", 5))
        await bench.publish(MONTHLY)
        await bench.accept(refund("o-a", 2))
        await bench.number()
        facts = await bench.in_sequence(lambda books: books.stretch(0, 10**6))
        assert [type(fact) for fact in facts] == [OrderCompleted, OrderRefunded]
        assert not [f for f in facts if isinstance(f, MonthClosed)]
        assert await bench.in_sequence(lambda books: books.stretch(facts[0].seq, facts[1].seq)) == [facts[1]]

    async def test_standings_are_read_as_they_were_written(self, bench: Bench) -> None:
        written = Standings()
        written.count(["a", "b"], "CNY", "2026-01", 70)
        written.count(["a"], "USD", "2026-02", 5)
        written.count_direct("a")
        written.ranks["b", "CNY"]["V1"] = 3
        written.changed_ranks.add(("b", "CNY"))
        await bench.accept(joins("a"), joins("b", "a"))
        await bench.in_sequence(lambda books: books.save_standings(written))
        found = await bench.in_sequence(lambda books: books.standings(["a", "b"], ["2026-01"]))
        volumes = {key: minor for key, minor in written.volumes.items() if key[2] in {ALL_TIME, "2026-01"}}
        assert (found.volumes, found.directs, found.ranks) == (volumes, {"a": 1}, {("b", "CNY"): {"V1": 3}})
        months = partial(bench.in_sequence, lambda books: books.month_volumes("2026-01", "", 1))
        assert await months() == [("a", "CNY", 70)]
        assert await bench.in_sequence(lambda books: books.month_volumes("2026-01", "a", 5)) == [("b", "CNY", 70)]
        assert await bench.in_sequence(lambda books: books.rewards_by_ids(["0" * 32])) == []
