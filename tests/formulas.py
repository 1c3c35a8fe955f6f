"""Works out the formulas of explanations, apart from the code that wrote them."""

from __future__ import annotations

import re
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graph.explanation import Explanation


def worked_out(formula: str) -> int:
    """The value of a formula, by fractions."""
    names = {"Fraction": Fraction, "R": lambda q: floor(q + Fraction(1, 2)), "floor": floor, "min": min}
    value = eval(re.sub(r"\d+", r"Fraction(\g<0>)", formula), {"__builtins__": {}}, names)  # noqa: S307
    assert value == int(value)
    return int(value)


def assert_exact(explanation: Explanation) -> None:
    """Every formula gives its amount; the last one, and the entries, give the reward's."""
    amount = explanation.reward.amount_minor
    computed = [step for step in explanation.steps if step.formula is not None]
    for step in computed:
        assert worked_out(step.formula or "") == step.amount_minor, step
    assert computed[-1].amount_minor == amount, explanation
    assert sum(moved.change_minor for moved in explanation.movements) == amount
    if explanation.movements:
        assert explanation.movements[-1].total_minor == amount
