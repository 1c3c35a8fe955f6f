"""The engine's view of one transaction, in memory: `graph/engine/books.py` says what each answer means."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from graph.anchors import Slot
from graph.engine.books import OrderNet, ScopeMark, SequencePlace
from graph.events import MonthClosed, OrderCompleted
from graph.ledger import PostedReward, RewardState
from graph.members import Ancestor
from graph.plan import PlanHistory
from graph.rebates import anchor_of
from graph.standings import Standings

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

    from graph.anchors import Anchor
    from graph.engine.handlers import Scope
    from graph.events import OrderFact
    from graph.postings import Postings
    from graph.rewards import Reward
    from memory.transactions import Row, Store, Transaction

T = TypeVar("T")
NEW_SCOPE = {"applied_seq": 0, "cycles": 0, "dead": False}
CHANGES = ("worth_minor", "base_minor", "rate_bp", "slot")


@dataclass(frozen=True, slots=True)
class MemoryBooks:
    """Both Books and SequenceBooks."""

    tx: Transaction
    chain: str = "rewards"

    async def lock(self, scope_ids: Iterable[str]) -> list[ScopeMark]:
        marks = []
        for scope_id in sorted(set(scope_ids)):
            await self.tx.lock(("scope", scope_id))
            row = self.tx.get("scopes", scope_id)
            if row is None:
                row = NEW_SCOPE
                self.tx.put("scopes", scope_id, row)
            marks.append(ScopeMark(scope_id, row["applied_seq"], row["cycles"], row["dead"]))
        return marks

    async def mark(self) -> int:
        await self.tx.store.pause()
        return int(self.tx.get("log", "mark"))

    async def plans(self) -> PlanHistory:
        await self.tx.store.pause()
        return PlanHistory([plan for _, plan in sorted(self.tx.store["plans"].items())])

    async def facts(self, applied: Mapping[str, int], upto: int) -> dict[str, list[OrderFact]]:
        await self.tx.store.pause()
        if poison := self.tx.store.poisoned.intersection(applied):
            raise ValueError(f"the facts of {sorted(poison)} cannot be read")
        of = self.tx.store.tables.facts_of
        return {scope_id: [f for f in of[scope_id] if after < f.seq <= upto] for scope_id, after in applied.items()}

    async def open_anchors(self, upto: Mapping[str, int], plans: PlanHistory) -> dict[str, list[Anchor]]:
        await self.tx.store.pause()
        orders, of = self.tx.store["orders"], self.tx.store.tables.orders_of
        return self._anchors(
            {
                scope_id: [o for order_id in of[scope_id] if (o := orders[order_id])["closed_seq"] is None]
                for scope_id in upto
            },
            upto,
            plans,
        )

    async def refunded_anchors(
        self, upto: Mapping[str, int], refunded: Mapping[str, Sequence[str]], plans: PlanHistory
    ) -> dict[str, list[Anchor]]:
        await self.tx.store.pause()
        orders, referrals = self.tx.store["orders"], self.tx.store["slot_referrals"]
        found = {}
        for scope_id, order_ids in refunded.items():
            ids = {*order_ids, *(referrals[i][0] for i in order_ids if i in referrals)}
            found[scope_id] = [orders[i] for i in ids if orders[i]["buyer_id"] == scope_id]
        return self._anchors(found, upto, plans)

    def _anchors(
        self, orders: Mapping[str, Sequence[Row]], upto: Mapping[str, int], plans: PlanHistory
    ) -> dict[str, list[Anchor]]:
        anchors: dict[str, list[Anchor]] = {}
        slots, of = self.tx.store["slots"], self.tx.store.tables.slots_of
        for scope_id, rows in orders.items():
            numbered = [row for row in rows if row["seq"] is not None and row["seq"] <= upto[scope_id]]
            for row in sorted(numbered, key=lambda row: row["seq"]):
                anchor = anchor_of(_order(row, _net(row)), plans.in_force(row["seq"]))
                if anchor is not None:
                    anchor.mended = row["mended"]
                    anchor.slots = {key[1]: slots[key] for key in sorted(of[row["order_id"]])}
                    anchors.setdefault(scope_id, []).append(anchor)
        return anchors

    async def banks(self, scope_ids: Sequence[str]) -> dict[str, list[OrderCompleted]]:
        await self.tx.store.pause()
        rows = [row for row in self.tx.store["orders"].values() if row["banked_for"] is not None]
        rows.sort(key=lambda row: row["seq"])
        return {s: [_order(row, row["banked_minor"]) for row in rows if row["banked_for"] == s] for s in scope_ids}

    async def order_nets(self, order_ids: Sequence[str]) -> dict[str, OrderNet]:
        await self.tx.store.pause()
        orders = self.tx.store["orders"]
        return {i: OrderNet(o["seq"], _net(o), o["completed_at"]) for i in order_ids if (o := orders.get(i))}

    async def rewards_of(self, order_seqs: Sequence[int]) -> list[PostedReward]:
        await self.tx.store.pause()
        of = self.tx.store.tables.rewards_of
        return await self.rewards_by_ids([i for seq in set(order_seqs) for i in of[seq]])

    async def rewards_by_ids(self, reward_ids: Sequence[str]) -> list[PostedReward]:
        known = sorted(i for i in set(reward_ids) if i in self.tx.store["rewards"])
        for reward_id in known:
            await self.tx.lock(("rewards", reward_id))
        return [self.tx.store["rewards"][i] for i in known]

    async def uplines(self, member_ids: Sequence[str], max_level: int) -> dict[str, list[Ancestor]]:
        await self.tx.store.pause()
        members, chains = self.tx.store["members"], {}
        for member_id in member_ids:
            chain: list[Ancestor] = []
            step = members[member_id]["referrer_id"] if member_id in members else None
            while step is not None and len(chain) < max_level:
                chain.append(Ancestor(step, len(chain) + 1, members[step]["first_order_seq"]))
                step = members[step]["referrer_id"]
            chains[member_id] = chain
        return chains

    async def post(self, postings: Postings) -> None:
        if postings.entries:
            await self.tx.lock(("chain", self.chain))  # the audit's
        for reward_id in postings.new:
            reward = _posted(postings.rewards[reward_id], postings.amounts[reward_id])
            self.tx.create("rewards", reward_id, reward)
        for reward_id in sorted(postings.changed.difference(postings.new)):
            changes = {name: getattr(postings.rewards[reward_id], name) for name in CHANGES}
            posted = self.tx.get("rewards", reward_id)
            assert posted is not None
            self.tx.put("rewards", reward_id, replace(posted, amount_minor=postings.amounts[reward_id], **changes))
        for entry in postings.entries:
            self.tx.create("entries", entry.entry_id, entry)

    async def save(self, scopes: Sequence[Scope], upto: int) -> None:
        await self.tx.store.pause()
        for scope in scopes:
            self._save_slots(scope, upto)
            for order_id in scope.refunded:
                self.tx.set("orders", order_id, net_minor=scope.nets[order_id])
            row = self.tx.get("scopes", scope.scope_id) or NEW_SCOPE
            applied = max(row["applied_seq"], upto)
            self.tx.put("scopes", scope.scope_id, row | {"applied_seq": applied, "cycles": scope.book.cycles})

    def _save_slots(self, scope: Scope, seq: int) -> None:
        book = scope.book
        written: list[tuple[Anchor, int]] = [
            (anchor, position) for anchor, position in book.filled if anchor.order.order_id not in book.mended
        ]
        for anchor, _ in written:
            if anchor.full:
                self.tx.set("orders", anchor.order.order_id, closed_seq=seq)
        for order_id, anchor in book.mended.items():
            for key in self.tx.store.tables.slots_of[order_id]:
                self.tx.delete("slot_referrals", self.tx.store["slots"][key].referral.order_id)
                self.tx.delete("slots", key)
            self.tx.set("orders", order_id, closed_seq=None if anchor.open else seq, mended=anchor.mended)
            written += [(anchor, position) for position in sorted(anchor.slots)]
        for anchor, position in written:
            slot, key = anchor.slots[position], (anchor.order.order_id, position)
            referral = replace(slot.referral, referrer_id=None, first=False)
            self.tx.create("slots", key, Slot(slot.number, referral, slot.granted_minor))
            self.tx.create("slot_referrals", referral.order_id, key)
        for order_id, waiting in book.banked.items():
            banked_for, minor = (book.owner_id, waiting.net_minor) if waiting else (None, None)
            self.tx.set("orders", order_id, banked_for=banked_for, banked_minor=minor)

    async def revive(self, scope_ids: Sequence[str]) -> None:
        for scope_id in scope_ids:
            self.tx.put("scopes", scope_id, (self.tx.get("scopes", scope_id) or NEW_SCOPE) | {"dead": False})
            self.tx.delete("dead_letters", scope_id)

    async def place(self, plans: PlanHistory) -> SequencePlace | None:
        await self.tx.store.pause()
        if plans.sequence_from is None:
            return None
        seq, month_cursor, counted = self.tx.get("log", "sequence") or (None, "", False)
        return SequencePlace(max(plans.sequence_from - 1, 0) if seq is None else seq, month_cursor, counted)

    async def advance(self, seq: int, *, month_cursor: str = "") -> None:
        await self.tx.store.pause()
        _, _, counted = self.tx.get("log", "sequence") or (None, "", False)
        self.tx.put("log", "sequence", (seq, month_cursor, counted))

    async def counted(self, seq: int) -> None:
        """As Neo4jSequence has it."""
        _, month_cursor, _ = self.tx.get("log", "sequence") or (None, "", False)
        self.tx.put("log", "sequence", (seq, month_cursor, True))

    async def stretch(self, after: int, upto: int) -> list[OrderFact | MonthClosed]:
        await self.tx.store.pause()
        return [fact for fact in self.tx.store.tables.log if after < fact.seq <= upto]

    async def standings(self, member_ids: Sequence[str], months: Sequence[str]) -> Standings:
        await self.tx.store.pause()
        found, members = Standings(), set(member_ids)
        for key, minor in self.tx.store["volumes"].items():
            if key[0] in members and key[2] in {"all", *months}:
                found.volumes[key] = minor
        for key, reached in self.tx.store["ranks"].items():
            if key[0] in members:
                found.ranks[key] = dict(reached)
        found.directs |= {m: count for m, count in self.tx.store["directs"].items() if m in members}
        return found

    async def save_standings(self, standings: Standings) -> None:
        await self.tx.store.pause()
        for key in standings.changed_volumes:
            self.tx.put("volumes", key, standings.volumes[key])
        for member_id in standings.changed_directs:
            self.tx.put("directs", member_id, standings.directs[member_id])
        for place in standings.changed_ranks:
            self.tx.put("ranks", place, dict(standings.ranks[place]))

    async def closed_months(self, upto: int) -> list[MonthClosed]:
        await self.tx.store.pause()
        first: dict[str, MonthClosed] = {}
        for fact in self.tx.store.tables.log:
            if isinstance(fact, MonthClosed) and fact.seq <= upto:
                first.setdefault(fact.month, fact)
        return list(first.values())

    async def month_volumes(self, month: str, after: str, count: int) -> list[tuple[str, str, int]]:
        await self.tx.store.pause()
        rows = sorted((m, c, v) for (m, c, p), v in self.tx.store["volumes"].items() if p == month and m > after)
        members = sorted({member_id for member_id, _, _ in rows})[:count]
        return [row for row in rows if row[0] in members]


@dataclass(frozen=True, slots=True)
class MemoryBookStore:
    """As `graph/store/books.py` opens them."""

    store: Store

    async def write(self, work: Callable[[MemoryBooks], Awaitable[T]], chain: str = "rewards") -> T:
        return await self.store.write(lambda tx: work(MemoryBooks(tx, chain)))

    async def ping(self) -> None:
        await self.store.pause()


def _net(row: Row) -> int:
    return int(row["paid_minor"] if row["net_minor"] is None else row["net_minor"])


def _order(row: Row, net_minor: int) -> OrderCompleted:
    return OrderCompleted(
        row["seq"], row["order_id"], row["buyer_id"], None, net_minor, row["currency"], row["completed_at"], first=False
    )


def _posted(reward: Reward, amount_minor: int) -> PostedReward:
    kept = {name: getattr(reward, name) for name in type(reward).__dataclass_fields__ if name in REWARD}
    return PostedReward(**kept, amount_minor=amount_minor, state=RewardState.PENDING)


REWARD = frozenset(PostedReward.__dataclass_fields__) - {"amount_minor", "state", "paid_minor"}
