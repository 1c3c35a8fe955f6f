"""`make sbom`: every package and jar that the product is made of, as CycloneDX JSON in dist/, checked by its schema."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))
from graph.local.jar_lock import LockedJar, locked_jars  # noqa: E402  the module is standard library only

OUT = ROOT / "dist" / "threefold.cdx.json"


def packages() -> dict[str, Any]:
    """The bill of requirements.lock, as cyclonedx-py writes it."""
    program = Path(sys.executable).with_name("cyclonedx-py")
    command = [program, "requirements", "--output-reproducible", "--spec-version", "1.6", "--pyproject"]
    command += [ROOT / "pyproject.toml", ROOT / "requirements.lock"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    bill: dict[str, Any] = json.loads(done.stdout)
    return bill


def component(jar: LockedJar) -> dict[str, Any]:
    """A jar as CycloneDX has it."""
    qualifier = f"?classifier={jar.classifier}" if jar.classifier else ""
    purl = f"pkg:maven/{jar.group}/{jar.artifact}@{jar.version}{qualifier}"
    return {
        "type": "library",
        "bom-ref": purl,
        "group": jar.group,
        "name": jar.artifact,
        "version": jar.version,
        "purl": purl,
        "hashes": [{"alg": "SHA-256", "content": jar.sha256}],
    }


def main() -> int:
    """1 if the bill is not valid."""
    bill = packages()
    bill["components"] += [component(jar) for jar in locked_jars()]
    refs = {one["ref"] for one in bill.get("dependencies", ())}
    bill.setdefault("dependencies", []).extend(
        {"ref": one["bom-ref"]} for one in bill["components"] if one["bom-ref"] not in refs
    )
    text = json.dumps(bill, indent=1)
    fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if fault is not None:
        print(f"Not valid CycloneDX: {fault}")
        return 1
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(text + "\n", encoding="utf-8")
    print(f"{len(bill['components'])} components in {OUT.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
