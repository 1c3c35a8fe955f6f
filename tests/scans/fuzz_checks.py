"""What schemathesis asks of every answer. Loaded by `tests/scans/fuzz.py` through SCHEMATHESIS_HOOKS.

A refusal is a good answer to a made-up request, so neither a 4xx nor an error with a code of ours is a finding.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import schemathesis

if TYPE_CHECKING:
    from schemathesis import Case, CheckContext, Response

OURS = "INTERNAL"
"""The code of whatever nobody foresaw; api/faults.py writes it."""


def server_errors(status: int, body: bytes) -> list[str]:
    """Why this answer is the server's fault; empty for every other."""
    found = [f"status {status}"] if status >= 500 else []
    try:
        answer: Any = json.loads(body)
    except ValueError:
        return [*found, "the body is not JSON"]
    if not isinstance(answer, dict) or not ({"data", "errors"} & answer.keys()):
        return [*found, "neither data nor errors"]
    for error in answer.get("errors") or ():
        code = (error.get("extensions") or {}).get("code")
        if code == OURS or code is None:
            found.append(f"{code} at {error.get('path')}: {error.get('message')}")
    return found


@schemathesis.check
def no_server_error(ctx: CheckContext, response: Response, case: Case) -> None:
    """Fails on 5xx, on what is not GraphQL, and on an error without a code of ours."""
    found = server_errors(response.status_code, response.content)
    if found:
        raise AssertionError("; ".join(found))
