"""GraphQL types, one file a noun. A domain value crosses the border once, in `from_domain`."""
