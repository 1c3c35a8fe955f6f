"""The pages say what is so: links lead somewhere, the READMEs mirror each other, every setting is listed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from graph.settings import Settings

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "seeds").rglob("*.md")])
READMES = [(ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh-CN.md")]
SETTINGS = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
LISTED: dict[str, str] = dict(re.findall(r"^\| `THREEFOLD_(\w+)` \| (.*?) \|", SETTINGS, re.MULTILINE))


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


def test_every_setting_is_listed_and_no_other() -> None:
    assert {name.lower() for name in LISTED} == set(Settings.model_fields)


@pytest.mark.parametrize("name", Settings.model_fields)
def test_the_default_of_a_setting_is_the_one_listed(name: str) -> None:
    default = Settings.model_fields[name].default
    if isinstance(default, bool | int | float | str) and default != "":
        shown = str(default).lower() if isinstance(default, bool) else f"{default}".removesuffix(".0")
        assert LISTED[name.upper()].strip("`") == shown


def test_the_readmes_name_settings_that_exist() -> None:
    for text in READMES:
        named = set(re.findall(r"\bTHREEFOLD_(?!TEST_)([A-Z0-9_]+)", text))
        assert named
        assert {name.lower() for name in named} <= set(Settings.model_fields)


def test_the_recipes_of_clients_are_the_files_that_run() -> None:
    text = (ROOT / "docs" / "clients.md").read_text(encoding="utf-8")
    shown = {block + "\n" for block in re.findall(r"```\w+\n(.*?)\n```", text, re.DOTALL)}
    recipes = (ROOT / "tests" / "clients" / "recipes").iterdir()
    assert shown == {file.read_text(encoding="utf-8") for file in recipes if file.is_file()}
