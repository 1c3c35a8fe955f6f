"""No file names the machine on which it was written: a path there leads nowhere on anybody else's."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OF_A_MACHINE = re.compile(rb"(?<![\w.~)}-])/(?:root|work|tmp/wt|home/\w+|Users/\w+)(?![\w.-])")


def test_no_tracked_file_carries_a_path_of_a_machine() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("not a checkout")
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    files = [file for name in names.split("\0") if name and (file := ROOT / name).is_file()]
    assert Path(__file__) in files
    assert {file.relative_to(ROOT).as_posix() for file in files if OF_A_MACHINE.search(file.read_bytes())} == set()


@pytest.mark.parametrize("parts", [("work", "main", "x.py"), ("root",), ("home", "ada", ".cache"), ("Users", "ada")])
@pytest.mark.parametrize("before", ["", "file://", "# via -r ", '"'])
def test_such_a_path_is_recognised(before: str, parts: tuple[str, ...]) -> None:
    assert OF_A_MACHINE.search("/".join([before, *parts]).encode())


@pytest.mark.parametrize("text", ["docs/work/plan.md", "https://example.org/root", "./root", "/roots", "$HOME/home"])
def test_others_are_none(text: str) -> None:
    assert not OF_A_MACHINE.search(text.encode())
