"""Query fields, one file a noun."""
