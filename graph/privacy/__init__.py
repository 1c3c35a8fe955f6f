"""Personal values at rest: sealed under a key per person, found by keyed hashes, erased by destroying the key.

This package is the cryptography, without a database; `graph/store/people.py` keeps what it makes.
"""
