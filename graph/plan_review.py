"""A plan looked over before it pays anybody: what it does, what it costs, how it is cheated, which laws it comes near.

Pure and exact; `graph/plan_texts.py` puts it into words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graph.plan_examples import examples
from graph.plan_findings import example_order, pays
from graph.plan_law import legal_lines
from graph.plan_risks import risks

if TYPE_CHECKING:
    from graph.plan import Plan
    from graph.plan_findings import Finding


def review(plan: Plan) -> list[Finding]:
    """Every finding, in the order in which a reader wants them."""
    order = example_order(plan)
    found = list(examples(plan, order))
    if not any((plan.three_for_one, plan.levels, plan.team, plan.nearest, plan.monthly)):
        found.append(pays("NOTHING"))
    return [*found, *risks(plan, order), *legal_lines(plan)]
