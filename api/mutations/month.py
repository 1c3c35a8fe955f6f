"""Month-end."""

from typing import Annotated

import strawberry

from api.context import Info
from api.policies import FINANCE
from api.types.desk_error import MonthNotOverError
from api.types.error import InvalidInputError
from api.types.fields import mutation, seen


@strawberry.input(description="A month to close.")
class CloseMonthInput:
    """A wish to close."""

    month: str = strawberry.field(description="A calendar month (UTC) that is over, such as 2026-01.")


@strawberry.type(description="The month is closed; what its tiers pay follows within moments.")
class CloseMonthSuccess:
    """Also where it was so before."""

    month: str = seen(description="The month.")
    new: bool = seen(description="Whether nobody had closed it before.")


CloseMonthResult = Annotated[
    CloseMonthSuccess | InvalidInputError | MonthNotOverError,
    strawberry.union("CloseMonthResult", description="The month, or why not."),
]
Input = Annotated[CloseMonthInput, strawberry.argument(name="input", description="The month.")]


@strawberry.type
class MonthMutations:
    """The mutations about months."""

    @mutation(
        description="Closes a month, so that its team tiers fall due. Closing it again changes nothing.", allow=FINANCE
    )
    async def close_month(self, info: Info, wish: Input) -> CloseMonthResult:
        """Accepts one closing."""
        stamp = await info.context.clock.stamp()
        new = await info.context.services.desk.months.close(wish.month, info.context.principal.name, stamp)
        return CloseMonthSuccess(month=wish.month, new=new)
