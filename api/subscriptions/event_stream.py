"""GraphQL over server-sent events: the protocol graphql-sse in its mode of distinct connections, at /graphql/stream.

It has a path of its own because clients that only ask for one answer accept event streams, too.
"""

from __future__ import annotations

import asyncio
from contextlib import ExitStack, aclosing
from typing import TYPE_CHECKING, Any

from cross_web import HTTPException
from fastapi.responses import StreamingResponse
from graphql import GraphQLError
from strawberry.http.streaming import SSETransport
from strawberry.subscriptions import GRAPHQL_SSE_PROTOCOL

from api.endpoint import GraphQLEndpoint
from api.faults import outward
from graph.errors import ThreefoldError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping

    from fastapi import Request
    from fastapi.responses import Response
    from strawberry.http.streaming import AsyncTextStream, HTTPStreamTransport
    from strawberry.types import SubscriptionExecutionResult

    from api.context import Context
    from api.subscriptions.gate import Proof

HEARTBEAT_S = 15.0


class LineFeeds(SSETransport):
    """Events whose lines end as all parsers expect."""

    def encode_event(self, event: str, data: str | None = None) -> str:
        """One event; our JSON has no line ends."""
        return f"event: {event}\ndata: {data or ''}\n\n"

    def encode_comment(self, comment: str) -> str:
        """What keeps a quiet connection open."""
        return f": {comment}\n\n"


class EventStreamEndpoint(GraphQLEndpoint):
    """The router at /graphql/stream: POST opens a stream of one operation's results."""

    stream_transport_classes_by_protocol = {GRAPHQL_SSE_PROTOCOL: LineFeeds}  # noqa: RUF012  as in the base class

    async def run(self, request: Any, context: Any = None, root_value: Any = None) -> Any:  # noqa: ANN401
        """Only what can be answered by a stream."""
        if request.method != "POST":
            return self.refuse(request, HTTPException(405, "Open an event stream by POST."))
        if "text/event-stream" not in request.headers.get("accept", ""):
            return self.refuse(request, HTTPException(406, "Accept text/event-stream here, or ask at /graphql."))
        return await super().run(request, context, root_value)

    async def create_streaming_response(
        self,
        request: Request,  # noqa: ARG002  the base class has them
        stream: Callable[[], AsyncIterator[str]],
        sub_response: Response,  # noqa: ARG002
        headers: Mapping[str, str],
    ) -> Response:
        """With the headers of an event stream, and no other."""
        return StreamingResponse(stream(), headers=headers)

    def _stream_result(
        self, request: Request, result: SubscriptionExecutionResult, transport: HTTPStreamTransport
    ) -> AsyncTextStream:
        context: Context = request.state.context

        async def events() -> AsyncGenerator[str, None]:
            ready: asyncio.Queue[str | None] = asyncio.Queue(maxsize=1)
            with ExitStack() as seats:
                try:
                    seats.enter_context(self.gate.seat())
                    seats.enter_context(self.gate.seat_of(context.principal))
                except ThreefoldError as fault:
                    yield self._last(fault, context, transport)
                    return
                tasks = [
                    asyncio.create_task(self._pump(request, result, transport, ready)),
                    asyncio.create_task(self._end(context, transport, ready)),
                ]
                try:
                    while (event := await _next(ready, transport)) is not None:
                        yield event
                finally:
                    for task in tasks:
                        task.cancel()
                    await asyncio.gather(*tasks, return_exceptions=True)

        return events

    async def _pump(
        self,
        request: Request,
        result: SubscriptionExecutionResult,
        transport: HTTPStreamTransport,
        ready: asyncio.Queue[str | None],
    ) -> None:
        """Waits while the client does not read."""
        results: Any = result
        async with aclosing(results):
            async for value in results:
                answer = await self.process_result(request, value)
                await ready.put(transport.encode_next(answer, self.encode_json_string))
        await ready.put(transport.encode_complete())
        await ready.put(None)

    async def _end(self, context: Context, transport: HTTPStreamTransport, ready: asyncio.Queue[str | None]) -> None:
        proof: Proof = context.proof
        fault = await proof.ended()
        await ready.put(self._last(fault, context, transport))
        await ready.put(None)

    def _last(self, fault: ThreefoldError, context: Context, transport: HTTPStreamTransport) -> str:
        """An error and the end, after which a client asks anew."""
        error: Any = outward(GraphQLError(str(fault), original_error=fault), context.language)
        answer: Any = {"errors": [error], "data": None}
        return transport.encode_next(answer, self.encode_json_string) + transport.encode_complete()


async def _next(ready: asyncio.Queue[str | None], transport: HTTPStreamTransport) -> str | None:
    """The next event, a sign of life where there is none, or None at the end."""
    try:
        async with asyncio.timeout(HEARTBEAT_S):
            return await ready.get()
    except TimeoutError:
        return transport.heartbeat_message(str)
