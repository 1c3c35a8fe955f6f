"""GraphQL over WebSocket: the protocol graphql-transport-ws, with our errors, limits and ends.

4400  a message that the protocol does not know           4408  no connection_init in time
4401  nobody vouches for who asks: not again with this     4409  an id that is in use
4403  what vouched no longer does: connect with a new one  4429  too many connections, or inits
1013  it could not be checked just now: try again
"""

from __future__ import annotations

import asyncio
from contextlib import ExitStack, aclosing, suppress
from typing import TYPE_CHECKING, Any

from cross_web import HTTPException
from fastapi import WebSocketDisconnect
from graphql import GraphQLError
from starlette.datastructures import Headers
from starlette.websockets import WebSocketState
from strawberry.asgi import ASGIWebSocketAdapter
from strawberry.http.exceptions import NonJsonMessageReceived, NonTextMessageReceived, WebSocketDisconnected
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import BaseGraphQLTransportWSHandler, Operation

from api.context import Context
from api.faults import outward
from api.guard.refusal import Refusal
from api.subscriptions.gate import TransportRefused
from graph.errors import ThreefoldError, Unavailable

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from strawberry.subscriptions.protocols.graphql_transport_ws.types import (
        ConnectionInitMessage,
        Message,
        SubscribeMessage,
    )
    from strawberry.types.execution import ExecutionResult

    from api.subscriptions.gate import Proof


class TextSocket(ASGIWebSocketAdapter):
    """Text both ways; what is no JSON object is the client's fault."""

    async def iter_json(self, *, ignore_parsing_errors: bool = False) -> AsyncGenerator[object, None]:  # noqa: ARG002
        """The messages until the connection ends."""
        while self.ws.application_state is not WebSocketState.DISCONNECTED:
            try:
                text: object = await self.ws.receive_text()
                message = self.view.decode_json(text) if isinstance(text, str) else None
            except (HTTPException, Refusal):
                raise NonJsonMessageReceived from None
            except KeyError:
                raise NonTextMessageReceived from None
            except WebSocketDisconnect:
                return
            if message is None:
                raise NonTextMessageReceived
            yield message

    async def send_json(self, message: Mapping[str, object]) -> None:
        """Waits while the client does not read."""
        encoded = self.view.encode_json(message)
        try:
            await self.ws.send_text(encoded.decode() if isinstance(encoded, bytes) else encoded)
        except (WebSocketDisconnect, RuntimeError) as gone:
            raise WebSocketDisconnected from gone

    async def close(self, code: int, reason: str) -> None:
        """Once; a second time does nothing."""
        with suppress(WebSocketDisconnect, RuntimeError):
            await self.ws.close(code=code, reason=reason)


class Socket(BaseGraphQLTransportWSHandler[Context, None]):
    """One connection."""

    proof: Proof | None = None
    ending: asyncio.Task[None] | None = None

    async def handle(self) -> None:
        """Until either side ends it."""
        with ExitStack() as self.seats:
            try:
                self.seats.enter_context(self.gate.seat())
            except TransportRefused as fault:
                await self.websocket.close(4429, fault.code)
                return
            await super().handle()

    @property
    def gate(self) -> Any:  # noqa: ANN401  the view's type does not know it
        """Who is let in."""
        return self.view.gate  # type: ignore[attr-defined]

    async def handle_message(self, message: Message) -> None:
        """As the base class, for messages of any shape."""
        try:
            await super().handle_message(message)
        except (TypeError, AttributeError):
            await self.handle_invalid_message("Failed to parse message")

    async def handle_connection_init(self, message: ConnectionInitMessage) -> None:
        """Lets in whom the payload or the headers vouch for."""
        if self.connection_timed_out:
            return
        if self.connection_init_timeout_task:
            self.connection_init_timeout_task.cancel()
        payload: object = message.get("payload") or {}
        if not isinstance(payload, dict):
            await self.websocket.close(4400, "Invalid connection init payload")
            return
        if self.connection_init_received:
            await self.websocket.close(4429, "Too many initialisation requests")
            return
        self.connection_init_received = True
        try:
            self.proof = await self.gate.admit(self._headers(payload))
            self.seats.enter_context(self.gate.seat_of(self.proof.principal))
        except ThreefoldError as fault:
            await self._end(fault, 4401)
            return
        self.ending = asyncio.create_task(self._end_with(self.proof))
        await self.send_message({"type": "connection_ack"})
        self.connection_acknowledged = True

    def _headers(self, payload: dict[str, object]) -> Headers:
        """Those of the handshake, but for an Authorization in the payload: browsers can set no headers of a socket."""
        headers = Headers(self.view.get_websocket_headers(self.context.request))
        brought = [value for name, value in payload.items() if name.lower() == "authorization"]
        if not brought:
            return headers
        others = {name: value for name, value in headers.items() if name != "authorization"}
        return Headers(others | {"authorization": str(brought[0])})

    async def handle_subscribe(self, message: SubscribeMessage) -> None:
        """Begins an operation, each with a context of its own."""
        if not self.connection_acknowledged or self.proof is None:
            await self.websocket.close(4401, "Unauthorized")
            return
        asked = _Asked(self, message, self.context.renewed(self.proof))
        if asked.id in self.operations:
            await self.websocket.close(4409, f"Subscriber for {asked.id[:50]} already exists")
            return
        if len(self.operations) >= (self.max_subscriptions_per_connection or 0):
            refusal = TransportRefused("Too many operations are open here.", code="TOO_MANY_SUBSCRIPTIONS")
            await asked.refuse(refusal)
            return
        self.operations[asked.id] = asked
        asked.task = asyncio.create_task(self.answer(asked))
        asked.task.add_done_callback(self._task_done)

    async def answer(self, operation: _Asked) -> None:
        """Answers one operation, to its last result."""
        try:
            results = await self.view.results(operation, operation.context)  # type: ignore[attr-defined]
            async with aclosing(results):
                await self._send_result_stream(operation, results)
            await operation.send_operation_message({"id": operation.id, "type": "complete"})
        except WebSocketDisconnected:
            return
        except Exception as fault:
            with suppress(WebSocketDisconnected):
                await operation.send_initial_errors([_located(fault)])

    @staticmethod
    def _get_pre_execution_close_reason(error: GraphQLError) -> None:
        """One bad document does not end the connection of the others."""

    async def _end_with(self, proof: Proof) -> None:
        await self._end(await proof.ended(), 4403)

    async def _end(self, fault: ThreefoldError, code: int) -> None:
        for operation_id in list(self.operations):
            await self.cleanup_operation(operation_id)
        code = 1013 if isinstance(fault, Unavailable) else 4429 if isinstance(fault, TransportRefused) else code
        await self.websocket.close(code, fault.code)

    async def shutdown(self) -> None:
        """Ends what is still going on."""
        if self.ending:
            self.ending.cancel()
        await super().shutdown()


class _Asked(Operation[Context, None]):
    """An operation whose errors are shown as everywhere."""

    __slots__ = ("context", "extensions")

    def __init__(self, socket: Socket, message: SubscribeMessage, context: Context) -> None:
        """Raises TypeError or KeyError for a message of another shape."""
        payload: dict[str, Any] = dict(message["payload"])
        name, variables = payload.get("operationName"), payload.get("variables")
        required, optional = ((message["id"], str), (payload["query"], str)), ((name, str), (variables, dict))
        if not all(isinstance(value, kind) for value, kind in required) or not all(
            value is None or isinstance(value, kind) for value, kind in optional
        ):
            raise TypeError("a part of the message has another type")
        super().__init__(socket, message["id"], payload["query"], variables, name)
        self.extensions = payload.get("extensions")
        self.context = context

    async def refuse(self, fault: Exception) -> None:
        """Ends it before it has begun."""
        self.handler.operations[self.id] = self
        await self.send_initial_errors([_located(fault)])

    async def send_initial_errors(self, errors: list[GraphQLError]) -> None:
        shown: list[Any] = [outward(error, self.context.language) for error in errors]
        await self.send_operation_message({"id": self.id, "type": "error", "payload": shown})

    async def send_next(self, execution_result: ExecutionResult) -> None:
        answer: Any = self.handler.view.shown(execution_result, self.context)  # type: ignore[attr-defined]
        await self.send_operation_message({"id": self.id, "type": "next", "payload": answer})


def _located(fault: Exception) -> GraphQLError:
    return fault if isinstance(fault, GraphQLError) else GraphQLError(str(fault), original_error=fault)
