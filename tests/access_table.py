"""Reads `access_table.txt`, and knows how each type of the schema is reached."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

TARGETS = ("self", "downline", "upline", "stranger", "missing")
ROLES = ("member", "analyst", "reviewer", "finance", "admin", "ingest")
LINE = re.compile(r"(?P<letters>[vno\-abx]{5} [vno\-abx]{5}|values)\s+(?P<kind>\w+): (?P<fields>[\w ]+)")


@dataclass(frozen=True, slots=True)
class Way:
    """A query with a hole for what is selected, and the path to where it is shown."""

    query: str
    path: str

    def asking(self, selection: str) -> str:
        """The document, with a declaration of each variable that it uses."""
        body = self.query.replace("@", selection)
        declared = ", ".join(f"${name}: {VARIABLES[name]}" for name in sorted(set(re.findall(r"\$(\w+)", body))))
        return f"query ({declared}) {{ {body} }}" if declared else f"{{ {body} }}"


VARIABLES = dict.fromkeys(("key", "orderKey", "batch", "document"), "String!") | dict.fromkeys(
    ("order", "reward", "memberNode", "orderNode", "rewardNode", "entryNode", "refundNode", "planNode"), "ID!"
)
OF_MEMBER = "member(memberId: $key) { @ }"
SHARE = "whyNot(orderId: $order) { @ }"


def within(way: str, field: str) -> str:
    return way.replace("@", f"{field} {{ @ }}")


def node(kind: str, variable: str) -> Way:
    return Way(f"node(id: ${variable}Node) {{ ... on {kind} {{ @ }} }}", "node")


def pages(kind: str, root: str, path: str) -> dict[str, Way]:
    """A connection and its edges; a page without rows shows nothing."""
    rows = "nodes { __typename }"
    return {
        f"{kind}Connection": Way(root.replace("@", f"{rows} @"), path),
        f"{kind}Edge": Way(within(root, "edges"), f"{path}.edges"),
    }


WAYS = {
    "Viewer": Way("viewer { @ }", "viewer"),
    "Member": node("Member", "member"),
    "Order": node("Order", "order"),
    "Reward": node("Reward", "reward"),
    "LedgerEntry": node("LedgerEntry", "entry"),
    "Refund": node("Refund", "refund"),
    "Plan": node("Plan", "plan"),
    "UplineMember": Way(within(OF_MEMBER, "upline"), "member.upline"),
    **pages("Downline", within(OF_MEMBER, "downline"), "member.downline"),
    **pages("Member", "members { @ }", "members"),
    "Team": Way("team(memberId: $key) { @ }", "team"),
    "TeamLevel": Way("team(memberId: $key) { levels { @ } }", "team.levels"),
    "TeamDay": Way("team(memberId: $key) { trend(days: 366) { @ } }", "team.trend"),
    **pages("Order", "orders(memberId: $key) { @ }", "orders"),
    **pages("Reward", "rewards(memberId: $key) { @ }", "rewards"),
    **pages("LedgerEntry", "ledger(memberId: $key) { @ }", "ledger"),
    "Balance": Way(within(OF_MEMBER, "balance"), "member.balance"),
    "Explanation": Way("explainReward(id: $reward) { @ }", "explainReward"),
    "ExplanationStep": Way("explainReward(id: $reward) { steps { @ } }", "explainReward.steps"),
    "ExplainedEntry": Way("explainReward(id: $reward) { entries { @ } }", "explainReward.entries"),
    "OrderShare": Way(SHARE, "whyNot"),
    "NoRewardReason": Way(within(SHARE, "reasons"), "whyNot.reasons"),
    "Payout": Way("payouts(memberId: $key) { nodes { @ } }", "payouts.nodes"),
    **pages("Payout", "payouts(memberId: $key) { @ }", "payouts"),
    "PayoutBatch": Way("payoutBatch(batchId: $batch) { @ }", "payoutBatch"),
    "PayoutSum": Way("payoutBatch(batchId: $batch) { sums { @ } }", "payoutBatch.sums"),
    "Adjustment": Way("adjustments { nodes { @ } }", "adjustments.nodes"),
    **pages("Adjustment", "adjustments { @ }", "adjustments"),
    "DeadLetter": Way("deadLetters { @ }", "deadLetters"),
    "ScheduledPlan": Way("scheduledPlans { @ }", "scheduledPlans"),
    "PlanReview": Way("checkPlan(document: $document) { ... on PlanReview { @ } }", "checkPlan"),
    "PlanFinding": Way("checkPlan(document: $document) { ... on PlanReview { findings { @ } } }", "checkPlan.findings"),
}
QUERIES = {
    "node": "node(id: $memberNode) { id }",
    "member": "member(memberId: $key) { memberId }",
    "team": "team(memberId: $key) { size }",
    "whyNot": "whyNot(orderId: $order) { level }",
    "orders": "orders(memberId: $key) { nodes { orderId } }",
    "rewards": "rewards(memberId: $key) { nodes { rewardId } }",
    "ledger": "ledger(memberId: $key) { nodes { entryId } }",
    "explainReward": "explainReward(id: $reward) { state }",
    "payouts": "payouts(memberId: $key) { nodes { payoutId } }",
    "payoutBatch": "payoutBatch(batchId: $batch) { batchId }",
    "payoutsOfBatch": "payoutsOfBatch(batchId: $batch) { nodes { payoutId } }",
    "members": "members { nodes { memberId } }",
    "checkPlan": "checkPlan(document: $document) { __typename }",
    "adjustments": "adjustments { nodes { adjustmentId } }",
    "deadLetters": "deadLetters { scopeId }",
    "scheduledPlans": "scheduledPlans { scheduleId }",
    "plans": "plans { version }",
    "viewer": "viewer { name }",
}
ARGUMENTS = {"trend": "trend(days: 366)"}
"""How a field is asked for, where its defaults would show nothing here."""


def table() -> tuple[dict[tuple[str, str], dict[str, str]], set[tuple[str, str]]]:
    """For each (type, field) the five letters of each role, and those fields that are parts of other answers."""
    cells: dict[tuple[str, str], dict[str, str]] = {}
    values: set[tuple[str, str]] = set()
    for line in Path(__file__).with_name("access_table.txt").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        found = LINE.fullmatch(line)
        assert found, line
        for field in found["fields"].split():
            key = (found["kind"], field)
            assert key not in cells
            assert key not in values
            if found["letters"] == "values":
                values.add(key)
            else:
                member, others = found["letters"].split()
                cells[key] = {"member": member} | {role: _five(a) for role, a in zip(ROLES[1:], others, strict=True)}
    return cells, values


def _five(letter: str) -> str:
    """What a letter of somebody who sees all means for each target; the missing one is shown to nobody."""
    return letter * 4 + ("-" if letter in "von" else letter)
