"""Each scan finds what was planted for it, and fails on what it could not look up."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from datetime import date, timedelta
from pathlib import Path
from secrets import token_hex

import audit
import pytest
from fuzz_checks import server_errors
from osv import affected_by, version_key
from secret_scan import KINDS, WITH_A_FORM, secrets_in

RULES = Path(__file__).with_name("rules")
RECORD = tomllib.loads(audit.FLOORS.read_text(encoding="utf-8"))
LOOKED_UP: date = RECORD["looked_up"]
JARS = [*audit.locked_jars(audit.JARS), *audit.locked_npm(audit.NPM)]
PACKAGES = [one for lock in audit.LOCKS for one in audit.locked_packages(lock)]
ADVISORY = """
id: PYSEC-2022-202
affected:
- package: {name: pyjwt, ecosystem: PyPI}
  ranges: [{type: ECOSYSTEM, events: [{introduced: 1.5.0}, {fixed: 2.4.0}]}]
- package: {name: "io.netty:netty-codec", ecosystem: Maven}
  ranges: [{type: ECOSYSTEM, events: [{introduced: "0"}, {fixed: 4.1.136.Final}]}]
"""


def planted(name: str, version: str, record: dict = RECORD, today: date = LOOKED_UP) -> list[str]:
    """The faults of the locks with this package in them besides."""
    return audit.faults([*PACKAGES, *JARS, audit.Locked(name, version)], record, today)


def test_everything_locked_is_in_the_record() -> None:
    assert len(PACKAGES) > 100
    assert len(JARS) > 200
    assert audit.faults([*PACKAGES, *JARS], RECORD, LOOKED_UP) == []


def test_what_was_not_looked_up_is_counted_and_listed_with_a_date_and_a_reason() -> None:
    listed = [name for part in RECORD["not_looked_up"].values() for name in part["names"].split()]
    found = audit.known({*PACKAGES, *JARS}, RECORD).not_looked_up
    assert {one.name for one in found} == set(listed), "nothing is listed that is not locked"
    assert len(listed) == len(set(listed))
    assert all(part["because"] and part["on"] <= LOOKED_UP for part in RECORD["not_looked_up"].values())


@pytest.mark.parametrize(("name", "version"), [("pyjwt", "2.3.0"), ("strawberry-graphql", "0.242.0")])
def test_an_old_version_is_found(name: str, version: str) -> None:
    (fault,) = planted(name, version)
    assert fault.startswith(f"{name} {version}: below")


@pytest.mark.parametrize("name", ["never-heard-of", "org.neo4j:neo4j-new", "com.example:jar", "npm:left-pad"])
def test_a_component_that_nobody_looked_up_fails(name: str) -> None:
    assert planted(name, "1.0") == [f"{name} 1.0: nobody looked it up"]


def test_floors_grow_too_old() -> None:
    refuse = timedelta(RECORD["refuse_after_days"])
    record = RECORD | {"accepted": []}
    assert audit.faults(PACKAGES, record, LOOKED_UP + refuse) == []
    found = audit.faults(PACKAGES, record, LOOKED_UP + refuse + timedelta(1))
    assert len(found) == 1 + len(RECORD["not_looked_up"])
    assert all("look up anew" in fault for fault in found)


def test_what_is_accepted_has_an_end_and_a_reason() -> None:
    assert all(entry["because"] and entry["until"] <= LOOKED_UP + timedelta(100) for entry in RECORD["accepted"])
    after = max(entry["until"] for entry in RECORD["accepted"]) + timedelta(1)
    assert any("io.netty:netty-handler" in fault for fault in audit.faults(JARS, RECORD, after))


def test_a_lock_is_read_whole(tmp_path: Path) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text("Py_JWT==2.3.0 \\\n    --hash=sha256:00\na[extra]==1 ; sys_platform == 'win32' \\\n")
    assert audit.locked_packages(lock) == [("py-jwt", "2.3.0"), ("a", "1")]


def test_records_of_both_ecosystems_are_read(tmp_path: Path) -> None:
    (tmp_path / "PYSEC-2022-202.yaml").write_text(ADVISORY)
    locked = {("pyjwt", "2.3.0"), ("io.netty:netty-codec", "4.1.135.Final")}
    found = affected_by(tmp_path, {audit.Locked(*one) for one in locked})
    assert {(one.name, ids) for one, ids in found} == {(name, "PYSEC-2022-202") for name, _ in locked}
    mended = {audit.Locked("pyjwt", "2.4.0"), audit.Locked("io.netty:netty-codec", "4.1.136.Final")}
    assert list(affected_by(tmp_path, mended)) == []


def test_a_folder_without_records_is_no_clean_bill(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="No advisory"):
        list(affected_by(tmp_path, {audit.Locked("pyjwt", "2.3.0")}))


def test_versions_are_in_order() -> None:
    versions = ["2.0.0-M1", "2.0.0", "4.1.99.Final", "4.1.135.Final", "4.2.0.Final"]
    assert sorted(versions, key=version_key) == versions


def test_a_planted_private_key_is_found(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    file.write_text("-----BEGIN " + "PRIVATE KEY-----\n" + token_hex(40))
    assert [one.type for one in secrets_in(file, WITH_A_FORM)] == ["Private Key"]


def test_a_planted_token_is_found(tmp_path: Path) -> None:
    file = tmp_path / "settings.py"
    file.write_text(f"api_token = '{token_hex(32)}'\ngiven = 'ghp_{token_hex(18)}'\n")
    assert {one.line_number for one in secrets_in(file, KINDS)} == {1, 2}


def test_each_rule_finds_its_sample_and_lets_the_other_pass() -> None:
    program = Path(sys.executable).with_name("semgrep")
    command = [program, "scan", "--metrics=off", "--disable-version-check", "--test", RULES]
    path = {"PATH": f"{program.parent}:/usr/bin:/bin", "HOME": str(Path.home())}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=path)
    count = len(list(RULES.glob("*.yaml")))
    assert f"{count}/{count}: ✓ All tests passed" in done.stdout, done.stdout
    for rule in RULES.glob("*.yaml"):
        sample = rule.with_suffix(".py").read_text(encoding="utf-8")
        assert "# ruleid:" in sample, rule
        assert "# ok:" in sample, rule


@pytest.mark.parametrize(
    ("status", "body", "count"),
    [
        (200, b'{"data": {"member": null}}', 0),
        (400, b'{"errors": [{"message": "no", "extensions": {"code": "BAD_REQUEST"}}]}', 0),
        (401, b'{"errors": [{"message": "no", "extensions": {"code": "UNAUTHENTICATED"}}]}', 0),
        (500, b'{"errors": [{"message": "no", "extensions": {"code": "BAD_REQUEST"}}]}', 1),
        (200, b'{"data": null, "errors": [{"message": "oh", "extensions": {"code": "INTERNAL"}}]}', 1),
        (200, b'{"data": null, "errors": [{"message": "oh"}]}', 1),
        (502, b"Bad Gateway", 2),
    ],
)
def test_only_the_servers_own_faults_are_faults(status: int, body: bytes, count: int) -> None:
    assert len(server_errors(status, body)) == count
