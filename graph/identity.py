"""How people are named to others: masked."""

from __future__ import annotations


def mask_name(text: str) -> str:
    """The first letter and no more: 张*, A***. The length of the rest does not show."""
    first = text[:1]
    return f"{first}*" if first > "\u2e7f" else f"{first}***"
