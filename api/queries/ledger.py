"""Ledger entries by beneficiary."""

import strawberry

from api import pages
from api.context import Info
from api.policies import READERS
from api.types.arguments import After, First, MemberKey
from api.types.connection import Connection
from api.types.fields import field
from api.types.ledger import LedgerEntry


@strawberry.type
class LedgerQueries:
    """The query fields about the ledger."""

    @field(
        description="A member's ledger entries, newest order first, or null if there is no such member.", allow=READERS
    )
    async def ledger(
        self, info: Info, member_id: MemberKey, first: First = 20, after: After = None
    ) -> Connection[LedgerEntry] | None:
        """A page of entries."""
        if not await info.context.reads.has_books_of(member_id):
            return None
        return await pages.entries_of_member(info.context, member_id, first, after)
