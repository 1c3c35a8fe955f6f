"""The keys that make doubles impossible: the constraints are there, and no node escapes them by having no key."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from graph.store import migrations
from graph.verification.mismatches import Mismatch

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as AbstractSet

    from graph.store.database import Row

_CONSTRAINT = re.compile(r"CREATE CONSTRAINT (\w+)")


def expected_constraints() -> set[str]:
    """The names of all constraints that the migrations create."""
    texts = [migrations.PREPARE.text, *(migration.text for migration in migrations.shipped())]
    return {name for text in texts for name in _CONSTRAINT.findall(text)}


def check_constraints(found: AbstractSet[str]) -> Iterator[Mismatch]:
    """What is missing of them."""
    for name in sorted(expected_constraints() - found):
        yield Mismatch("CONSTRAINT_MISSING", name)


def check_keyless(rows: Iterable[Row]) -> Iterator[Mismatch]:
    """Nodes that lack a part of their key."""
    for row in rows:
        yield Mismatch("KEY_MISSING", row["id"], about=row["label"])
