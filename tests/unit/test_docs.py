"""The pages say what is so: links lead somewhere, the READMEs mirror each other, every setting is listed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from graph.settings import Settings

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "seeds").rglob("*.md")])
READMES = [(ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh-CN.md")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if not target.startswith(("http://", "https://")):
            assert (page.parent / target).exists(), target


def test_the_readmes_have_the_same_commands() -> None:
    ours, theirs = (
        [
            re.sub(r"\s+#.*", "", line)
            for block in re.findall(r"```\w+\n(.*?)```", text, re.DOTALL)
            for line in block.splitlines()
        ]
        for text in READMES
    )
    assert ours == theirs


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_listed(name: str) -> None:
    for text in READMES:
        assert (
            f"_{name.upper().removeprefix('NEO4J_').removeprefix('API_')}`" in text
            or f"`THREEFOLD_{name.upper()}`" in text
        )


def test_the_recipes_of_clients_are_the_files_that_run() -> None:
    text = (ROOT / "docs" / "clients.md").read_text(encoding="utf-8")
    shown = {block + "\n" for block in re.findall(r"```\w+\n(.*?)\n```", text, re.DOTALL)}
    recipes = (ROOT / "tests" / "clients" / "recipes").iterdir()
    assert shown == {file.read_text(encoding="utf-8") for file in recipes if file.is_file()}
