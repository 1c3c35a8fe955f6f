"""`threefold trust` writes what the server believes, and refuses what it would not execute."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from api.guard.trusted import Trusted, digest
from graph.cli import app
from graph.errors import InvalidInput
from graph.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path


def test_a_manifest_is_written_and_read(tmp_path: Path) -> None:
    texts = ["{ plans { id } }", "query Team($id: String!) {\n  member(memberId: $id) { name }\n}\n"]
    files = [tmp_path / f"{n}.graphql" for n in range(2)]
    for file, text in zip(files, texts, strict=True):
        file.write_text(text)
    done = CliRunner().invoke(app, ["trust", *map(str, files), "-o", str(tmp_path / "m.json")])
    assert done.exit_code == 0, done.output
    trusted = Trusted.of(Settings(trusted_documents="require", trusted_manifest=tmp_path / "m.json"))
    assert [trusted.named({"documentId": digest(text)}) for text in texts] == texts


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{ nope }", "Cannot query field"),
        ("{ a", "Syntax Error"),
        ("{ ...f }", "no fragment"),
        ("{ " + "a " * 301 + "}", "301"),
    ],
)
def test_what_would_not_be_executed_is_not_trusted(tmp_path: Path, text: str, why: str) -> None:
    file = tmp_path / "bad.graphql"
    file.write_text(text)
    done = CliRunner().invoke(app, ["trust", str(file), "-o", str(tmp_path / "m.json")])
    assert isinstance(done.exception, InvalidInput)
    assert why in done.exception.message
    assert not (tmp_path / "m.json").exists()
