"""A client of the API in this process: httpx over ASGI, and short words for what tests ask."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import httpx
from access import bearer

from api.app import create_app
from graph.access.opening import sign_token
from graph.members import MemberId
from graph.principals import Principal, Role

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from graph.settings import Settings
    from graph.wiring import Services

CLERK = Principal("clerk", frozenset({Role.ANALYST, Role.REVIEWER, Role.FINANCE, Role.INGEST}))
BOSS = Principal("boss", frozenset({Role.FINANCE}))
ADMIN = Principal("ops", frozenset({Role.ADMIN}))
BASE = "http://127.0.0.1:8000"


@dataclass(frozen=True, slots=True)
class Client:
    """Asks with the token of one principal: a clerk's, who may do all but what is an admin's, unless said otherwise."""

    http: httpx.AsyncClient
    transport: httpx.ASGITransport | None
    settings: Settings
    opened: list[httpx.AsyncClient]
    """Every client of the app so far, so that all are closed in the end."""

    def of(self, principal: Principal) -> Client:
        """The same app, asked by somebody else."""
        return self._with(bearer(sign_token(self.settings, principal, timedelta(hours=1))))

    def of_member(self, member_id: str) -> Client:
        return self.of(Principal(f"member-{member_id}", frozenset({Role.MEMBER}), MemberId(member_id)))

    def of_nobody(self) -> Client:
        """The same app, asked without a token."""
        return self._with({})

    def _with(self, headers: dict[str, str]) -> Client:
        self.opened.append(httpx.AsyncClient(transport=self.transport, base_url=self.http.base_url, headers=headers))
        return replace(self, http=self.opened[-1])

    async def answer(self, query: str, variables: dict[str, Any] | None = None, language: str = "") -> dict[str, Any]:
        """The whole answer: data and errors."""
        headers = {"accept-language": language}
        body = {"query": query, "variables": variables or {}}
        response = await self.http.post("/graphql", json=body, headers=headers)
        assert response.status_code == 200, response.text
        return response.json()

    async def data(self, query: str, **variables: object) -> dict[str, Any]:
        """The data; fails on any error."""
        answer = await self.answer(query, variables)
        assert "errors" not in answer, answer
        return answer["data"]

    async def error(self, query: str, **variables: object) -> dict[str, Any]:
        """The one top-level error."""
        answer = await self.answer(query, variables)
        (error,) = answer["errors"]
        return error

    async def enroll(self, language: str = "", **wish: object) -> dict[str, Any]:
        return await self.do(ENROLL, wish, language)

    async def complete(self, language: str = "", **wish: object) -> dict[str, Any]:
        """Completes an order of ada's over 299.00 CNY, unless said otherwise."""
        order = {"orderId": "o-1", "memberId": "ada", "amountMinor": 29900, "currency": "CNY", "completedAt": NOON}
        return await self.do(COMPLETE, order | wish, language)

    async def refund(self, language: str = "", **wish: object) -> dict[str, Any]:
        """Refunds 100.00 of the order o-1, unless said otherwise."""
        refund = {"refundId": "r-1", "orderId": "o-1", "amountMinor": 10000, "refundedAt": NOON}
        return await self.do(REFUND, refund | wish, language)

    async def settle(self, **wish: object) -> dict[str, Any]:
        return await self.do(SETTLE, wish)

    async def publish(self, **wish: object) -> dict[str, Any]:
        """Publishes as an admin."""
        return await self.of(ADMIN).do(PUBLISH, wish)

    async def do(self, mutation: str, wish: dict[str, Any], language: str = "") -> dict[str, Any]:
        answer = await self.answer(mutation, {"input": wish}, language)
        assert "errors" not in answer, answer
        (result,) = answer["data"].values()
        return result


NOON = "2026-01-01T12:00:00Z"
FAILED = "... on UserError { code message } ... on InvalidInputError { field }"
ENROLL = f"""
mutation ($input: EnrollMemberInput!) {{ enrollMember(input: $input) {{
  __typename {FAILED}
  ... on AlreadyReferredError {{ memberId referrerId }}
  ... on UnknownMemberError {{ unknown: memberId }}
  ... on EnrollMemberSuccess {{ member {{ id memberId name depth joinedAt referrer {{ memberId }} }} }} }} }}
"""
COMPLETE = f"""
mutation ($input: CompleteOrderInput!) {{ completeOrder(input: $input) {{
  __typename {FAILED}
  ... on OrderConflictError {{ orderId differing }}
  ... on OrderNotOpenError {{ state }}
  ... on CompleteOrderSuccess {{
    order {{ orderId status completedAt net {{ amountMinor currency formatted }} member {{ memberId }} }}
  }} }} }}
"""
REFUND = f"""
mutation ($input: RefundOrderInput!) {{ refundOrder(input: $input) {{
  __typename {FAILED}
  ... on RefundConflictError {{ refundId differing }}
  ... on OverRefundError {{ leftMinor currency }}
  ... on OrderNotOpenError {{ state }}
  ... on RefundOrderSuccess {{ parked refund {{ id refundId status reason amountMinor amount {{ formatted }}
    order {{ status net {{ amountMinor }} refunds {{ refundId }} }} }} }} }} }}
"""
SETTLE = f"""
mutation ($input: SettleInput!) {{ settle(input: $input) {{
  __typename {FAILED}
  ... on SettleSuccess {{ asOf idempotencyKey rewards sums {{ rewards amount {{ formatted }} }} }} }} }}
"""
PUBLISH = f"""
mutation ($input: PublishPlanInput!) {{ publishPlan(input: $input) {{
  __typename {FAILED}
  ... on PlanInvalidError {{ reasons }}
  ... on PublishPlanSuccess {{ plan {{ version name inForceFromSeq document }}
    scheduledPlan {{ scheduleId name at state document }} }} }} }}
"""


@asynccontextmanager
async def client(services: Services, principal: Principal = CLERK) -> AsyncIterator[Client]:
    """A client of an app around these services."""
    transport = httpx.ASGITransport(app=create_app(services), raise_app_exceptions=False)
    http = httpx.AsyncClient(transport=transport, base_url=BASE)
    asked = Client(http, transport, services.settings, [http]).of(principal)
    yield asked
    for opened in asked.opened:
        await opened.aclose()
