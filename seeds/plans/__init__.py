"""The plans that ship with Threefold, by name."""

from __future__ import annotations

from importlib.resources import files

DEFAULT = "three-for-one"
SCHEMA = "plan.schema"
"""The file that says what a plan may hold; no plan itself."""


def preset(name: str) -> str:
    """The JSON text of a preset; raises FileNotFoundError for an unknown name."""
    return files(__name__).joinpath(f"{name}.json").read_text(encoding="utf-8")


def names() -> list[str]:
    """Every preset, in alphabetical order."""
    stems = (file.name.removesuffix(".json") for file in files(__name__).iterdir() if file.name.endswith(".json"))
    return sorted(stem for stem in stems if stem != SCHEMA)
