"""Runs the API in this process's event loop, next to whatever else it does."""

from __future__ import annotations

import asyncio
import errno
import socket
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING

import uvicorn

from graph.commands.http_protocol import BoundedHttp
from graph.errors import LocalServerFailed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from graph.wiring import Services


class PortInUse(LocalServerFailed):
    """Something else listens on the port."""

    code = "PORT_IN_USE"

    def __init__(self, host: str, port: int) -> None:
        super().__init__(
            f"Port {port} of {host} is in use by another program.",
            remedy="Give another with --port or THREEFOLD_API_PORT, or 0 for any free one.",
        )


class _Server(uvicorn.Server):
    """Leaves signals to the command: uvicorn would end the process under the other roles."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serve_api(services: Services, host: str, port: int) -> AsyncIterator[str]:
    """Serves while the block runs; gives the base URL. Raises PortInUse."""
    from api.app import create_app  # noqa: PLC0415  the commands that serve nothing start without GraphQL

    listener = listen(host, port)
    config = uvicorn.Config(
        create_app(services),
        http=BoundedHttp,
        server_header=False,
        log_config=None,
        log_level="warning",
        timeout_graceful_shutdown=5,
        ws_max_size=services.settings.stream_message_bytes,
        ws_per_message_deflate=False,
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        while not server.started:
            if serving.done():
                serving.result()
                raise LocalServerFailed("The API did not start.")
            await asyncio.sleep(0.01)
        yield f"http://{host}:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving
        listener.close()


def listen(host: str, port: int) -> socket.socket:
    """A socket for asyncio to listen on. It must say that it is TCP.

    Else asyncio leaves Nagle's algorithm on, and each answer waits 40 ms for the client's delayed acknowledgement.
    Raises PortInUse and LocalServerFailed.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as fault:
        listener.close()
        if fault.errno == errno.EADDRINUSE:
            raise PortInUse(host, port) from fault
        raise LocalServerFailed(f"Cannot listen on port {port} of {host}: {fault.strerror or fault}.") from fault
    return listener
