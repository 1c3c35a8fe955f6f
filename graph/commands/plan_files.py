"""How commands are told a plan: by the name of a preset, or of a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from graph.errors import InvalidInput
from seeds import plans as presets

PlanName = Annotated[str, typer.Argument(help="A JSON file, or a preset: " + ", ".join(presets.names()))]


def plan_document(plan: str) -> str:
    """The document that is meant, as text; raises InvalidInput if there is none."""
    if plan in presets.names():
        return presets.preset(plan)
    try:
        return Path(plan).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise InvalidInput(
            "file",
            f"{plan} is neither a preset ({', '.join(presets.names())}) nor a readable file.",
            code="BAD_FILE",
        ) from fault
