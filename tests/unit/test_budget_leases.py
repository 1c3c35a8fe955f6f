"""Leases of a budget, and what a process gives alone, with a Redis that says what a test wants it to say.

That Redis itself counts rightly is in `tests/integration/test_budgets.py`.
"""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest
from redis.exceptions import ConnectionError as NoConnection

from graph.cache import budgets as module
from graph.cache.budgets import TAKE, Budget, Budgets

if TYPE_CHECKING:
    from redis.asyncio import Redis

Answer = tuple[int, int] | Exception | None


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


class Till:
    """Gives the answers in their order, None for one that never comes, and remembers what it was asked."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[Any, ...]] = []

    async def eval(self, *words: Any) -> tuple[int, int]:
        self.asked.append(words)
        answer = self.answers.pop(0)
        if answer is None:
            await asyncio.sleep(60)
        if isinstance(answer, Exception):
            raise answer
        assert answer
        return answer

    @property
    def wanted(self) -> list[tuple[int, int]]:
        """The least and the most that each question asked for."""
        return [words[-2:] for words in self.asked]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=made.monotonic))
    return made


def of(till: Till, maximum: int = 1000, restore_per_s: int = 10) -> Budgets:
    return Budgets(cast("Redis", till), maximum, restore_per_s)


async def test_redis_is_asked_for_a_hundredth_at_least_and_for_more_where_more_is_needed(clock: Clock) -> None:
    till = Till((10, 990), (30, 960))
    budgets = of(till)
    assert await budgets.take("ada", 4) == Budget(1000, 996, 10, 0)
    assert await budgets.take("ada", 36) == Budget(1000, 960, 10, 0)
    assert till.wanted == [(4, 10), (30, 30)]
    assert till.asked[0] == (TAKE, 1, "budget:ada", 1000, 10, 4, 10)


async def test_what_was_leased_is_spent_to_the_last_point_before_anybody_is_asked(clock: Clock) -> None:
    till = Till((10, 990), (10, 980))
    budgets = of(till)
    left = [(await budgets.take("ada", 5)).remaining for _ in range(3)]
    assert (left, till.wanted) == ([995, 990, 985], [(5, 10), (5, 10)])


async def test_a_lease_is_forgotten_after_ten_seconds_of_rest(clock: Clock) -> None:
    till = Till((10, 990), (10, 980), (10, 970))
    budgets = of(till)
    await budgets.take("ada", 1)
    clock.now += 10
    assert (await budgets.take("ada", 1)).remaining == 998
    assert len(till.asked) == 1
    clock.now += 0.001
    assert (await budgets.take("ada", 1)).remaining == 989
    assert till.wanted == [(1, 10), (1, 10)]
    clock.now += 10
    await budgets.take("ada", 9)
    assert len(till.asked) == 2


async def test_a_lease_begins_anew_with_every_answer(clock: Clock) -> None:
    till = Till((10, 990), (10, 980))
    budgets = of(till)
    await budgets.take("ada", 10)
    clock.now += 9
    await budgets.take("ada", 1)
    clock.now += 9
    assert (await budgets.take("ada", 9)).remaining == 980
    assert len(till.asked) == 2


async def test_who_has_too_little_is_told_how_long_to_wait_and_keeps_it(clock: Clock) -> None:
    till = Till((10, 0), (0, 3), (10, 5))
    budgets = of(till)
    await budgets.take("ada", 5)
    assert await budgets.take("ada", 12) == Budget(1000, 8, 10, (7 - 3) / 10)
    assert await budgets.take("ada", 5) == Budget(1000, 3, 10, 0)
    assert await budgets.take("ada", 10) == Budget(1000, 5, 10, 0)
    assert till.wanted == [(5, 10), (7, 10), (10, 10)]


async def test_one_principals_lease_is_not_anothers(clock: Clock) -> None:
    till = Till((10, 990), (10, 990))
    budgets = of(till)
    await budgets.take("ada", 1)
    assert (await budgets.take("bo", 2)).remaining == 998
    assert [words[2] for words in till.asked] == ["budget:ada", "budget:bo"]


@pytest.mark.parametrize("failure", [NoConnection(), OSError(), TimeoutError()])
async def test_without_redis_a_process_gives_a_quarter_and_restores_a_quarter(clock: Clock, failure: Exception) -> None:
    budgets = of(Till(failure))
    assert await budgets.take("ada", 250) == Budget(1000, 0, 10, 0)
    assert await budgets.take("ada", 5) == Budget(1000, 0, 10, 2.0)
    assert (await budgets.take("bo", 251)).wait_s == 0.4
    assert (await budgets.take("bo", 250)).wait_s == 0
    clock.now += 1.9
    assert (await budgets.take("ada", 5)).wait_s == pytest.approx(0.1)
    assert await budgets.take("ada", 4) == Budget(1000, 0, 10, 0)


async def test_a_bucket_of_one_process_never_holds_more_than_a_quarter(clock: Clock) -> None:
    budgets = of(Till(*[OSError()] * 3))
    assert (await budgets.take("ada", 10)).remaining == 240
    clock.now += 1000
    assert (await budgets.take("ada", 10)).remaining == 240
    clock.now += 2
    assert (await budgets.take("ada", 10)).remaining == 235


async def test_redis_rests_for_two_seconds_after_it_failed(clock: Clock) -> None:
    till = Till(OSError(), (10, 990))
    budgets = of(till)
    await budgets.take("ada", 1)
    clock.now += 1.999
    await budgets.take("ada", 1)
    assert len(till.asked) == 1
    clock.now += 0.001
    assert (await budgets.take("ada", 1)).remaining == 999
    assert len(till.asked) == 2


async def test_what_is_leased_is_spent_while_redis_is_away(clock: Clock) -> None:
    till = Till((10, 990), OSError())
    budgets = of(till)
    await budgets.take("ada", 2)
    await budgets.take("bo", 1)
    assert (await budgets.take("ada", 8)).remaining == 990
    assert (await budgets.take("ada", 8)).remaining == 242


async def test_redis_has_a_quarter_of_a_second_to_answer(clock: Clock) -> None:
    till = Till(None)
    begun = asyncio.get_running_loop().time()
    assert (await of(till).take("ada", 10)).remaining == 240
    assert 0.2 < asyncio.get_running_loop().time() - begun < 1


async def test_so_many_names_are_remembered_and_no_more(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_LEASES", 3)
    till = Till(*[(10, 990)] * 5)
    budgets = of(till)
    for name in ("ada", "bo", "cy", "ada", "bo", "dee"):
        await budgets.take(name, 1)
    assert len(till.asked) == 4
    await budgets.take("bo", 1)
    assert len(till.asked) == 4
    await budgets.take("ada", 1)
    assert len(till.asked) == 5, "the one that was met first is forgotten first"


async def test_so_many_names_are_counted_alone_and_the_latest_stay(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_LEASES", 3)
    budgets = of(Till(*[OSError()] * 8))
    for name in ("ada", "bo", "cy", "ada", "dee"):
        await budgets.take(name, 125)
    assert [(await budgets.take(name, 126)).wait_s > 0 for name in ("dee", "cy")] == [True, True]
    assert (await budgets.take("ada", 1)).wait_s, "it was spent twice"
    assert not (await budgets.take("bo", 126)).wait_s, "the one that was met first is forgotten first"


async def test_who_fills_the_memory_does_not_fill_a_bucket(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_LEASES", 1)
    budgets = of(Till(OSError()))
    assert not (await budgets.take("ada", 200)).wait_s
    assert (await budgets.take("ada", 200)).wait_s


async def test_a_name_that_comes_again_is_not_the_first_to_be_forgotten(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_LEASES", 3)
    till = Till(*[(10, 990)] * 5)
    budgets = of(till)
    await budgets.take("ada", 1)
    await budgets.take("bo", 1)
    clock.now += 11
    for name in ("ada", "cy", "dee", "ada"):
        await budgets.take(name, 1)
    assert [words[2].removeprefix("budget:") for words in till.asked] == ["ada", "bo", "ada", "cy", "dee"]
