"""The list, by number; and what of the 28 is not in it yet."""

from __future__ import annotations

from attacks import documents, floods, races, values

ATTACKS = sorted(
    [*documents.ATTACKS, *values.ATTACKS, *races.ATTACKS, *floods.ATTACKS], key=lambda attack: attack.number
)
MISSING = {
    16: "another's wallet by id, node() and cursor: object-level access",
    17: "forged tokens: authentication",
    18: "a role escalated, a role removed: authentication",
    23: "one phone written in four ways: privacy",
    24: "ID numbers with a wrong checksum, lower-case x, 15 digits: privacy",
    25: "ciphertext copied or flipped, an unknown key: privacy",
}
"""Inputs whose part of the product is made elsewhere; never counted as passed."""
