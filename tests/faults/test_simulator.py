"""The simulator finds nothing in the product, everything occurs in it, and it finds every bug that is planted."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from simulator.coverage import EVENTS
from simulator.planted import BUGS, planted
from simulator.world import simulate

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.planted import Patch

ROOT = Path(__file__).parents[2]
SEEDS = 300
CAUGHT_WITHIN = 200
SHOW = "from simulator.world import simulate; print(*[simulate(seed).trace for seed in range(5)])"


def test_no_seed_breaks_a_law_and_everything_occurs() -> None:
    seen: Counter[str] = Counter()
    for seed in range(SEEDS):
        outcome = simulate(seed)
        assert not outcome.faults, str(outcome)
        seen.update(event for event in EVENTS if outcome.seen[event])
    table = "\n".join(f"{seen[event]:6} {event}" for event in EVENTS)
    print(table)
    assert all(seen[event] for event in EVENTS), table


def test_a_seed_takes_the_same_course_in_every_process() -> None:
    env = os.environ | {"PYTHONHASHSEED": "7", "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])}
    other = subprocess.run([sys.executable, "-c", SHOW], env=env, capture_output=True, text=True, check=True)
    here = [simulate(seed).trace for seed in range(5)]
    assert [int(trace) for trace in other.stdout.split()] == here
    assert len(set(here)) == 5


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.__name__)
def test_a_planted_bug_is_caught(bug: Callable[[], list[Patch]]) -> None:
    with planted(bug):
        caught = next((o for seed in range(CAUGHT_WITHIN) if (o := simulate(seed)).faults), None)
    assert caught, f"not caught in {CAUGHT_WITHIN} seeds"
    print(f"caught at {caught}")
