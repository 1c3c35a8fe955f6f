"""Writes the manifest of trusted documents."""

from __future__ import annotations

import json
from pathlib import Path  # noqa: TC003  typer reads the annotations
from typing import Annotated

import typer

from graph.commands.console import AsJson, say
from graph.errors import InvalidInput


def trust(
    files: Annotated[
        list[Path], typer.Argument(help="Files of one GraphQL document each.", exists=True, dir_okay=False)
    ],
    output: Annotated[Path, typer.Option("-o", "--output", help="The manifest to write.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Write a manifest of trusted documents: {sha256: text}. Each is checked against the schema and the limits."""
    from api.guard.manifest import trusted_text  # noqa: PLC0415  only this command needs GraphQL

    texts = {}
    for file in files:
        try:
            name, text = trusted_text(file.read_text(encoding="utf-8"))
        except (ValueError, OSError) as fault:
            raise InvalidInput("files", f"{file.name}: {fault}", code="BAD_DOCUMENT") from None
        texts[name] = text
    output.write_text(json.dumps(texts, ensure_ascii=False, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    say(f"{len(texts)} document(s) in {output}.", {"documents": len(texts), "output": str(output)}, as_json=as_json)
