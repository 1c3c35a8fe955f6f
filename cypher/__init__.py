"""Every query of Threefold, one file each; the path is its name. `graph/store/queries.py` loads them."""
