"""An identity provider on loopback: publishes keys over HTTP, rotates them, slows down, goes away."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from forgeries import AUDIENCE, Forge

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

ISSUER = "https://id.example"


@dataclass(slots=True)
class IdentityProvider:
    """`body` overrides what is published; `asked` counts the requests."""

    keys: dict[str, Any] = field(default_factory=dict)
    body: bytes | None = None
    status: str = "200 OK"
    headers: str = ""
    slow_s: float = 0.0
    asked: int = 0
    url: str = ""

    def new_key(self, kid: str, algorithm: str = "EdDSA") -> None:
        made = Ed25519PrivateKey.generate() if algorithm == "EdDSA" else ec.generate_private_key(ec.SECP256R1())
        self.keys[kid] = (algorithm, made)

    def token(self, kid: str, **claims: Any) -> str:
        algorithm, private = self.keys[kid]
        whole = Forge(Ed25519PrivateKey.generate()).claims(iss=ISSUER, aud=AUDIENCE, **claims)
        return jwt.encode(whole, private, algorithm, headers={"kid": kid})

    def published(self) -> bytes:
        if self.body is not None:
            return self.body
        rows = []
        for kid, (algorithm, private) in self.keys.items():
            public = jwt.get_algorithm_by_name(algorithm).to_jwk(private.public_key(), as_dict=True)
            rows.append(public | {"kid": kid, "use": "sig"})
        return json.dumps({"keys": rows}).encode()

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            self.asked += 1
            await asyncio.sleep(self.slow_s)
            body = self.published()
            head = f"HTTP/1.1 {self.status}\r\nconnection: close\r\ncontent-length: {len(body)}\r\n{self.headers}\r\n"
            writer.write(head.encode() + body)
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def identity_provider(port: int = 0) -> AsyncIterator[IdentityProvider]:
    """Listens while the block runs; what is in hand then is finished."""
    provider = IdentityProvider()
    server = await asyncio.start_server(provider.answer, "127.0.0.1", port)
    async with server:
        provider.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/jwks"
        yield provider
