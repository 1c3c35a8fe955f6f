"""Is the process alive, and can it serve? `/livez` asks nobody; `/readyz` asks the servers behind it."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from graph.errors import DatabaseUnavailable, StreamUnavailable, ThreefoldError
from graph.store.migrations import assert_migrated
from graph.wiring import Services

PATIENCE_S = 1.5
"""How long a server may take to answer; both are asked at once."""
FRESH_S = 1.0


@dataclass(slots=True)
class Readiness:
    """Asks at most once a second, whoever wants to know."""

    services: Services
    _asked: float = float("-inf")
    _answer: tuple[int, dict[str, Any]] = (503, {})
    _asking: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def answer(self) -> tuple[int, dict[str, Any]]:
        """The HTTP status and body: 503 without a migrated Neo4j, 200 and `degraded` without Redis."""
        async with self._asking:
            if time.monotonic() - self._asked >= FRESH_S:
                self._answer = await self._ask()
                self._asked = time.monotonic()
            return self._answer

    async def _ask(self) -> tuple[int, dict[str, Any]]:
        database, stream = await asyncio.gather(self._database(), self._stream())
        if database is not None:
            return 503, {"ready": False, "code": database.code, "remedy": database.remedy}
        return 200, {"ready": True, "degraded": ["redis"] if stream else []}

    async def _database(self) -> ThreefoldError | None:
        try:
            async with asyncio.timeout(PATIENCE_S):
                await assert_migrated(self.services.database)
        except ThreefoldError as fault:
            return fault
        except TimeoutError:
            return DatabaseUnavailable("Neo4j does not answer in time.")
        return None

    async def _stream(self) -> ThreefoldError | None:
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self.services.news.ping()
        except ThreefoldError as fault:
            return fault
        except TimeoutError:
            return StreamUnavailable("Redis does not answer in time.")
        return None


def health_routes(services: Services) -> APIRouter:
    """The two probes."""
    router = APIRouter()
    readiness = Readiness(services)

    @router.get("/livez")
    async def livez() -> dict[str, bool]:
        return {"alive": True}

    @router.get("/readyz")
    async def readyz() -> JSONResponse:
        status, body = await readiness.answer()
        return JSONResponse(body, status)

    return router
