"""The arguments that many fields share, each described once."""

from typing import Annotated, TypeAlias

import strawberry

First: TypeAlias = Annotated[int, strawberry.argument(description="How many rows: 1 to 100.")]
After: TypeAlias = Annotated[
    str | None, strawberry.argument(description="The cursor after which to go on; null for the first page.")
]
MaxLevel: TypeAlias = Annotated[int, strawberry.argument(description="How many levels to look: 1 to 1000.")]
Days: TypeAlias = Annotated[int, strawberry.argument(description="How many days back from now: 1 to 366.")]
MemberKey: TypeAlias = Annotated[str, strawberry.argument(description="The member's business key.")]
