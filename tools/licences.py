"""`python -m tools.licences`: a table of the licences of what is installed. Fails on one that we do not know or want.

Read from each package's own metadata (PEP 639 expressions, else trove classifiers, else the old free field).
"""

import sys
from collections.abc import Iterable
from importlib import metadata
from typing import Any

from license_expression import AND, OR, ExpressionError, ExpressionParseError, get_spdx_licensing

# Permissive, or weak copyleft that asks nothing of a program that only imports the library. SPDX identifiers.
ALLOWED = frozenset(
    "0BSD Apache-2.0 BSD-2-Clause BSD-3-Clause CC0-1.0 CNRI-Python ISC LGPL-3.0-only MIT MIT-0 MIT-CMU MPL-2.0 PSF-2.0 "
    "Unlicense Zlib".split()
)
# How packages write them that know no SPDX. "BSD" alone names the family: two or three clauses, both allowed.
SPELLINGS = {
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "GNU Library or Lesser General Public License (LGPL)": "LGPL-3.0-only",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
    "3-Clause BSD License": "BSD-3-Clause",
}
# What no metadata says well, looked up by hand, with the reason.
BY_HAND = {
    "skops": ("MIT", "its classifier says only that OSI approved it; the LICENSE file is MIT"),
    "text-unidecode": ("Artistic-1.0", "offered under the Artistic License or the GPL; we take the first"),
    "tld": ("MPL-1.1", "offered under MPL-1.1, GPL-2.0 or LGPL-2.1; we take the first"),
}


def licence_of(package: metadata.PackageMetadata) -> str:
    """An SPDX expression as far as the metadata allow, else their own words; empty when they say nothing."""
    classifiers = [
        value.split("::")[-1].strip() for value in package.get_all("Classifier") or [] if "License ::" in value
    ]
    named = [SPELLINGS.get(name, name) for name in classifiers if name != "OSI Approved"]
    words = _said(package, "License").split("\n")[0]
    return _said(package, "License-Expression") or " OR ".join(named) or SPELLINGS.get(words, words)


def _said(package: metadata.PackageMetadata, field: str) -> str:
    return str((package.get_all(field) or [""])[0]).strip()


def is_allowed(expression: str) -> bool:
    """Whether an SPDX expression can be kept by keeping allowed licences alone; what is no expression cannot."""
    try:
        parsed = get_spdx_licensing().parse(expression)
    except (ExpressionError, ExpressionParseError):
        return False
    return parsed is not None and _allowed(parsed)


def _allowed(part: Any) -> bool:
    if isinstance(part, AND):
        return all(map(_allowed, part.args))
    if isinstance(part, OR):
        return any(map(_allowed, part.args))
    return str(part) in ALLOWED


def report(packages: Iterable[metadata.PackageMetadata]) -> tuple[list[str], list[str]]:
    """A line for each package, by name, and the same for those that may not be used."""
    lines, refused = [], []
    for package in sorted(packages, key=lambda held: held["Name"].lower()):
        found, why = BY_HAND.get(package["Name"].lower(), (licence_of(package), ""))
        line = f"{package['Name']:<42}{package['Version']:<18}{found or 'unknown'}{f'  ({why})' if why else ''}"
        lines.append(line)
        if not why and not is_allowed(found):
            refused.append(line)
    return lines, refused


def main() -> int:
    """Returns the exit code: 1 when something is installed under a licence that is not allowed."""
    lines, refused = report(distribution.metadata for distribution in metadata.distributions())
    print("\n".join(lines))
    if refused:
        print("\nThese may not be used; see ALLOWED and BY_HAND in tools/licences.py:", *refused, sep="\n")
    return bool(refused)


if __name__ == "__main__":
    sys.exit(main())
