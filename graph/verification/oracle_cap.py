"""`max_payout_bp`, rules.md §6: the limit on all that falls due because of one order."""

from __future__ import annotations

RULES = ("rebate", "commission", "differential", "peer", "nearest")

Key = tuple[str, str, str, int | None, str | None]
"""(order_id, rule, beneficiary_id, level, anchor_order_id)"""


def scaled(amounts: dict[Key, int], net: int, max_payout_bp: int | None) -> dict[Key, int]:
    """The amounts, scaled down to the cap when their sum is over it."""
    total = sum(amounts.values())
    if max_payout_bp is None or total <= net * max_payout_bp // 10_000:
        return amounts
    cap = net * max_payout_bp // 10_000
    paid = {key: amount * cap // total for key, amount in amounts.items()}

    def claim(key: Key) -> tuple[int, int, int, str]:
        _, rule, member, level, _ = key
        remainder = amounts[key] * cap % total
        return -remainder, RULES.index(rule), level or 0, member

    for key in sorted(amounts, key=claim)[: cap - sum(paid.values())]:
        paid[key] += 1
    return paid
