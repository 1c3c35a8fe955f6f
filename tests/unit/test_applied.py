"""Which facts `verify` finds to be not applied yet."""

from __future__ import annotations

from typing import Any

import pytest

from graph.verification.scopes import Applied


def event(**properties: Any) -> dict[str, Any]:
    return {"seq": 5, "buyer_id": None, "referrer_id": None, "month": None} | properties


@pytest.mark.parametrize(
    ("fact", "missing"),
    [
        (event(plan_version=2), 0),
        (event(member_id="ada"), 0),
        (event(buyer_id="ada"), 1),
        (event(month="2026-01"), 1),
    ],
    ids=["a publication", "a join", "an order", "a closing"],
)
def test_what_earns_nothing_waits_for_no_sequence(fact: dict[str, Any], missing: int) -> None:
    applied = Applied({"ada": 5}, sequence_from=1, sequence_seq=4)
    applied.look([fact])
    assert applied.missing == missing


def test_a_fact_that_a_scope_has_not_applied_is_missing() -> None:
    applied = Applied({"ada": 5, "bo": 4})
    applied.look([event(buyer_id="ada", referrer_id="bo"), event(buyer_id="ada")])
    assert (applied.missing, applied.first_missing) == (1, 5)
