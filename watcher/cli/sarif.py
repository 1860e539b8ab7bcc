"""pure: findings -> a SARIF 2.1.0 log (OASIS, Static Analysis Results Interchange Format), one run.

Columns count code points and lines count from 1 here as there; `endColumn` is one past the last (3.30.8).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from watcher import __version__
from watcher.model import Finding
from watcher.rules.codes import CODES, Code

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def log(findings: Iterable[Finding]) -> dict[str, Any]:
    """The whole document. Every code is described, found or not: `ruleIndex` points into the list."""
    driver = {"name": "watcher", "version": __version__, "rules": [_rule(code) for code in CODES.values()]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding) for finding in findings],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(code: Code) -> dict[str, Any]:
    return {
        "id": code.code,
        "shortDescription": {"text": code.title},
        "fullDescription": {"text": code.means},
        "help": {"text": f"{code.means}\n\nWrong:\n{code.example}\n\nRight:\n{code.mended}"},
        "defaultConfiguration": {"level": "error" if code.code.startswith("E") else "warning"},
    }


def _result(finding: Finding) -> dict[str, Any]:
    words = f"{finding.message}; {finding.help}" if finding.help else finding.message
    place = _place(finding.file, finding.line, finding.column, finding.width)
    result = {
        "ruleId": finding.code,
        "ruleIndex": list(CODES).index(finding.code),
        "level": finding.severity.value,
        "message": {"text": words},
        "locations": [place],
    }
    if finding.related is None:
        return result
    line, column, said = finding.related
    beside = {**_place(finding.related_file or finding.file, line, column, 1), "id": 1, "message": {"text": said}}
    return {**result, "relatedLocations": [beside]}


def _place(file: str, line: int, column: int, width: int) -> dict[str, Any]:
    uri = Path(file).as_uri() if Path(file).is_absolute() else quote(Path(file).as_posix())
    region = {"startLine": line, "startColumn": column, "endColumn": column + width}
    return {"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}
