"""Ports on 127.0.0.1, and sockets that end by themselves."""

from __future__ import annotations

import socket

HOST = "127.0.0.1"
ANSWER_SECONDS = 2.0


def free_port() -> int:
    """A port that nobody listens on at this moment; someone may take it before it is bound."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def exchange(port: int, request: bytes, size: int) -> bytes:
    """Send, and read up to `size` bytes; empty when nobody listens or nothing comes back in time."""
    try:
        with socket.create_connection((HOST, port), ANSWER_SECONDS) as connection:
            connection.settimeout(ANSWER_SECONDS)
            connection.sendall(request)
            return _read(connection, size)
    except OSError:
        return b""


def _read(connection: socket.socket, size: int) -> bytes:
    answer = b""
    while len(answer) < size and (piece := connection.recv(size - len(answer))):
        answer += piece
    return answer
