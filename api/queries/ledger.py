"""Ledger entries by beneficiary."""

import strawberry

from api import pages
from api.context import Info
from api.types.arguments import After, First, MemberKey
from api.types.connection import Connection
from api.types.fields import field
from api.types.ledger import LedgerEntry


@strawberry.type
class LedgerQueries:
    """The query fields about the ledger."""

    @field(description="A member's ledger entries, newest order first.")
    async def ledger(
        self, info: Info, member_id: MemberKey, first: First = 20, after: After = None
    ) -> Connection[LedgerEntry]:
        """A page of entries."""
        return await pages.entries_of_member(info.context, member_id, first, after)
