"""A client of the API in this process: httpx over ASGI, and short words for what tests ask."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx
from access import bearer, token

from api.app import create_app

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from graph.principals import Role
    from graph.settings import Settings
    from graph.wiring import Services

BASE = "http://127.0.0.1:8000"


@dataclass(frozen=True, slots=True)
class Client:
    """Sends the token of `STAFF_OF_TESTS` unless made by `as_role`."""

    http: httpx.AsyncClient
    transport: httpx.ASGITransport
    settings: Settings

    async def answer(self, query: str, variables: dict[str, Any] | None = None, language: str = "") -> dict[str, Any]:
        """The whole answer: data and errors."""
        headers = {"accept-language": language} if language else {}
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
        return await self._do(ENROLL, wish, language)

    async def complete(self, language: str = "", **wish: object) -> dict[str, Any]:
        """Completes an order of ada's over 299.00 CNY, unless said otherwise."""
        order = {"orderId": "o-1", "memberId": "ada", "amountMinor": 29900, "currency": "CNY", "completedAt": NOON}
        return await self._do(COMPLETE, order | wish, language)

    async def refund(self, language: str = "", **wish: object) -> dict[str, Any]:
        """Refunds 100.00 of the order o-1, unless said otherwise."""
        refund = {"refundId": "r-1", "orderId": "o-1", "amountMinor": 10000, "refundedAt": NOON}
        return await self._do(REFUND, refund | wish, language)

    async def settle(self, **wish: object) -> dict[str, Any]:
        return await self._do(SETTLE, wish)

    async def publish(self, **wish: object) -> dict[str, Any]:
        return await self._do(PUBLISH, wish)

    async def _do(self, mutation: str, wish: dict[str, Any], language: str = "") -> dict[str, Any]:
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
async def client(services: Services) -> AsyncIterator[Client]:
    """A client of an app around these services."""
    transport = httpx.ASGITransport(app=create_app(services), raise_app_exceptions=False)
    async with _http(transport, token(services.settings)) as http:
        yield Client(http, transport, services.settings)


def as_role(api: Client, *roles: Role, member_id: str | None = None) -> Client:
    """A client of the same app with a token of these roles; the role member comes with a member's id."""
    return Client(_http(api.transport, token(api.settings, *roles, member_id=member_id)), api.transport, api.settings)


def as_nobody(api: Client) -> Client:
    """A client of the same app without a token."""
    return Client(httpx.AsyncClient(transport=api.transport, base_url=BASE), api.transport, api.settings)


def _http(transport: httpx.ASGITransport, text: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=transport, base_url=BASE, headers=bearer(text))
