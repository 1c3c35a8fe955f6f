"""The languages that user-facing texts exist in."""

from __future__ import annotations

from enum import StrEnum


class Language(StrEnum):
    """By its IETF tag."""

    EN = "en"
    ZH_CN = "zh-CN"
