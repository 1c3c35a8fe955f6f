"""How many examples a property is tried on: fewer for mutation testing, more by hand."""

from __future__ import annotations

import os


def examples(usual: int) -> int:
    """The usual number, unless `THREEFOLD_EXAMPLES` says another."""
    return int(os.environ.get("THREEFOLD_EXAMPLES", usual))
