"""Relay's Node: every object with a global id, which is opaque and built on its business key."""

from base64 import urlsafe_b64decode, urlsafe_b64encode

import strawberry

from api.types.fields import seen
from graph.errors import InvalidInput


@strawberry.interface(description="An object that `node(id)` finds again.")
class Node:
    """Whatever has a global id."""

    id: strawberry.ID = seen(description="The global id: opaque, and the same for ever.")


def global_id(kind: str, key: str) -> strawberry.ID:
    """The global id of the object of a type that has a business key."""
    return strawberry.ID(urlsafe_b64encode(f"{kind}:{key}".encode()).decode())


def parse_global_id(text: str) -> tuple[str, str]:
    """The type and the business key in a global id; raises InvalidInput for anything else."""
    try:
        kind, colon, key = urlsafe_b64decode(text.encode()).decode().partition(":")
    except ValueError:
        kind, colon, key = "", "", ""
    if not (kind and colon and key):
        raise InvalidInput("id", f"{text!r} is not a global id.", code="BAD_GLOBAL_ID")
    return kind, key
