"""Loads the files of cypher/ and refuses any whose text does not match its own header.

The header, in comment lines before the text:

    // A title, one line or more.
    // access   read | write | schema
    // scan     allowed                      only where a whole label is meant to be read
    // param    name  type  [what it is]     one line for each $name in the text
    // column   name  type  [what it is]     one line for each column returned, in order; `?`: may be null

`tests/integration/test_every_query.py` holds every file against a real database.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from graph.errors import QueryFileInvalid

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable

TYPES = {"str", "int", "bool", "bytes", "map", "list[str]", "list[int]", "list[map]"}
ACCESS = {"read", "write", "schema"}
_HEADER_LINE = re.compile(r"//\s*(access|scan|param|column)\s+(\S+)(?:\s+(\S+))?")
_NOT_TEXT = re.compile(r"//[^\n]*|'(?:[^'\\]|\\.)*'")
_PARAMETER = re.compile(r"\$(\w+)")


@dataclass(frozen=True, slots=True)
class Query:
    """A Cypher text with what its header promises. `params` and `columns` map names to types, in order."""

    name: str
    title: str
    access: str
    scan_allowed: bool
    params: dict[str, str]
    columns: dict[str, str]
    text: str

    @property
    def gathered(self) -> str:
        """The text in an envelope that returns all its rows as one list, each a list of the declared columns.

        The driver spends about 50 µs of Python on each record it receives, and hardly anything on an element of a
        list (`bench/records.py`): an answer of a thousand rows arrives ten times sooner in one record.
        """
        if not self.columns:
            return self.text
        return f"CALL () {{\n{self.text}}}\nRETURN collect([{', '.join(self.columns)}]) AS rows"


@cache
def load(name: str) -> Query:
    """The query at `cypher/<name>.cypher`; raises QueryFileInvalid if there is none or its header is wrong."""
    file = files("cypher").joinpath(f"{name}.cypher")
    if not file.is_file():
        raise QueryFileInvalid(f"There is no file cypher/{name}.cypher.")
    return parse(name, file.read_text(encoding="utf-8"))


def names() -> list[str]:
    """Every query file by name, in alphabetical order; migrations are not queries."""
    return sorted(name for name in _walk(files("cypher"), "") if not name.startswith("migrations/"))


def _walk(folder: Traversable, prefix: str) -> Iterator[str]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _walk(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith(".cypher"):
            yield prefix + entry.name.removesuffix(".cypher")


def parse(name: str, text: str) -> Query:
    """Reads a header and holds the text against it; raises QueryFileInvalid naming the first difference."""
    header = _Header(name)
    for line in text.splitlines():
        if line.startswith("//"):
            header.read(line)
    header.refuse_differences(text)
    (access,) = header.declared["access"]
    return Query(
        name=name,
        title=" ".join(header.title),
        access=access,
        scan_allowed="allowed" in header.declared["scan"],
        params=header.declared["param"],
        columns=header.declared["column"],
        text=text,
    )


class _Header:
    """What the comment lines of one file declare."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.title: list[str] = []
        self.declared: dict[str, dict[str, str]] = {"access": {}, "scan": {}, "param": {}, "column": {}}

    def read(self, line: str) -> None:
        match = _HEADER_LINE.match(line)
        if match is None:
            self.title.append(line.removeprefix("//").strip())
            return
        keyword, word, kind = match.groups()
        if word in self.declared[keyword]:
            raise self._invalid(f"{keyword} {word} is declared twice")
        if keyword in {"param", "column"} and (kind or "").removesuffix("?") not in TYPES:
            raise self._invalid(f"{keyword} {word} has the unknown type {kind!r}")
        self.declared[keyword][word] = kind or ""

    def refuse_differences(self, text: str) -> None:
        used = set(_PARAMETER.findall(_NOT_TEXT.sub("", text)))
        unlike = sorted(used ^ self.declared["param"].keys())
        if not self.title:
            raise self._invalid("the title is missing")
        if len(self.declared["access"]) != 1 or not self.declared["access"].keys() <= ACCESS:
            raise self._invalid("access must be read, write or schema")
        if unlike:
            raise self._invalid(f"declared and used parameters differ in {unlike}")
        if not text.endswith("\n"):
            raise self._invalid("the last line has no end")

    def _invalid(self, why: str) -> QueryFileInvalid:
        return QueryFileInvalid(f"cypher/{self.name}.cypher: {why}.")
