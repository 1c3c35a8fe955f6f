"""`python -m simulator --seeds A..B`: runs seeds, and prints what was seen and what failed."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter

from simulator.coverage import EVENTS
from simulator.world import simulate


def main() -> int:
    parser = argparse.ArgumentParser(prog="simulator")
    parser.add_argument("--seeds", default="0..300", help="one seed, or from A up to but not including B, as A..B")
    first, _, last = parser.parse_args().seeds.partition("..")
    seeds = range(int(first), int(last) if last else int(first) + 1)
    began, seen, failed, steps = time.perf_counter(), Counter[str](), 0, 0
    for seed in seeds:
        outcome = simulate(seed)
        steps += outcome.steps
        seen += Counter(dict.fromkeys(outcome.seen, 1))
        if outcome.faults:
            failed += 1
            print(outcome, flush=True)
    took = time.perf_counter() - began
    for event in EVENTS:
        print(f"{seen[event]:8} {event}")
    print(f"{len(seeds)} seeds, {steps} steps in {took:.1f} s: {len(seeds) / took:.0f} seeds a second; {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
