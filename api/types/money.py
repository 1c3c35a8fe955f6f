"""Amounts and balances."""

from typing import Self

import strawberry

from api.scalars import BigInt
from api.types.fields import seen
from graph import ledger, money
from graph.store.teams import Volume


@strawberry.type(description="An amount of money: whole minor units of one currency.")
class Money:
    """Minor units, currency, and both as people read them."""

    amount_minor: BigInt = seen(description="Minor units, such as fen or cents; below zero is a debt.")
    currency: str = seen(description="ISO 4217 code.")
    formatted: str = seen(description="The amount as people read it, such as `-44.85 CNY`.")

    @classmethod
    def from_domain(cls, amount_minor: int, currency: str) -> Self:
        """The amount of a domain value."""
        text = money.formatted(amount_minor, currency)
        return cls(amount_minor=BigInt(str(amount_minor)), currency=currency, formatted=text)


def volume(volumes: tuple[Volume, ...]) -> list[Money]:
    """One amount a currency."""
    return [Money.from_domain(part.volume_minor, part.currency) for part in volumes]


@strawberry.type(description="Money in one currency, by account: the sums of ledger entries.")
class Balance:
    """The four accounts of one currency."""

    currency: str = seen(description="ISO 4217 code.")
    pending: Money = seen(description="Earned, with a hold that has not passed.")
    available: Money = seen(description="Settled, and free to be paid out; below zero after clawbacks.")
    held: Money = seen(description="Held back by a review.")
    paid: Money = seen(description="Paid out.")

    @classmethod
    def from_domain(cls, balance: ledger.Balance) -> Self:
        """One currency of a member's, or of a team's, balances."""
        return cls(
            currency=balance.currency,
            pending=Money.from_domain(balance.pending_minor, balance.currency),
            available=Money.from_domain(balance.available_minor, balance.currency),
            held=Money.from_domain(balance.held_minor, balance.currency),
            paid=Money.from_domain(balance.paid_minor, balance.currency),
        )
