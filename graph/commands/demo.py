"""Loads the twelve-person demo network of the README; loading it again changes nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from graph.engine.progress import drain
from graph.exchange.importing import Import
from graph.exchange.rejects import Rejects

if TYPE_CHECKING:
    from graph.wiring import Services

SETTLED_AS_OF = datetime(2026, 2, 1, tzinfo=UTC)
"""So that the demo shows both available and pending money."""
STALL_S = 60


async def load_demo(services: Services) -> None:
    """Imports the network, waits until its rewards are there, and settles January."""
    with TemporaryDirectory() as folder, as_file(files("seeds.demo")) as demo:
        rejects = Rejects(Path(folder) / "rejected.csv")
        import_ = Import(services, rejects, lambda *_: None)
        await import_.import_members(demo / "members.csv")
        await import_.import_orders(demo / "orders.csv")
    await drain(services.log, lambda _: None, STALL_S)
    await services.ledger.settle(SETTLED_AS_OF)
