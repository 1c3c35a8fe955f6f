"""Prints the GraphQL schema."""

from __future__ import annotations

import typer


def schema() -> None:
    """Print the GraphQL schema (SDL)."""
    from api.schema import sdl  # noqa: PLC0415  only this command needs GraphQL

    typer.echo(sdl())
