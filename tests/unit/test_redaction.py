"""Logs hold no phone, no ID number and no credential, whatever was logged."""

from __future__ import annotations

import io
import logging
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from people import id_number_of, phone_of

from graph.redaction import FAILED, Redaction, looks_personal, redact_logs, redacted

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


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("a 13800138000 b 13800138001 c", "a [redacted] b [redacted] c"),
        ("\uff11\uff13\uff18\uff10\uff10\uff11\uff13\uff18\uff10\uff10\uff10\u3002", "[redacted]\u3002"),
        ("\u0661\u0663\u0668\u0660\u0660\u0661\u0663\u0668\u0660\u0660\u0660", "[redacted]"),
        ("\uff0b1\u20136502530000 \u5f20\u4e09", "[redacted] \u5f20\u4e09"),
        ("138\u4e2d0013\u4e2d8000", "138\u4e2d0013\u4e2d8000"),
        ("110105491231002", "[redacted]"),
        ("11010519491231002\uff38", "[redacted]"),
        (f"bearer {JWT}, then", "bearer [redacted], then"),
        ("key tfk_ab-C_9.", "key [redacted]."),
        ("\u00bd\ufb01 \u4e00 \u2013", "\u00bd\ufb01 \u4e00 \u2013"),
    ],
)
def test_what_is_left_of_a_text(text: str, after: str) -> None:
    assert redacted(text) == after


def test_a_token_is_a_secret_and_nobodys_phone() -> None:
    assert not looks_personal(f"bearer {JWT} and tfk_abc")


def logged(**more: object) -> logging.LogRecord:
    record = logging.makeLogRecord({"msg": "asked by %s", "args": ("13800138000",), **more})
    assert Redaction().filter(record) is True
    return record


def test_a_record_has_its_text_and_no_arguments() -> None:
    record = logged()
    assert (record.msg, record.args, record.getMessage()) == ("asked by [redacted]", (), "asked by [redacted]")
    assert (record.exc_text, record.stack_info) == (None, None)


def test_a_traceback_and_a_stack_are_kept_without_what_is_secret() -> None:
    try:
        int("bad 13800138000")
    except ValueError as fault:
        record = logged(exc_info=(ValueError, fault, fault.__traceback__), stack_info="at 13800138000")
    assert record.exc_text
    assert record.exc_text.startswith("Traceback (most recent call last):\n  File ")
    assert record.exc_text.endswith("ValueError: invalid literal for int() with base 10: 'bad [redacted]'")
    assert record.stack_info == "at [redacted]"
    assert logged(exc_info=record.exc_info, exc_text="kept 13800138000").exc_text == "kept [redacted]"


def test_of_a_record_that_cannot_be_read_nothing_is_kept() -> None:
    record = logged(args=(), msg="%d", exc_text="13800138000", stack_info="13800138000", exc_info=(None, None, None))
    assert record.msg == "%d"
    broken = logged(msg="%d", stack_info="13800138000", exc_text="13800138000", exc_info=(None, None, None))
    assert (broken.msg, broken.args, broken.exc_text, broken.stack_info, broken.exc_info) == (FAILED, (), *[None] * 3)


def test_every_handler_of_the_root_redacts_once(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, last = (logging.NullHandler() for _ in range(3))
    second.addFilter(logging.Filter("elsewhere"))
    monkeypatch.setattr(logging.getLogger(), "handlers", [first, second])
    monkeypatch.setattr(logging, "lastResort", last)
    redact_logs()
    redact_logs()
    kinds = [[type(found) for found in handler.filters] for handler in (first, second, last)]
    assert kinds == [[Redaction], [logging.Filter, Redaction], [Redaction]]
    monkeypatch.setattr(logging, "lastResort", None)
    redact_logs()
