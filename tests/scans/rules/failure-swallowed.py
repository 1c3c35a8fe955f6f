import contextlib

# ruleid: failure-swallowed
try:
    settle()
except Exception:
    pass

# ruleid: failure-swallowed
with contextlib.suppress(Exception):
    settle()

# ok: failure-swallowed
try:
    settle()
except KeyError:
    pass
