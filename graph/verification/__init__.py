"""Proof that what was paid is what the rules say: a second reading of the rules, and what it is compared with."""
