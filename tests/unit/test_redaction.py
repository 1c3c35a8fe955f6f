"""Logs hold no phone, no ID number and no credential, whatever was logged."""

from __future__ import annotations

import io
import logging
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from people import id_number_of, phone_of

from graph.redaction import FAILED, Redaction, looks_personal, redacted

if TYPE_CHECKING:
    from collections.abc import Iterator

WORDS = st.text(st.characters(exclude_categories=["Nd", "Cs"]), max_size=20).map(lambda text: text.strip("+-. ") + " ")
JWT = "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl"


@st.composite
def secrets(draw: st.DrawFn) -> str:
    number = draw(st.integers(0, 899_999))
    phone = phone_of(number).removeprefix("+86")
    spaced = f"{phone[:3]} {phone[3:7]} {phone[7:]}"
    return draw(
        st.sampled_from(
            [
                phone,
                spaced,
                spaced.replace(" ", "-"),
                "+86" + phone,
                "0086" + phone,
                "+16502530000",
                id_number_of(number),
                id_number_of(number).lower(),
                full_width(phone),
                full_width(id_number_of(number)),
                JWT,
                "tfk_" + "aB3_" * 8,
            ]
        )
    )


def full_width(text: str) -> str:
    return "".join(chr(ord(character) + 0xFEE0) for character in text)


@pytest.fixture(scope="module")
def written() -> Iterator[tuple[logging.Logger, io.StringIO]]:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(message)s"))
    handler.addFilter(Redaction())
    logger = logging.getLogger("a test of redaction")
    logger.addHandler(handler)
    logger.propagate = False
    yield logger, stream
    logger.removeHandler(handler)


@settings(deadline=None)
@given(WORDS, secrets(), WORDS)
def test_no_secret_passes_wherever_it_stands(before: str, secret: str, after: str) -> None:
    text = redacted(before + secret + " " + after)
    assert secret not in text
    assert text.startswith(redacted(before).rstrip() or "")


@settings(deadline=None)
@given(secret=secrets())
def test_no_way_to_log_lets_a_secret_through(written: tuple[logging.Logger, io.StringIO], secret: str) -> None:
    logger, stream = written
    logger.warning("value %s", secret)
    logger.warning("value %(v)s", {"v": secret})
    logger.warning(f"value {secret}")  # noqa: G004
    logger.warning("object %r", [secret])
    try:
        int(f"bad value {secret}")
    except ValueError:
        logger.exception("failed", stack_info=True)
    assert secret not in stream.getvalue()
    assert "[redacted]" in stream.getvalue()
    stream.seek(0)
    stream.truncate()


def test_a_record_that_cannot_be_read_is_not_written_as_it_is(written: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = written

    class Unreadable:
        def __str__(self) -> str:
            raise RuntimeError("13800138000")

    logger.warning("value %s", Unreadable())
    logger.warning("value %d", "13800138000")
    assert "13800138000" not in stream.getvalue()
    assert FAILED in stream.getvalue()


@pytest.mark.parametrize(
    "text",
    ["2026-11-23 09:30:00,123 INFO", "29900 minor units", "port 17687", "1763889000123456", "M00001", "v12.4.1"],
)
def test_what_is_nobodys_stays(text: str) -> None:
    assert redacted(text) == text
    assert not looks_personal(text)


@pytest.mark.parametrize("text", ["asked by 13800138000", "id 11010519491231002x", "tel +86 138-0013-8000"])
def test_free_text_that_names_somebody_is_noticed(text: str) -> None:
    assert looks_personal(text)
