"""Plans: what a shop promises, as versioned, immutable documents (rules.md §2 to §6).

`graph/plan_document.py` reads the document. A version is in force from its own seq on, and a new version never
changes money already computed.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime


class Base(StrEnum):
    """What a slot is a share of: the anchor's net amount, the referral's, or the smaller of the two."""

    OWN = "own"
    REFEREE = "referee"
    MIN = "min"


class Qualify(StrEnum):
    """Which orders of a referee count as referrals."""

    FIRST_ORDER = "first_order"
    EVERY_ORDER = "every_order"


class AnchorChoice(StrEnum):
    """Which open anchor a referral fills."""

    OLDEST = "oldest"
    NEWEST = "newest"


class Bank(StrEnum):
    """What becomes of a referral that finds no open anchor."""

    NONE = "none"
    KEEP = "keep"


class Mode(StrEnum):
    """When slots fall due: each as it fills, or all together once none is open."""

    SLOT = "slot"
    THRESHOLD = "threshold"


class RefundPolicy(StrEnum):
    """What becomes of a slot whose referral is refunded in full."""

    BURN = "burn"
    SHIFT = "shift"
    REFILL = "refill"


class Eligible(StrEnum):
    """Who of the upline may earn a commission."""

    ANY = "any"
    HAS_ORDER = "has_order"


@dataclass(frozen=True, slots=True)
class ThreeForOne:
    """The parameters of 推三返一, with the defaults of rules.md §3."""

    slots_bp: tuple[int, ...] = (2000, 3000, 5000)
    base: Base = Base.OWN
    qualify: Qualify = Qualify.FIRST_ORDER
    min_order_minor: int = 1
    anchor: AnchorChoice = AnchorChoice.OLDEST
    window_days: int | None = None
    max_cycles: int | None = None
    bank: Bank = Bank.NONE
    mode: Mode = Mode.SLOT
    refund_policy: RefundPolicy = RefundPolicy.BURN
    hold_days: int = 7
    allow_over_100: bool = False


@dataclass(frozen=True, slots=True)
class Levels:
    """The parameters of level commission, with the defaults of rules.md §4."""

    levels_bp: tuple[int, ...] = ()
    eligible: Eligible = Eligible.ANY
    compression: bool = False
    hold_days: int = 7


@dataclass(frozen=True, slots=True)
class Rank:
    """One line of the table of ranks: what reaches it, and its differential rate (rules.md §5)."""

    name: str
    min_direct: int
    min_team_volume_minor: int
    rate_bp: int


@dataclass(frozen=True, slots=True)
class TeamBonus:
    """Ranks from lowest to highest, with the differential (极差) and peer (平级) bonuses that they earn."""

    ranks: tuple[Rank, ...]
    peer_bp: int = 0
    hold_days: int = 7


@dataclass(frozen=True, slots=True)
class Nearest:
    """见点: the first `count` eligible of the upline each earn a rate, or a fixed amount if that is set."""

    count: int
    rate_bp: int = 0
    fixed_minor: int | None = None
    eligible: Eligible = Eligible.ANY
    hold_days: int = 7


@dataclass(frozen=True, slots=True)
class Tier:
    """From this volume of a team's month on, this rate of the whole volume."""

    min_volume_minor: int
    rate_bp: int


@dataclass(frozen=True, slots=True)
class Monthly:
    """The monthly team bonus: tiers by rising volume."""

    tiers: tuple[Tier, ...]
    hold_days: int = 7


@dataclass(frozen=True, slots=True)
class Plan:
    """What a document says. A rule that is None pays nothing."""

    name: str
    three_for_one: ThreeForOne | None = None
    levels: Levels | None = None
    team: TeamBonus | None = None
    nearest: Nearest | None = None
    monthly: Monthly | None = None
    currencies: frozenset[str] | None = None
    max_payout_bp: int | None = None
    max_level: int = 2
    acknowledge_multi_level: bool = False

    @property
    def in_sequence(self) -> bool:
        """Whether its orders must be applied one after the other: ranks, monthly tiers and caps look across scopes."""
        return self.team is not None or self.monthly is not None or self.max_payout_bp is not None

    def covers(self, currency: str) -> bool:
        """Whether orders in this currency earn anything under the plan."""
        return self.currencies is None or currency in self.currencies


@dataclass(frozen=True, slots=True)
class PlanVersion:
    """A published plan. `seq` is None until the log has numbered its publication."""

    version: int
    seq: int | None
    plan: Plan
    document: str


class ScheduleState(StrEnum):
    """What became of a plan that was to be published later."""

    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class ScheduledPlan:
    """A plan that is published at its moment. `version` is what it was published as."""

    id: str
    at: datetime
    plan: Plan
    document: str
    state: ScheduleState = ScheduleState.SCHEDULED
    version: int | None = None


class PlanHistory:
    """Every numbered version, by the seq from which it is in force."""

    def __init__(self, versions: Sequence[PlanVersion]) -> None:
        numbered = sorted((v.seq, v.version, v) for v in versions if v.seq is not None)
        self._seqs = [seq for seq, _, _ in numbered]
        self._versions = [version for _, _, version in numbered]

    def in_force(self, seq: int) -> PlanVersion:
        """The version that governs a fact accepted at `seq`. A migrated store always has one from seq 0."""
        return self._versions[bisect_right(self._seqs, seq) - 1]

    @property
    def sequence_from(self) -> int | None:
        """The seq from which facts are applied one after the other: that of the first version that needs it."""
        return next((v.seq for v in self._versions if v.plan.in_sequence), None)

    @property
    def counts_teams(self) -> bool:
        """Whether any version asks how much a team has bought."""
        return any(version.plan.team or version.plan.monthly for version in self)

    def __iter__(self) -> Iterator[PlanVersion]:
        return iter(self._versions)
