"""Who somebody is, in one canonical form a kind: what is sealed, what is looked up by, and what a mask shows.

No refusal of this module carries the value that it refuses. Phones need the numbering plans of the world, which are
`graph.privacy.phones`'.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from datetime import UTC, date, datetime
from enum import StrEnum

from graph.errors import InvalidInput

MAX_VALUE_LENGTH = 500
LEAST_TO_SHOW_ENDS = 10
_SEPARATORS = re.compile("[\\s\\-\u2010-\u2015.\u00b7()]+")
_SPACED_DIGITS = re.compile("[0-9\\s\\-\u2010-\u2015]+")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECK = "10X98765432"
OLDEST = date(1880, 1, 1)
"""No earlier day of birth is believed."""
_PROVINCES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83 91".split(
        " "
    )
)


class IdentifierKind(StrEnum):
    """What members can turn out to share."""

    DEVICE = "device"
    IP = "ip"
    PAYMENT = "payment"
    PAYOUT = "payout"
    ADDRESS = "address"
    PHONE = "phone"
    ID_NUMBER = "id_number"


class IdentityField(StrEnum):
    """What is sealed of a member."""

    NAME = "name"
    PHONE = "phone"
    ID_NUMBER = "id_number"


def identifier_kind(text: str, field: str = "kind") -> IdentifierKind:
    """The kind with this name; raises InvalidInput for another."""
    try:
        return IdentifierKind(text)
    except ValueError:
        known = ", ".join(IdentifierKind)
        raise InvalidInput(field, f"{field} must be one of {known}.", code="BAD_IDENTIFIER_KIND") from None


def id_number(text: str, field: str = "id_number") -> str:
    """An ID number by GB 11643: 17 digits and the check character of ISO 7064 MOD 11-2, X being upper case.

    Full-width characters, separators and a lower-case x are read. Raises InvalidInput for anything else, with
    the code OLD_ID_NUMBER for the 15 digits that were issued until 1999 and have expired.
    """
    compact = _compact(text).upper()
    if re.fullmatch(r"[0-9]{15}", compact):
        raise InvalidInput(
            field, f"{field} has the old form of 15 digits; the one of 18 is needed.", code="OLD_ID_NUMBER"
        )
    if not re.fullmatch(r"[0-9]{17}[0-9X]", compact):
        raise InvalidInput(field, f"{field} must have 17 digits and a check character.", code="BAD_ID_NUMBER")
    if compact[:2] not in _PROVINCES or not _is_birth_date(compact[6:14]):
        raise InvalidInput(field, f"{field} names no region or no day of birth.", code="BAD_ID_NUMBER")
    if _check_character(compact) != compact[17]:
        raise InvalidInput(field, f"The check character of {field} does not fit.", code="BAD_ID_NUMBER")
    return compact


def ip_address(text: str, field: str = "value") -> str:
    """An IPv4 or IPv6 address in its shortest form; one of IPv4 in IPv6's clothes is IPv4. Raises InvalidInput."""
    try:
        address = ipaddress.ip_address(_normal(text))
    except ValueError:
        raise InvalidInput(field, f"{field} is no IP address.", code="BAD_IP") from None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(address)


def free_value(kind: IdentifierKind, text: str, field: str = "value") -> str:
    """A device, payment, payout or address value: NFKC, no control characters, spaces single, an address caseless.

    Accounts and fingerprints keep their case, which may tell two of them apart, and lose spaces and dashes.
    """
    normal = " ".join(_normal(text).split())
    if kind is IdentifierKind.ADDRESS:
        normal = normal.casefold()
    elif kind in {IdentifierKind.PAYMENT, IdentifierKind.PAYOUT}:
        normal = _SEPARATORS.sub("", normal) if _SPACED_DIGITS.fullmatch(normal) else normal
    if not 1 <= len(normal) <= MAX_VALUE_LENGTH or not normal.isprintable():
        raise InvalidInput(
            field, f"{field} must be 1 to {MAX_VALUE_LENGTH} printable characters.", code="BAD_IDENTIFIER"
        )
    return normal


def dialled(text: str) -> str:
    """A phone number as one dials it: digits with at most a leading plus; 00 for abroad and a bare 86 are read."""
    compact = _compact(text)
    if compact.startswith("00"):
        return "+" + compact[2:]
    return "+" + compact if re.fullmatch(r"861[3-9][0-9]{9}", compact) else compact


def mask_name(name: str) -> str:
    """The first character of each word: 张三 is 张*, Ada Lovelace is A*** L***."""
    return " ".join(_masked_word(word) for word in name.split())


def mask_phone(phone: str) -> str:
    """The number as its owner would know it again: 138****8000, or +1 and the last four for one abroad."""
    number = phone.removeprefix("+86")
    if len(number) < LEAST_TO_SHOW_ENDS:
        return "****"
    return number[: 2 if number.startswith("+") else 3] + "****" + number[-4:]


def mask_id_number(number: str) -> str:
    """Where it was issued and how it ends: 1101**********1234."""
    return number[:4] + "*" * 10 + number[-4:] if len(number) == 18 else "*" * 18


def _masked_word(word: str) -> str:
    first, rest = word[0], word[1:]
    return first + ("***" if first.isascii() or first.isupper() or first.islower() else "*" * max(1, len(rest)))


def _normal(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _compact(text: str) -> str:
    return _SEPARATORS.sub("", _normal(text))


def _is_birth_date(digits: str) -> bool:
    try:
        born = datetime.strptime(digits, "%Y%m%d").replace(tzinfo=UTC).date()
    except ValueError:
        return False
    return OLDEST <= born <= datetime.now(UTC).date()


def _check_character(number: str) -> str:
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _ID_WEIGHTS, strict=True))
    return _ID_CHECK[total % 11]
