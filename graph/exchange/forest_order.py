"""Puts enrolments in an order in which every referrer comes before their referees, otherwise as in the file."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from graph.errors import ReferralCycle, Refused, UnknownReferrer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from graph.exchange.lines import Line
    from graph.members import Enrolment


def referrers_first(lines: Iterable[Line[Enrolment]]) -> Iterator[Line[Enrolment]]:
    """The lines reordered; those that can never be met come last, refused: each in a cycle, or below one.

    A referrer that the file does not name is left for the store to find.
    """
    rows = list(lines)
    to_come = {line.wish.member_id for line in rows if not isinstance(line.wish, Refused)}
    waiting: dict[str, list[Line[Enrolment]]] = defaultdict(list)
    for line in rows:
        referrer_id = None if isinstance(line.wish, Refused) else line.wish.referrer_id
        if referrer_id is not None and referrer_id in to_come:
            waiting[referrer_id].append(line)
            continue
        ready = [line]
        while ready:
            met = ready.pop()
            yield met
            if not isinstance(met.wish, Refused):
                to_come.discard(met.wish.member_id)
                ready += reversed(waiting.pop(met.wish.member_id, []))
    yield from _refused([line for referees in waiting.values() for line in referees])


def _refused(stuck: list[Line[Enrolment]]) -> Iterator[Line[Enrolment]]:
    wishes = [(line, line.wish) for line in stuck if not isinstance(line.wish, Refused)]
    referrer_of = {wish.member_id: str(wish.referrer_id) for _, wish in wishes}
    in_cycle = _in_cycle(referrer_of)  # type: ignore[arg-type]
    for line, wish in sorted(wishes, key=lambda pair: pair[0].number):
        error = ReferralCycle if wish.member_id in in_cycle else None
        referrer_id = str(wish.referrer_id)
        yield replace(line, wish=error(wish.member_id, referrer_id) if error else UnknownReferrer(referrer_id))


def _in_cycle(referrer_of: dict[str, str]) -> set[str]:
    """Who comes back to themselves by following referrers."""
    found: set[str] = set()
    seen: set[str] = set()
    for start in referrer_of:
        path: list[str] = []
        step = start
        while step in referrer_of and step not in seen:
            seen.add(step)
            path.append(step)
            step = referrer_of[step]
        if step in path:
            found.update(path[path.index(step) :])
    return found
