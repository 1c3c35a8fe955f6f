"""Ledger entries by beneficiary."""

import strawberry

from api import pages
from api.context import Info
from api.types.arguments import After, First, MemberKey
from api.types.connection import Connection
from api.types.fields import field
from api.types.ledger import LedgerEntry
from api.types.member import Member


@strawberry.type
class LedgerQueries:
    """The query fields about the ledger."""

    @field(description="A member's ledger entries, newest order first, or null if there is no such member.")
    async def ledger(
        self, info: Info, member_id: MemberKey, first: First = 20, after: After = None
    ) -> Connection[LedgerEntry] | None:
        """A page of entries."""
        if await Member.find(info.context, member_id) is None:
            return None
        return await pages.entries_of_member(info.context, member_id, first, after)
