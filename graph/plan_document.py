"""Reads a plan document, a JSON object, or names every fault in it at once.

One table a section says which settings there are and how each is read; a setting left out or null takes its
default from `graph/plan.py`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from graph.currencies import MINOR_DIGITS
from graph.errors import PlanInvalid
from graph.money import BASIS_POINTS, MAX_AMOUNT_MINOR
from graph.plan import (
    AnchorChoice,
    Bank,
    Base,
    Eligible,
    Levels,
    Mode,
    Plan,
    Qualify,
    RefundPolicy,
    ThreeForOne,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from enum import StrEnum

    Reader = Callable[[Any], object]

MAX_LIST = 50
"""The longest list of slots or of level rates that a plan may hold."""
MAX_DAYS = 36_500


def parse_plan(text: str) -> Plan:
    """The plan that a JSON text describes; raises PlanInvalid naming every fault found."""
    try:
        document = json.loads(text, object_pairs_hook=_without_repetition)
    except (ValueError, RecursionError) as fault:
        raise PlanInvalid((f"it is not JSON: {fault}",)) from None
    faults: list[str] = []
    settings = _read(document, "the plan", _PLAN, faults)
    for key, (shape, table) in _RULES.items():
        if settings.get(key) is not None:
            settings[key] = shape(**_read(settings[key], key, table, faults))
    if isinstance(document, dict) and document.get("name") is None:
        faults.append("name is missing")
    if faults:
        raise PlanInvalid(tuple(faults))
    plan = Plan(**settings)
    _refuse_promises_too_large(plan)
    return plan


def _without_repetition(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """JSON lets a name stand twice; a plan must not leave open which one is meant."""
    section = dict(pairs)
    if len(section) < len(pairs):
        raise ValueError("a setting stands twice")
    return section


def _read(section: object, where: str, table: Mapping[str, Reader], faults: list[str]) -> dict[str, Any]:
    """The settings of one section that were given and could be read; the rest go to `faults`."""
    if not isinstance(section, dict):
        faults.append(f"{where} must be an object")
        return {}
    faults += [f"{where} has no setting {key!r}" for key in sorted(section.keys() - table.keys())]
    given: dict[str, Any] = {}
    for key, reader in table.items():
        if section.get(key) is not None:
            try:
                given[key] = reader(section[key])
            except ValueError as fault:
                faults.append(f"{key} {fault}")
    return given


def _refuse_promises_too_large(plan: Plan) -> None:
    faults = []
    slots = plan.three_for_one
    if slots and sum(slots.slots_bp) > BASIS_POINTS and not slots.allow_over_100:
        faults.append(f"slots_bp add up to {sum(slots.slots_bp)}, over {BASIS_POINTS}, without allow_over_100")
    depth = len(plan.levels.levels_bp) if plan.levels else 0
    if depth > plan.max_level and not plan.acknowledge_multi_level:
        faults.append(
            f"levels_bp pays {depth} levels, over max_level {plan.max_level}, without acknowledge_multi_level"
        )
    if faults:
        raise PlanInvalid(tuple(faults))


def _whole(least: int, most: int) -> Reader:
    def read(value: object) -> int:
        if type(value) is not int or not least <= value <= most:
            raise ValueError(f"must be a whole number from {least} to {most}")
        return value

    return read


def _choice(options: type[StrEnum]) -> Reader:
    def read(value: object) -> StrEnum:
        if not isinstance(value, str) or value not in list(options):
            raise ValueError(f"must be one of {', '.join(options)}")
        return options(value)

    return read


def _rates(least: int, most: int) -> Reader:
    rate = _whole(0, most)

    def read(value: object) -> tuple[object, ...]:
        if not isinstance(value, list) or not least <= len(value) <= MAX_LIST:
            raise ValueError(f"must be a list of {least} to {MAX_LIST} rates in basis points")
        return tuple(rate(element) for element in value)

    return read


def _flag(value: object) -> bool:
    if value is True or value is False:
        return value
    raise ValueError("must be true or false")


def _name(value: object) -> str:
    if not isinstance(value, str) or not 1 <= len(value) <= 100 or not value.isprintable():
        raise ValueError("must be 1 to 100 printable characters")
    return value


def _currencies(value: object) -> frozenset[str]:
    codes = value if isinstance(value, list) else []
    if not codes or not all(isinstance(code, str) and code in MINOR_DIGITS for code in codes):
        raise ValueError("must be a list of ISO 4217 codes")
    return frozenset(codes)


def _section(value: object) -> object:
    return value


_PLAN: dict[str, Reader] = {
    "name": _name,
    "three_for_one": _section,
    "levels": _section,
    "currencies": _currencies,
    "max_level": _whole(1, MAX_LIST),
    "acknowledge_multi_level": _flag,
}
_THREE_FOR_ONE: dict[str, Reader] = {
    "slots_bp": _rates(1, 10 * BASIS_POINTS),
    "base": _choice(Base),
    "qualify": _choice(Qualify),
    "min_order_minor": _whole(1, MAX_AMOUNT_MINOR),
    "anchor": _choice(AnchorChoice),
    "window_days": _whole(0, MAX_DAYS),
    "max_cycles": _whole(0, 2**31 - 1),
    "bank": _choice(Bank),
    "mode": _choice(Mode),
    "refund_policy": _choice(RefundPolicy),
    "hold_days": _whole(0, MAX_DAYS),
    "allow_over_100": _flag,
}
_LEVELS: dict[str, Reader] = {
    "levels_bp": _rates(0, BASIS_POINTS),
    "eligible": _choice(Eligible),
    "compression": _flag,
    "hold_days": _whole(0, MAX_DAYS),
}
_RULES: dict[str, tuple[Callable[..., object], dict[str, Reader]]] = {
    "three_for_one": (ThreeForOne, _THREE_FOR_ONE),
    "levels": (Levels, _LEVELS),
}
