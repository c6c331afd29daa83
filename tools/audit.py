"""`python -m tools.audit`: does anything that the locks pin have a known vulnerability? Asks with pip-audit.

Fails on what it finds, unless `tools/advisories.toml` accepts it for the time being. Where the service cannot be asked
(no network, or an index without advisories) it says so loudly and fails nothing: that is the machine's fault, not ours.
"""

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "requirements-dev.lock"  # it has the pins of the other
LONGEST = 600  # seconds


def ask(lock: Path) -> tuple[list[dict[str, Any]], str]:
    """What pip-audit says of each package, and what it complained of; nothing of the first when it could not ask."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(lock), "--disable-pip", "--require-hashes"]
    command += ["--format", "json", "--progress-spinner", "off", "--timeout", "15"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST, env={**os.environ}, check=False)
    except subprocess.TimeoutExpired:
        return [], f"no answer within {LONGEST} s"
    try:
        packages: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return [], (done.stderr.strip().splitlines() or ["pip-audit ended without a word"])[-1]
    return packages, ""


def judge(
    packages: Iterable[Mapping[str, Any]], accepted: Iterable[Mapping[str, Any]], today: date
) -> tuple[list[str], list[str], int]:
    """Lines for what must be mended, lines for what is accepted until a day, and how many packages were asked about."""
    kept = {(entry["package"], entry["id"]): entry for entry in accepted}
    wrong, borne, asked = [], [], 0
    for package in packages:
        asked += "skip_reason" not in package
        for found in package.get("vulns", ()):
            fix = ", ".join(found.get("fix_versions") or ()) or "none yet"
            line = f"{package['name']} {package['version']}: {found['id']} (mended in: {fix})"
            names = {found["id"], *found.get("aliases", ())}
            entry = next((kept[key] for key in kept if key[0] == package["name"] and key[1] in names), None)
            if entry is not None and entry["until"] >= today:
                borne.append(f"{line}: accepted until {entry['until']}: {entry['reason']}")
            else:
                wrong.append(line)
    return wrong, borne, asked


def main() -> int:
    """Returns the exit code: 1 when there is something to mend."""
    packages, trouble = ask(LOCK)
    accepted = tomllib.loads((ROOT / "tools" / "advisories.toml").read_text(encoding="utf-8")).get("accepted", [])
    wrong, borne, asked = judge(packages, accepted, datetime.now(UTC).date())
    for line in (*borne, *wrong):
        print(line)
    if not asked:
        why = trouble or f"the index knows of no advisories ({len(packages)} packages were left out)"
        print(f"WARNING: NOTHING WAS AUDITED: {why}")
        return 0
    if asked < len(packages):
        left = [package["name"] for package in packages if "skip_reason" in package]
        print(f"WARNING: {len(left)} packages could not be asked about: {', '.join(left[:20])}")
    print(f"{asked} packages audited: {len(wrong)} vulnerabilities to mend, {len(borne)} accepted")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
