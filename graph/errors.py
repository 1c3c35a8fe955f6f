"""What can go wrong, by name. None of these knows HTTP; the API maps them in one place, the CLI in another.

ThreefoldError
├── Refused                 a fact that the rules of the graph do not admit; nothing was written
│   ├── InvalidInput        a field that cannot be read: amount, currency, date, missing value
│   ├── SelfReferral
│   ├── AlreadyReferred     the member exists under another referrer (or as a root)
│   ├── MemberConflict      the member exists with another name, phone, ID number or joining time
│   ├── ReferralCycle
│   ├── UnknownMember
│   │   └── UnknownReferrer
│   ├── UnknownOrder
│   ├── OrderConflict       an order id used again with other content
│   ├── OrderNotOpen        the order's state does not allow this step
│   ├── OverRefund          a refund of more than what is left of its order
│   ├── RefundConflict      a refund id used again with other content
│   ├── PlanInvalid
│   └── UnknownApiKey       (more in graph/desk_errors.py and graph/privacy_errors.py)
├── Unauthenticated         nobody vouches for who asks: no token or key, or one that does not hold
├── Forbidden               the roles of who asks do not allow the field
├── Unavailable             something outside is not as it must be; try again once it is mended
│   ├── DatabaseUnavailable
│   ├── StreamUnavailable
│   ├── DeadlineExceeded    the request took longer than it may
│   ├── WrongCredentials
│   ├── SchemaOutdated      migrations are missing or were changed
│   ├── AuditBroken         the audit's key, checkpoints or chains are not what they were
│   ├── ProviderUnavailable the identity provider's keys cannot be had
│   ├── SigningKeyBroken    the local key that signs tokens cannot be used
│   └── LocalServerFailed   a local server could not be fetched, started or kept running
│       └── PortInUse       (graph/commands/http.py)
└── QueryFileInvalid        a file in cypher/ does not match its own header
"""

from __future__ import annotations


class ThreefoldError(Exception):
    """Base of every error that Threefold raises on purpose.

    `code` is stable and machine-readable; `message` is one English sentence; `remedy` says what to do
    about it, or is empty when the message already does.
    """

    code = "INTERNAL"
    remedy = ""

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        if remedy:
            self.remedy = remedy


class Refused(ThreefoldError):
    """The fact contradicts the graph or the rules; nothing was written."""

    code = "REFUSED"


class InvalidInput(Refused):
    """A value cannot be read as what its field needs."""

    code = "INVALID_INPUT"

    def __init__(self, field: str, message: str, *, code: str = "INVALID_INPUT") -> None:
        super().__init__(message)
        self.field = field
        self.code = code


class SelfReferral(Refused):
    """A member cannot be their own referrer."""

    code = "SELF_REFERRAL"

    def __init__(self, member_id: str) -> None:
        super().__init__(f"Member {member_id} cannot refer themselves.")
        self.member_id = member_id


class AlreadyReferred(Refused):
    """The member is enrolled with another referrer, or as a root."""

    code = "ALREADY_REFERRED"

    def __init__(self, member_id: str, referrer_id: str | None) -> None:
        where = f"under {referrer_id}" if referrer_id else "as a root"
        super().__init__(f"Member {member_id} is already enrolled {where}; a referrer never changes by enrolment.")
        self.member_id = member_id
        self.referrer_id = referrer_id


class MemberConflict(Refused):
    """The member is enrolled with the same referrer but other content."""

    code = "MEMBER_CONFLICT"

    def __init__(self, member_id: str, differing: tuple[str, ...]) -> None:
        super().__init__(f"Member {member_id} already exists with another {', '.join(differing)}.")
        self.member_id = member_id
        self.differing = differing


class ReferralCycle(Refused):
    """The referral would put a member into their own upline."""

    code = "REFERRAL_CYCLE"

    def __init__(self, member_id: str, referrer_id: str) -> None:
        super().__init__(f"Member {member_id} cannot be referred by {referrer_id}, who is in their own downline.")
        self.member_id = member_id
        self.referrer_id = referrer_id


class UnknownMember(Refused):
    """No member has this id."""

    code = "UNKNOWN_MEMBER"

    def __init__(self, member_id: str) -> None:
        super().__init__(f"No member has the id {member_id}.")
        self.member_id = member_id


class UnknownReferrer(UnknownMember):
    """The member named as referrer does not exist."""

    code = "UNKNOWN_REFERRER"


class UnknownOrder(Refused):
    """No order has this id."""

    code = "UNKNOWN_ORDER"

    def __init__(self, order_id: str) -> None:
        super().__init__(f"No order has the id {order_id}.")
        self.order_id = order_id


class OrderConflict(Refused):
    """The order id is taken by an order with other content."""

    code = "ORDER_CONFLICT"

    def __init__(self, order_id: str, differing: tuple[str, ...]) -> None:
        super().__init__(f"Order {order_id} already exists with another {', '.join(differing)}.")
        self.order_id = order_id
        self.differing = differing


class OrderNotOpen(Refused):
    """The order's present state does not allow the step."""

    code = "ORDER_NOT_OPEN"

    def __init__(self, order_id: str, state: str, wanted: str) -> None:
        super().__init__(f"Order {order_id} is {state} and cannot become {wanted}.")
        self.order_id = order_id
        self.state = state


class OverRefund(Refused):
    """The refund is of more than what is left of its order."""

    code = "OVER_REFUND"

    def __init__(self, order_id: str, left_minor: int, currency: str) -> None:
        super().__init__(f"Only {left_minor} minor units of {currency} are left of order {order_id}.")
        self.order_id = order_id
        self.left_minor = left_minor
        self.currency = currency


class RefundConflict(Refused):
    """The refund id is taken by a refund with other content."""

    code = "REFUND_CONFLICT"

    def __init__(self, refund_id: str, differing: tuple[str, ...]) -> None:
        super().__init__(f"Refund {refund_id} already exists with another {', '.join(differing)}.")
        self.refund_id = refund_id
        self.differing = differing


class PlanInvalid(Refused):
    """A plan document breaks the plan language; `reasons` names each place."""

    code = "PLAN_INVALID"

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__("The plan is not valid: " + "; ".join(reasons) + ".")
        self.reasons = reasons


class UnknownApiKey(Refused):
    """No API key has this id."""

    code = "UNKNOWN_API_KEY"

    def __init__(self, key_id: str) -> None:
        super().__init__(f"No API key has the id {key_id}.")
        self.key_id = key_id


class Unauthenticated(ThreefoldError):
    """Nobody vouches for who asks. `reason` is for the log: outsiders are not told which check failed."""

    code = "UNAUTHENTICATED"

    def __init__(self, reason: str) -> None:
        super().__init__("A valid token or API key is needed.")
        self.reason = reason


class Forbidden(ThreefoldError):
    """No role of who asks allows the field; nothing was read."""

    code = "FORBIDDEN"

    def __init__(self, field: str) -> None:
        super().__init__(f"{field} is not for your roles.")
        self.field = field


class Unavailable(ThreefoldError):
    """Something outside is not as it must be; nothing was half done."""

    code = "UNAVAILABLE"


class DatabaseUnavailable(Unavailable):
    """Neo4j does not answer."""

    code = "DATABASE_UNAVAILABLE"
    remedy = "Start it with `threefold up`, or check THREEFOLD_NEO4J_URI."


class StreamUnavailable(Unavailable):
    """Redis does not answer."""

    code = "STREAM_UNAVAILABLE"
    remedy = "Start it with `threefold up`, or check THREEFOLD_REDIS_URL. Accepted facts are safe in Neo4j."


class DeadlineExceeded(Unavailable):
    """The work took longer than the request may; what a mutation began is rolled back, or was done just in time."""

    code = "TIMEOUT"

    def __init__(self) -> None:
        super().__init__("The request took too long.")


class WrongCredentials(Unavailable):
    """A server refused the user name or password."""

    code = "WRONG_CREDENTIALS"
    remedy = "Check THREEFOLD_NEO4J_USER and THREEFOLD_NEO4J_PASSWORD."


class SchemaOutdated(Unavailable):
    """The database lacks migrations, or holds others than these."""

    code = "SCHEMA_OUTDATED"
    remedy = "Run `threefold migrate`."


class AuditBroken(Unavailable):
    """The audit cannot go on: its key, its checkpoints or its chains are not what they were."""

    code = "AUDIT_BROKEN"
    remedy = "See `threefold audit verify`."


class ProviderUnavailable(Unavailable):
    """The identity provider's keys cannot be had, and those read before are too old."""

    code = "PROVIDER_UNAVAILABLE"
    remedy = "Check THREEFOLD_JWKS_URL, and that the identity provider answers."


class SigningKeyBroken(Unavailable):
    """The local key that signs tokens cannot be used."""

    code = "SIGNING_KEY_BROKEN"
    remedy = "Remove the file to have a new key made; tokens of the old one end with it."


class LocalServerFailed(Unavailable):
    """A local server could not be fetched, started or kept running."""

    code = "LOCAL_SERVER_FAILED"


class QueryFileInvalid(ThreefoldError):
    """A file in cypher/ does not match its own header."""

    code = "QUERY_FILE_INVALID"
