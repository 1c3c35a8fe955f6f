"""The list, by number; and what of the 28 is not in it."""

from __future__ import annotations

from attacks import documents, floods, persons, plans, proofs, races, strangers, values

MODULES = (documents, values, plans, strangers, proofs, races, persons, floods)
ATTACKS = sorted((attack for module in MODULES for attack in module.ATTACKS), key=lambda attack: attack.number)
MISSING: dict[int, str] = {}
"""Inputs whose part of the product is made elsewhere; never counted as passed."""
