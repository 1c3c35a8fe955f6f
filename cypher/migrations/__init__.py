"""The numbered migrations; `graph/store/migrations.py` applies them."""
