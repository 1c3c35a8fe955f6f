"""Phone numbers by the numbering plans of the world: E.164, or a refusal that does not repeat the number."""

from __future__ import annotations

import phonenumbers

from graph.errors import InvalidInput
from graph.identity import dialled


def phone(text: str, region: str = "CN", field: str = "phone") -> str:
    """A number as E.164, such as +8613800138000; one without a country is of `region` (ISO 3166, two letters).

    Raises InvalidInput for a number that no numbering plan allots.
    """
    try:
        number = phonenumbers.parse(dialled(text), region)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or number.extension or not phonenumbers.is_valid_number(number):
        raise InvalidInput(field, f"{field} is no phone number.", code="BAD_PHONE")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
