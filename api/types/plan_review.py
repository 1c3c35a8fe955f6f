"""What a plan pays, costs and risks, before it is published."""

from typing import Self

import orjson
import strawberry

from api.messages import Language
from api.types.enums import Severity, Topic
from api.types.fields import seen
from graph.plan import Plan
from graph.plan_findings import Finding
from graph.plan_review import review
from graph.plan_texts import plain, sentence


@strawberry.type(description="One thing to know about a plan.")
class PlanFinding:
    """A finding of the review."""

    code: str = seen(description="Stable and machine-readable, such as COST_WORST.")
    topic: Topic = seen(description="What it is about.")
    severity: Severity = seen(description="How grave it is.")
    message: str = seen(description="The finding in the language that Accept-Language asks for.")
    numbers: str = seen(
        description='A JSON object. Shares are fractions as text, such as "1/3"; money is minor units with a currency.'
    )

    @classmethod
    def from_domain(cls, finding: Finding, language: Language) -> Self:
        """A finding in words and numbers."""
        return cls(
            code=finding.code,
            topic=finding.topic,
            severity=finding.severity,
            message=sentence(finding, language),
            numbers=orjson.dumps({name: plain(number) for name, number in finding.numbers.items()}).decode(),
        )


@strawberry.type(description="A valid plan, looked over. A guard, not legal advice.")
class PlanReview:
    """All findings."""

    name: str = seen(description="The plan's own name.")
    findings: list[PlanFinding] = seen(description="In the order in which they are to be read.")

    @classmethod
    def from_domain(cls, plan: Plan, language: Language) -> Self:
        """The review of a plan."""
        return cls(name=plan.name, findings=[PlanFinding.from_domain(each, language) for each in review(plan)])
