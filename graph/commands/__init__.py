"""The commands of `threefold`, one file a family; `graph/cli.py` assembles them."""
