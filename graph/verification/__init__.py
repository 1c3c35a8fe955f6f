"""Verification: whether what is stored is what was written, and what the rules say."""
