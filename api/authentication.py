"""What a request hears that nobody vouches for, or whose token cannot be verified now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api import messages
from api.guard.edge import request_id
from graph.errors import Unauthenticated, Unavailable

if TYPE_CHECKING:
    from api.messages import Language

NOT_ADMITTED = (Unauthenticated, Unavailable)


def refusal(error: Unauthenticated | Unavailable, language: Language) -> tuple[int, dict[str, Any], dict[str, str]]:
    """Status, error and headers: 401 with its challenge, or 503 when it cannot be known."""
    extensions = {"code": error.code, "requestId": request_id()}
    shown = {"message": messages.message(error, language), "extensions": extensions}
    if isinstance(error, Unauthenticated):
        return 401, shown, {"www-authenticate": "Bearer"}
    return 503, shown | {"extensions": extensions | {"remedy": messages.remedy(error, language)}}, {}
