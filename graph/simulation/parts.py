"""Replays on as many processes as can share the work: the history is read once and told to all of them."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import orjson

from graph.errors import ThreefoldError
from graph.simulation.part import Answer, Opening

if TYPE_CHECKING:
    from asyncio import StreamReader, StreamWriter
    from asyncio.subprocess import Process
    from collections.abc import AsyncIterable, AsyncIterator, Callable, Sequence

    from graph.fact_pages import FactPage
    from graph.plan import PlanVersion

MAX_PARTS = 8


class ReplayLost(ThreefoldError):
    """A process of the simulation has gone."""

    code = "REPLAY_LOST"
    remedy = "It may lack memory: a million orders take about 2 GB."


@dataclass(frozen=True, slots=True)
class Part:
    """One process that replays."""

    process: Process
    ear: StreamWriter
    mouth: StreamReader

    @classmethod
    async def start(cls) -> Part:
        """A process that waits for its opening."""
        command = (sys.executable, "-m", "graph.simulation.part")
        process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE)
        if process.stdin is None or process.stdout is None:
            raise ReplayLost("A process of the simulation has no pipes.")
        return cls(process, process.stdin, process.stdout)

    async def tell(self, line: bytes) -> None:
        """Returns when the process has taken nearly all of it; raises ReplayLost."""
        try:
            self.ear.write(line + b"\n")
            await self.ear.drain()
        except (BrokenPipeError, ConnectionResetError):
            raise await self._lost() from None

    async def answer(self) -> Answer:
        """Tells it that there is no more; raises ReplayLost."""
        self.ear.close()
        text = await self.mouth.read()
        if await self.process.wait():
            raise await self._lost()
        return Answer(**orjson.loads(text))

    async def end(self) -> None:
        """Ends the process, if it still runs."""
        with suppress(ProcessLookupError):
            self.process.kill()
        await self.process.wait()

    async def _lost(self) -> ReplayLost:
        return ReplayLost(f"A process of the simulation ended with code {await self.process.wait()}.")


def parts_for(versions: Sequence[PlanVersion]) -> int:
    """On how many processes a history can be replayed: one, if any version looks across scopes."""
    if any(version.plan.in_sequence for version in versions):
        return 1
    return min(os.cpu_count() or 1, MAX_PARTS)


async def replay(
    openings: Sequence[Opening], pages: AsyncIterable[FactPage], report: Callable[[int], None]
) -> list[Answer]:
    """Tells every page to every opening's process; their answers. `report` is given the last seq told."""
    async with _processes(len(openings)) as parts:
        await asyncio.gather(*(p.tell(orjson.dumps(o)) for p, o in zip(parts, openings, strict=True)))
        telling = asyncio.create_task(_tell_all(parts, b""))
        async for page in pages:
            await telling
            telling = asyncio.create_task(_tell_all(parts, orjson.dumps(page)))
            if page.seqs:
                report(page.seqs[-1])
        await telling
        return list(await asyncio.gather(*(part.answer() for part in parts)))


def split(opening: Opening, parts: int) -> list[Opening]:
    """The same replay in parts."""
    return [replace(opening, part=part, parts=parts) for part in range(parts)]


@asynccontextmanager
async def _processes(count: int) -> AsyncIterator[list[Part]]:
    async with AsyncExitStack() as leaving:
        parts = [await Part.start() for _ in range(count)]
        for part in parts:
            leaving.push_async_callback(part.end)
        yield parts


async def _tell_all(parts: Sequence[Part], line: bytes) -> None:
    if line:
        await asyncio.gather(*(part.tell(line) for part in parts))
