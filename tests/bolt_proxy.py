"""A proxy before Neo4j that cuts connections between a commit and its reply: nobody knows what became of it."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import Self

COMMIT = b"\x00\x02\xb0\x12\x00\x00"
"""The Bolt message COMMIT, in its chunk."""
SUCCESS = 0x70


class BoltProxy:
    """Passes bytes both ways. `cut(n)` swallows the replies to the next n commits and closes their connections.

    `ambiguous` counts the replies swallowed that said that the commit had succeeded.
    """

    def __init__(self, target_port: int) -> None:
        self.target_port = target_port
        self.ambiguous = 0
        self._to_cut = 0
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()

    def cut(self, count: int) -> None:
        with self._lock:
            self._to_cut += count

    def calm(self) -> None:
        with self._lock:
            self._to_cut = 0

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._connect, args=(client,), daemon=True).start()

    def _connect(self, client: socket.socket) -> None:
        try:
            server = socket.create_connection(("127.0.0.1", self.target_port), timeout=5)
        except OSError:
            client.close()
            return
        server.settimeout(None)
        cutting = threading.Event()
        threading.Thread(target=self._answers, args=(server, client, cutting), daemon=True).start()
        self._requests(client, server, cutting)

    def _requests(self, client: socket.socket, server: socket.socket, cutting: threading.Event) -> None:
        with suppress(OSError):
            while data := client.recv(65536):
                if COMMIT in data and self._may_cut():
                    cutting.set()
                server.sendall(data)
        _close(client, server)

    def _answers(self, server: socket.socket, client: socket.socket, cutting: threading.Event) -> None:
        with suppress(OSError):
            while data := server.recv(65536):
                if cutting.is_set():
                    self.ambiguous += data[3] == SUCCESS
                    break
                client.sendall(data)
        _close(client, server)

    def _may_cut(self) -> bool:
        with self._lock:
            if self._to_cut == 0:
                return False
            self._to_cut -= 1
            return True


def _close(*ends: socket.socket) -> None:
    for end in ends:
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()
