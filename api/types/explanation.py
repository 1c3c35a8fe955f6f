"""A reward explained, and what an order did not pay."""

from asyncio import gather
from typing import Self

import strawberry

from api.context import Context, Info
from api.messages import Language
from api.policies import OWN, SEEN, SIGHT
from api.scalars import DateTime
from api.types.enums import RewardState, Rule
from api.types.fields import field, seen
from api.types.ledger import LedgerEntry
from api.types.member import Member
from api.types.money import Money
from api.types.order import Order
from api.types.reward import Reward
from graph import explanation as domain
from graph.explanation_texts import reason_text, step_text
from graph.reasons import Answer, Reason
from graph.times import stored


@strawberry.type(description="One step from an order to an amount, or the cause of an entry.")
class ExplanationStep:
    """A code for programs, a sentence for people."""

    code: str = seen(description="Stable and machine-readable, such as SLOT_SHARE.")
    text: str = seen(description="The step in the language that Accept-Language asks for.")
    formula: str | None = seen(
        description="Arithmetic in minor units that gives `amount` exactly; R rounds half up, floor down."
    )
    amount: Money | None = seen(description="What the step comes to; the last one is the reward's amount.")

    @classmethod
    def from_domain(cls, step: domain.Step, currency: str, language: Language) -> Self:
        """A step in words."""
        amount = None if step.amount_minor is None else Money.from_domain(step.amount_minor, currency)
        return cls(code=step.code, text=step_text(step, currency, language), formula=step.formula, amount=amount)


@strawberry.type(description="An entry of a reward with its cause, and what the reward was worth after it.")
class ExplainedEntry:
    """In the order in which they came about."""

    cause: ExplanationStep = seen(description="The fact that made it.")
    change: Money = seen(description="By how much it changed the reward; zero where money only moved on.")
    total: Money = seen(description="What the reward came to after it.")
    entry_id: strawberry.Private[str]

    @classmethod
    def from_domain(cls, moved: domain.Movement, language: Language) -> Self:
        """A movement in words."""
        currency = moved.entry.currency
        return cls(
            cause=ExplanationStep.from_domain(moved.cause, currency, language),
            change=Money.from_domain(moved.change_minor, currency),
            total=Money.from_domain(moved.total_minor, currency),
            entry_id=moved.entry.entry_id,
        )

    @field(description="The entry itself; null only if it was written a moment ago.", allow=OWN)
    async def entry(self, info: Info) -> LedgerEntry | None:
        """From the ledger."""
        return await LedgerEntry.find(info.context, self.entry_id)


@strawberry.type(description="How a reward came to its amount.")
class Explanation:
    """Computed from the facts, as far as the engine has applied them."""

    reward: Reward = seen(description="The reward.")
    rule: Rule = seen(description="Which rule of the plan pays it.")
    plan_version: int | None = seen(description="The version of the plan that governs it; null for an adjustment.")
    plan_name: str | None = seen(description="What that version is called.")
    slot: int | None = seen(description="For a rebate: which slot of the anchor it fills, from 1.")
    base: Money = seen(description="The amount that the rate was applied to.")
    steps: list[ExplanationStep] = seen(description="The arithmetic, step by step.")
    entries: list[ExplainedEntry] = seen(description="Every entry in order, reversals included.")
    state: RewardState = seen(description="Where its money is.")
    available_at: DateTime | None = seen(
        description="When it became available, or will; null while it is held, and for what was clawed back in full."
    )
    held_by: str | None = seen(description="What holds it back, if anything does.")
    source: strawberry.Private[domain.Explanation]

    @classmethod
    def from_domain(cls, explained: domain.Explanation, language: Language) -> Self:
        """An explanation in words."""
        reward = explained.reward
        held = explained.held_by
        return cls(
            reward=Reward.from_domain(reward),
            rule=reward.rule,
            plan_version=explained.version.version if explained.version else None,
            plan_name=explained.version.plan.name if explained.version else None,
            slot=reward.slot,
            base=Money.from_domain(reward.base_minor, reward.currency),
            steps=[ExplanationStep.from_domain(step, reward.currency, language) for step in explained.steps],
            entries=[ExplainedEntry.from_domain(moved, language) for moved in explained.movements],
            state=reward.state,
            available_at=DateTime(stored(explained.available_at)) if explained.available_at else None,
            held_by=step_text(held, reward.currency, language) if held else None,
            source=explained,
        )

    @classmethod
    async def find(cls, context: Context, reward_id: str) -> Self | None:
        """The explanation of the reward with an id."""
        found = await context.reads.explanation(reward_id)
        return None if found is None else cls.from_domain(found, context.language)

    @field(description="The order that caused it; null for a month's tier and for an adjustment.", allow=OWN)
    async def order(self, info: Info) -> Order | None:
        """As it stands now."""
        order = self.source.order
        return None if order is None else await Order.find(info.context, order.order_id)

    @field(description="From the buyer up to the beneficiary, as far as they are seen.", allow=SIGHT)
    async def path(self, info: Info) -> list[Member]:
        """Members, by one loader."""
        path = info.context.reads.sight.within(self.source.reward.path)
        return list(await gather(*(Member.get(info.context, member_id) for member_id in path)))


@strawberry.type(description="Why a rule gave a member nothing of an order.")
class NoRewardReason:
    """A code for programs, a sentence for people."""

    rule: Rule = seen(description="Which rule.")
    code: str = seen(description="Stable and machine-readable, such as ALL_SLOTS_TAKEN.")
    text: str = seen(description="The reason in the language that Accept-Language asks for.")

    @classmethod
    def from_domain(cls, reason: Reason, currency: str, language: Language) -> Self:
        """A reason in words."""
        return cls(rule=reason.rule, code=reason.why, text=reason_text(reason, currency, language))


@strawberry.type(description="What one member got of an order, and why nothing where a rule gave nothing.")
class OrderShare:
    """One of the buyer's upline, or somebody who is not in it."""

    level: int | None = seen(description="Hops above the buyer: 1 is the referrer; null if not above.")
    got: list[Reward] = seen(description="Their rewards for the order, also those that came to zero.")
    reasons: list[NoRewardReason] = seen(description="At least one for each rule that gave nothing.")
    member_id: strawberry.Private[str]

    @classmethod
    def from_domain(cls, answer: Answer, currency: str, language: Language) -> Self:
        """An answer in words."""
        return cls(
            level=answer.level,
            got=[Reward.from_domain(reward) for reward in answer.got],
            reasons=[NoRewardReason.from_domain(reason, currency, language) for reason in answer.reasons],
            member_id=answer.member_id,
        )

    @field(description="Who it is.", allow=SEEN)
    async def member(self, info: Info) -> Member:
        """The member asked about."""
        return await Member.get(info.context, self.member_id)
