"""Our own attack script: hostile inputs, each with what must come of it, against any address.

    PYTHONPATH=tests python -m attacks http://127.0.0.1:8000 STAFF_TOKEN [MEMBER_TOKEN] [--inside]

It enrols members and posts orders under ids of its own: not for a network that matters. What only an operator can do,
such as changing ciphertext in the database, is left out without `--inside`, and said to be. The numbers are those of
the list that it was made from; `tests/integration/test_attacks.py` runs all of it against a server of its own.
"""
