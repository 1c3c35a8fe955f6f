"""`threefold verify`: recounts everything from the facts with the plain oracle, and names what the store has otherwise.

Reads only, in short transactions: nobody waits for it. It compares what every scope has applied up to the mark at which
it began; differences that may come from facts accepted meanwhile are set aside, and said to be.
"""

from __future__ import annotations

import asyncio
import gc
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graph.plan import PlanHistory
from graph.store.paging import stretches
from graph.store.verification import LAST_SEQ, VerificationStore
from graph.verification.audit import verify_audit
from graph.verification.balances import Balances
from graph.verification.entries import Sums, check_entry, check_sums
from graph.verification.facts import PlanFacts, facts_of
from graph.verification.forest import Forest
from graph.verification.journal import Journal, check_net
from graph.verification.keys import check_constraints, check_keyless
from graph.verification.mismatches import Check, Mismatch, Verdict
from graph.verification.oracle import Counting
from graph.verification.rewards import Due
from graph.verification.scopes import Applied
from graph.verification.slots import Slots
from graph.verification.standings import Teams, Volumes, team_volumes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graph.events import LogPosition
    from graph.store.database import Row
    from graph.verification.audit import Report
    from graph.verification.oracle import Recount
    from graph.verification.oracle_ranks import Ranks
    from graph.wiring import Services

    Recounted = tuple[Recount, Ranks]

MEMBERS_AT_ONCE = 1_000
SEQS_AT_ONCE = 5_000
COMMIT_SHOWS_WITHIN_S = 1.0
COUNTED = (Check.RECOUNT, Check.SLOTS, Check.STANDINGS)


async def verify(services: Services, report: Report, limit: int, *, audit: bool = False) -> Verdict:
    """Every check, and if wanted the audit trail's."""
    run = Verification(services, report, Verdict(limit))
    await run.read()
    if audit:
        found = await verify_audit(services, report)
        run.verdict.take(Check.AUDIT, (Mismatch(f.code.value, f.place, about=f.message) for f in found))
    return run.verdict


@dataclass(frozen=True, slots=True)
class Pulse:
    """What changes when the store is written to in a way that a comparison could see."""

    position: LogPosition
    waiting: int
    counts: Row

    @property
    def numbers(self) -> tuple[object, ...]:
        """Where the log and the ledger stand; how far applied facts were noted does not matter."""
        return self.position.seq, self.position.mark, self.waiting, tuple(self.counts.items())


@dataclass(slots=True)
class Verification:
    """One run."""

    services: Services
    report: Report
    verdict: Verdict
    forest: Forest = field(default_factory=Forest)
    applied: Applied = field(default_factory=Applied)
    sums: Sums = field(default_factory=Sums)

    @property
    def store(self) -> VerificationStore:
        """Where everything is read."""
        return VerificationStore(self.services.database)

    async def read(self) -> None:
        """All checks, in the order in which each needs what was read before."""
        await self._read_scopes()
        before = await self._pulse()
        mark = self.verdict.mark = before.position.mark
        await self._check_keys()
        await self._read_members()
        history = PlanHistory(await self.services.plans.all())
        plans = PlanFacts.upto(mark, history)
        journal = Journal(self.forest, mark, counts_teams=history.counts_teams)
        recounted = await self._read_log(journal, plans)
        gc.collect()  # the recount's orders know each other in circles, and are no longer needed
        self.verdict.take(Check.SCOPES, self.applied.check(before.position), compared=len(self.applied.seqs))
        due, slots, teams = self._due(journal, plans, recounted)
        if due:
            async for page in self.store.adjustments():
                due.adjust(page)
        await self._read_rewards(journal, due)
        if slots:
            await self._read_slots(slots)
        await self._read_balances()
        if teams:
            await self._read_standings(teams, journal, before.counts)
        after = await self._pulse()
        if after.numbers != before.numbers:
            self.verdict.set_passing_aside()
            if self.verdict.set_aside:
                self.verdict.take(Check.SCOPES, [Mismatch("STORE_MOVED", "", 0, self.verdict.set_aside)])

    async def _pulse(self) -> Pulse:
        log = self.services.log
        return Pulse(await log.position(), await log.waiting(), await self.store.counts())

    async def _read_scopes(self) -> None:
        async for page in self.store.scopes():
            self.applied.read(page)
        history = PlanHistory(await self.services.plans.all())
        self.applied.sequence_from = history.sequence_from
        self.applied.sequence_seq = (await self.store.sequence())["seq"] or 0

    async def _check_keys(self) -> None:
        """What is found twice is wrong: a commit shows piece by piece, such as an event without label and number."""
        found = await self.store.constraints()
        self.verdict.take(Check.KEYS, check_constraints(found), compared=len(found))
        keyless = await self.store.keyless(self.verdict.limit)
        if keyless:
            await asyncio.sleep(COMMIT_SHOWS_WITHIN_S)
            again = await self.store.keyless(self.verdict.limit)
            keyless = [row for row in keyless if row in again]
        self.verdict.take(Check.KEYS, check_keyless(keyless))
        first = await self.store.strays(self.verdict.limit)
        numbered = not await self.services.log.waiting()
        again = await self.store.strays(self.verdict.limit) if first else []
        for row in first:
            of_log = row["code"].endswith("WITHOUT_EVENT")
            if row in again and (numbered or not of_log):
                check = {"ENTRY_WITHOUT_REWARD": Check.LEDGER, "SLOT_WITHOUT_ANCHOR": Check.SLOTS}
                self.verdict.take(check.get(row["code"], Check.LOG), [Mismatch(row["code"], row["id"])])

    async def _read_members(self) -> None:
        total = await self.services.members.count()
        async for page in self.store.members():
            self.verdict.take(Check.FOREST, self.forest.read(page), compared=len(page))
            self.report("members", len(self.forest.referrers), total)
        self.verdict.take(Check.FOREST, self.forest.check())

    async def _read_log(self, journal: Journal, plans: PlanFacts) -> Recounted | None:
        """Checks the log, and recounts it on the way; None where there is no forest to recount in."""
        counting = Counting(self.forest.referrers) if self.forest.sound else None
        nets: list[Mismatch] = []
        for after, upto in stretches(0, journal.mark, SEQS_AT_ONCE):
            events, orders = await self.store.events(after, upto), await self.store.orders(after, upto)
            self.verdict.take(Check.LOG, journal.read(events, orders), compared=len(events))
            self.verdict.orders += len(orders)
            self.applied.look(events)
            nets += [mismatch for order in orders for mismatch in check_net(order, journal.mark)]
            if counting:
                for fact in facts_of(events, plans):
                    if fact["seq"] not in journal.faulty:
                        counting.accept(fact)
            self.report("facts", upto, journal.mark)
        self.verdict.take(Check.LOG, journal.finish())
        if not self.applied.missing:
            self.verdict.take(Check.RECOUNT, nets)
        return (counting.outcome(), counting.ranks) if counting else None

    def _due(
        self, journal: Journal, plans: PlanFacts, recounted: Recounted | None
    ) -> tuple[Due | None, Slots | None, Teams | None]:
        """What the recount expects; nothing where it cannot be held against the store."""
        if recounted is None:
            self.verdict.skip("the forest is none", *COUNTED)
            return None, None, None
        if self.applied.missing:
            self.verdict.skip("not all facts are applied", *COUNTED)
            return None, None, None
        outcome, ranks = recounted
        teams = Teams.of(journal, ranks) if journal.counts_teams else None
        return Due.of(outcome.rewards, plans, journal.order_of), Slots(outcome.slots, plans), teams

    async def _read_rewards(self, journal: Journal, due: Due | None) -> None:
        for after, upto in [(-1, 0), *stretches(0, journal.mark, SEQS_AT_ONCE), (journal.mark, LAST_SEQ)]:
            rows = await self.store.rewards(after, upto)
            if due:
                found = (m for row in rows for m in due.check(row["reward"], len(row["entries"])))
                self.verdict.take(Check.RECOUNT, found, compared=len(rows))
            self._check_ledger(rows, journal)
            self.verdict.rewards += len(rows)
            self.report("rewards", min(upto, journal.mark), journal.mark)
        if due:
            self.verdict.take(Check.RECOUNT, due.missing())
        self.verdict.take(Check.LEDGER, self.sums.check())

    def _check_ledger(self, rows: Iterable[Row], journal: Journal) -> None:
        found: list[Mismatch] = []
        count = 0
        for row in rows:
            reward, entries = row["reward"], row["entries"]
            count += len(entries)
            for entry in entries:
                found += check_entry(entry, reward, journal)
                self.sums.add(entry)
            found += check_sums(reward, entries)
        self.verdict.take(Check.LEDGER, found, compared=count)
        self.verdict.entries += count

    async def _read_slots(self, slots: Slots) -> None:
        for after, upto in stretches(0, self.verdict.mark, SEQS_AT_ONCE):
            page = await self.store.slots(after, upto)
            self.verdict.take(Check.SLOTS, slots.read(page), compared=len(page))
            self.report("slots", upto, self.verdict.mark)
        self.verdict.take(Check.SLOTS, slots.missing())

    async def _read_balances(self) -> None:
        balances = Balances(self.sums, self.forest.referrers)
        earners = sorted({*self.forest.referrers, *(member for member, _ in self.sums.of_members)})
        for first in range(0, len(earners), MEMBERS_AT_ONCE):
            found = await self.services.ledger.balances(earners[first : first + MEMBERS_AT_ONCE])
            self.verdict.take(Check.BALANCES, balances.read(found), compared=sum(map(len, found.values())))
            self.report("balances", first, len(earners))
        self.verdict.take(Check.BALANCES, balances.finish())

    async def _read_standings(self, teams: Teams, journal: Journal, counts: Row) -> None:
        batch: dict[str, Volumes] = {}
        total = len(self.forest.depths)
        for done, (member, volumes) in enumerate(team_volumes(self.forest, journal.bought), start=1):
            batch[member] = volumes
            if len(batch) == MEMBERS_AT_ONCE or done == total:
                found = await self.store.standings(list(batch), sorted(teams.months))
                self.verdict.take(Check.STANDINGS, teams.compare(batch, found), compared=len(batch))
                self.report("standings", done, total)
                batch = {}
        self.verdict.take(Check.STANDINGS, teams.finish(counts["volumes"], counts["standings"]))
