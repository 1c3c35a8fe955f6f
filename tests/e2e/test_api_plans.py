"""Plans over GraphQL: looked over before they are published, and published at their moment."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from e2e.api_client import ADMIN, client
from network import plan

from seeds.plans import preset

if TYPE_CHECKING:
    from graph.wiring import Services

CHECK = """query ($document: String!) { checkPlan(document: $document) { __typename
  ... on PlanReview { name findings { code topic severity message numbers } }
  ... on PlanInvalidError { code message reasons } } }"""
FAR = "2199-01-01T00:00:00.000000Z"


async def test_a_plan_is_looked_over(store: Services) -> None:
    async with client(store) as api:
        review = (await api.data(CHECK, document=preset("three-for-one")))["checkPlan"]
        chinese = (await api.answer(CHECK, {"document": preset("three-for-one")}, language="zh-CN"))["data"][
            "checkPlan"
        ]
    found = {finding["code"]: finding for finding in review["findings"]}
    assert review["name"] == "three-for-one"
    assert found["OWN_BASE"]["severity"] == "ALARM"
    assert json.loads(found["PUPPETS_BESIDE"]["numbers"])["discount"] == "1/4"
    assert "25 %" in found["PUPPETS_BESIDE"]["message"]
    assert [finding["code"] for finding in chinese["findings"]] == list(found)
    assert chinese["findings"][0]["message"].startswith("推三返一")


async def test_a_faulty_plan_has_its_faults_named(store: Services) -> None:
    async with client(store) as api:
        result = (await api.data(CHECK, document='{"levels": {"hold_days": -1}}'))["checkPlan"]
    assert result["__typename"] == "PlanInvalidError"
    assert [reason.split()[0] for reason in result["reasons"]] == ["name", "levels.hold_days"]


async def test_a_plan_waits_for_its_moment(store: Services) -> None:
    wish = {"document": plan(levels={"levels_bp": [1000]}), "idempotencyKey": "k", "at": "2199-01-01T08:00:00+08:00"}
    async with client(store) as api:
        result = await api.publish(**wish)
        assert await api.publish(**wish) == result
        waiting = await api.of(ADMIN).data("{ scheduledPlans { scheduleId at } plans { version } }")
    assert result["scheduledPlan"]["state"] == "SCHEDULED"
    assert waiting["scheduledPlans"] == [{"scheduleId": result["scheduledPlan"]["scheduleId"], "at": FAR}]
    assert waiting["plans"] == [{"version": 1}]


async def test_a_moment_that_has_passed_is_refused(store: Services) -> None:
    async with client(store) as api:
        past = await api.publish(document=plan(), idempotencyKey="k", at="2020-01-01T00:00:00Z")
        vague = await api.publish(document=plan(), idempotencyKey="k", at="tomorrow")
    assert (past["code"], past["field"]) == ("PAST_MOMENT", "at")
    assert vague["code"] == "BAD_DATE"
