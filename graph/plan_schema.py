"""The plan language as JSON Schema (draft 2020-12), for editors and for programs that write plans.

Written down from the readers themselves; committed as `seeds/plans/plan.schema.json`.
"""

from __future__ import annotations

import json

from graph.plan_document import PLAN

DRAFT = "https://json-schema.org/draft/2020-12/schema"
ABOUT = (
    "The rules by which Threefold pays, as one document. Amounts are whole minor units (fen, cent), rates whole basis "
    "points (10000 = 100 %). A setting left out or null takes its default. What must hold between settings is "
    "checked by `threefold plan check`."
)


def plan_schema() -> str:
    """The schema as JSON text, with a last line end."""
    schema = {"$schema": DRAFT, "title": "Threefold reward plan", "description": ABOUT} | PLAN.schema
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
