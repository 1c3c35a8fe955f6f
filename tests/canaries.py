"""Values that occur nowhere else, and a scanner that finds them in files, however they were encoded.

All canaries of a kind begin alike, so that one search finds each of them. Neo4j keeps short texts packed, four bits a
digit: those are searched for one by one, as they lie in its transaction logs, and as they lie in its store.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from people import WEIGHTS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PHONES, ID_NUMBERS, NAMES = "1397331", "3301061988", "Canarina"
PACKED = {**{str(digit): digit for digit in range(10)}, " ": 10, ".": 11, "-": 12, "+": 13}
HEADER_BITS = 39
"""What stands before a packed text in its property: 24 bits of key, 4 of type, 5 of encoding, 6 of length."""


def phone(number: int) -> str:
    return f"{PHONES}{number:04d}"


def id_number(number: int) -> str:
    """A valid one without an X, whose check character a packed text could not hold."""
    for serial in range(number * 12, number * 12 + 12):
        first = f"{ID_NUMBERS}{1 + serial // 28000:02d}{1 + serial // 1000 % 28:02d}{serial % 1000:03d}"
        rest = (1 - sum(int(digit) * weight for digit, weight in zip(first, WEIGHTS, strict=True))) % 11
        if rest < 10:
            return first + str(rest)
    raise AssertionError("unreachable")


def encodings(text: str) -> Iterator[tuple[str, bytes]]:
    """Every way in which a text may lie in a file, as what can be searched for."""
    wide = "".join(chr(ord(c) + 0xFEE0) if c.isdecimal() else c for c in text)
    for name in ("utf-8", "utf-16-le", "utf-16-be"):
        yield name, text.encode(name)
    if wide != text:
        yield "full-width", wide.encode()
    for raw in (text.encode(), text.encode("utf-16-le")):
        yield "hex", raw.hex().encode()
        yield "HEX", raw.hex().upper().encode()
        for shift in range(3):
            coded = base64.b64encode(b"\0" * shift + raw)
            inner = coded[(shift * 8 + 5) // 6 : (shift + len(raw)) * 8 // 6]
            yield f"base64+{shift}", inner
            yield f"base64url+{shift}", inner.replace(b"+", b"-").replace(b"/", b"_")


def packed(text: str) -> bytes:
    """As Neo4j packs a short text of digits, without the bytes that it shares with what stands beside it."""
    bits = sum(PACKED[character] << 4 * place for place, character in enumerate(text)) << HEADER_BITS % 8
    whole = (4 * len(text) + HEADER_BITS % 8) // 8
    return (bits & ((1 << 8 * whole) - 1)).to_bytes(whole, "little")[1:]


def packed_in_store(text: str) -> re.Pattern[bytes]:
    """As above, in words of 64 bits, each with its highest byte first; the first begins with the property's header."""
    bits = sum(PACKED[character] << 4 * place for place, character in enumerate(text))
    in_first = 64 - HEADER_BITS
    first = ((bits & ((1 << in_first) - 1)) >> 1).to_bytes(3, "big")
    return re.compile(re.escape(first) + b".{5}" + re.escape((bits >> in_first).to_bytes(8, "big")), re.DOTALL)


@dataclass(slots=True)
class Scanner:
    """Searches whole folders. `planted` are the digits to be looked for packed."""

    planted: list[str]
    files: int = 0
    bytes: int = 0
    needles: list[tuple[str, bytes]] = field(default_factory=list)
    patterns: list[tuple[str, re.Pattern[bytes]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for text in (PHONES, ID_NUMBERS, NAMES):
            self.needles += [(f"{text} in {name}", needle) for name, needle in encodings(text)]
        for value in self.planted:
            forms = (value, f"+86{value}") if len(value) == 11 else (value,)
            self.needles += [(f"{form} packed", packed(form)) for form in forms]
            self.patterns += [(f"{form} packed", packed_in_store(form)) for form in forms]

    def hits(self, *folders: Path, without: tuple[Path, ...] = ()) -> list[str]:
        """Where something was found, and in which form."""
        found = []
        for folder in folders:
            for file in sorted(path for path in folder.rglob("*") if path.is_file() and path not in without):
                content = file.read_bytes()
                self.files, self.bytes = self.files + 1, self.bytes + len(content)
                names = [name for name, needle in self.needles if needle in content]
                if file.name.startswith("neostore.propertystore"):
                    names += [name for name, pattern in self.patterns if pattern.search(content)]
                found += [f"{file.relative_to(folder)}: {name}" for name in names]
        return found
