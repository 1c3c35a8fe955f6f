"""Which documents may be trusted at all: those that this schema would execute within the default limits."""

from __future__ import annotations

from graphql import GraphQLError

from api.guard.documents import Documents
from api.guard.guard import refuse_excess
from api.guard.limits import Limits
from api.guard.refusal import Refusal
from api.guard.trusted import digest
from api.messages import Language
from api.schema import schema


def trusted_text(text: str) -> tuple[str, str]:
    """The hash and the text, as clients must send it; raises ValueError saying what is wrong with it."""
    limits = Limits()
    documents = Documents(schema.core, limits.tokens, limits.depth)
    try:
        known = documents.known(text)
        for measure in documents.measured(known, {}).values():
            refuse_excess(measure, limits)
        documents.refuse_repeats(known)
    except GraphQLError as fault:
        raise ValueError(fault.message) from fault
    except Refusal as refusal:
        raise ValueError(refusal.outward(Language.EN)["message"]) from refusal
    errors = documents.errors(known, suggesting=True)
    if errors:
        raise ValueError(errors[0].message)
    return digest(text), text
