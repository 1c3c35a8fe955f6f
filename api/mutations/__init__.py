"""Mutations, one file a noun. Each takes one `input` and answers with a union of a success and typed errors."""
