"""What protects people refuses, by name: the part of `graph/errors.py` that is about personal values and their keys.

None of these carries a value.

Refused
├── PersonErased            nothing personal of this member is kept, or taken again
├── ErasureBlocked          money of theirs is on its way, or held
└── MasterKeyInUse          person keys are still wrapped by it, or may yet be
Unavailable
├── DecryptionFailed        a sealed value that was changed, moved, or whose key is not here
└── PrivacyBroken           the key file or the register of erasures is not what it was
"""

from __future__ import annotations

from graph.errors import Refused, Unavailable


class PersonErased(Refused):
    """The member was erased on request."""

    code = "PERSON_ERASED"

    def __init__(self, member_id: str) -> None:
        super().__init__(f"Member {member_id} was erased; nothing personal of them is kept.")
        self.member_id = member_id


class ErasureBlocked(Refused):
    """The member cannot be erased yet."""

    code = "ERASURE_BLOCKED"

    def __init__(self, member_id: str, payouts: int, held: int) -> None:
        super().__init__(f"Member {member_id} has {payouts} open payout(s) and {held} held reward(s).")
        self.member_id = member_id
        self.payouts = payouts
        self.held = held


class MasterKeyInUse(Refused):
    """A master key cannot be retired yet."""

    code = "MASTER_KEY_IN_USE"

    def __init__(self, kid: str, why: str) -> None:
        super().__init__(f"The master key {kid} cannot be retired: {why}.")
        self.kid = kid
        self.why = why


class DecryptionFailed(Unavailable):
    """A sealed value does not open. `why` is for the log of operators; no part of it is secret."""

    code = "DECRYPTION_FAILED"
    remedy = "See `threefold pii-key status`; if the keys are all there, the stored value was changed."

    def __init__(self, member_id: str, field: str, why: str) -> None:
        super().__init__(f"The {field} of member {member_id} cannot be decrypted.")
        self.member_id = member_id
        self.field = field
        self.why = why


class PrivacyBroken(Unavailable):
    """The keys or the register of erasures are not what they were; nothing sealed is read or written."""

    code = "PRIVACY_BROKEN"
    remedy = "Restore the folder `privacy` from a copy; see docs/privacy.md."
