"""One canonical form for each kind of identifier: equal values become equal texts, and only those."""

from __future__ import annotations

from graph.identity import IdentifierKind, free_value, id_number, ip_address
from graph.privacy.phones import phone


def canonical(kind: IdentifierKind, text: str, region: str = "CN", field: str = "value") -> str:
    """The value in the form that is hashed and sealed; raises InvalidInput, which never shows it."""
    if kind is IdentifierKind.PHONE:
        return phone(text, region, field)
    if kind is IdentifierKind.ID_NUMBER:
        return id_number(text, field)
    if kind is IdentifierKind.IP:
        return ip_address(text, field)
    return free_value(kind, text, field)
