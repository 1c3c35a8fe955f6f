"""What looks like a phone, an ID number or a credential in free text: found, refused, or blacked out.

Wider than the rules of `identity`: a mistyped number is somebody's, too.
"""

from __future__ import annotations

import logging
import re
import traceback
import unicodedata

BLACKED_OUT, FAILED = "[redacted]", "[a line that could not be redacted]"
_GAP = r"[ \u00a0\-.]?"
_PHONE = rf"(?<![0-9])(?:(?:\+|00)?86{_GAP})?1[3-9][0-9]{_GAP}[0-9]{{4}}{_GAP}[0-9]{{4}}(?![0-9])"
_ABROAD = rf"\+[1-9](?:{_GAP}[0-9]){{7,14}}(?![0-9])"
_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_ID_NUMBER = rf"(?<![0-9])[1-9][0-9]{{5}}{_GAP}(?:18|19|20)[0-9]{{2}}{_DAY}{_GAP}[0-9]{{3}}[0-9Xx](?![0-9])"
_OLD_ID_NUMBER = rf"(?<![0-9])[1-9][0-9]{{5}}[0-9]{{2}}{_DAY}[0-9]{{3}}(?![0-9])"
_JWT = r"eyJ[A-Za-z0-9_\-]{4,}\.[A-Za-z0-9_\-]*(?:\.[A-Za-z0-9_\-]*)*"
_API_KEY = r"tfk_[A-Za-z0-9_\-]+"
_PERSONAL = re.compile("|".join((_ID_NUMBER, _PHONE, _ABROAD, _OLD_ID_NUMBER)))
_SECRET = re.compile("|".join((_JWT, _API_KEY, _ID_NUMBER, _PHONE, _ABROAD, _OLD_ID_NUMBER)))


def looks_personal(text: str) -> bool:
    """Whether a phone or an ID number seems to stand in the text, in digits of any script."""
    return bool(_PERSONAL.search(_plain_digits(text)))


def redacted(text: str) -> str:
    """The text without phones, ID numbers, tokens and keys."""
    plain = _plain_digits(text)
    pieces, after = [], 0
    for match in _SECRET.finditer(plain):
        pieces += [text[after : match.start()], BLACKED_OUT]
        after = match.end()
    return "".join((*pieces, text[after:]))


class Redaction(logging.Filter):
    """Blacks out records before they are written. One that cannot be read is not written as it is."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always lets the record through, as text without arguments."""
        try:
            record.msg = redacted(record.getMessage())
            if record.exc_info and not record.exc_text:
                record.exc_text = "".join(traceback.format_exception(*record.exc_info)).rstrip()
            record.exc_text = redacted(record.exc_text) if record.exc_text else None
            record.stack_info = redacted(record.stack_info) if record.stack_info else None
        except Exception:
            record.msg, record.exc_text, record.stack_info = FAILED, None, None
            record.exc_info = None
        record.args = ()
        return True


def redact_logs() -> None:
    """Puts the filter on every handler of the root logger, and on the one that is used before there is any."""
    handlers = [*logging.getLogger().handlers, *([logging.lastResort] if logging.lastResort else [])]
    for handler in handlers:
        if not any(isinstance(found, Redaction) for found in handler.filters):
            handler.addFilter(Redaction())


def _plain_digits(text: str) -> str:
    """The same length, digits of other scripts as ASCII, and so the full-width X, plus and dash."""
    return text if text.isascii() else "".join(map(_plain, text))


def _plain(character: str) -> str:
    if character.isascii():
        return character
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    normal = unicodedata.normalize("NFKC", character)
    if len(normal) == 1 and normal.isascii():
        return normal
    return "-" if unicodedata.category(character) == "Pd" else character
