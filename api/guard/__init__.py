"""What stands before execution: who sends what, how much of it, and what it will cost.

edge.py        headers in, headers out, the request's id
body.py        bytes to a request
trusted.py     documents known by their hash
documents.py   parsed, measured and validated once
measure.py     the one walk over a document;  weights.py  what a field costs
guard.py       the order of it all, budgets and the deadline
refusal.py     how it says no
"""
