"""Refunds (to be merged)."""

from typing import NewType

RefundId = NewType("RefundId", str)
