"""Verdicts as SARIF 2.1.0, the form in which forges take what a checker found (GitHub, GitLab, Azure DevOps)."""

from __future__ import annotations

import json
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from plainchant.einvoice.finding import Finding
    from plainchant.einvoice.verdict import Verdict

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


class SarifLog:
    """One run. What would have a file refused is an error; other rules that are broken are warnings, the rest notes."""

    def __init__(self) -> None:
        self._rules: dict[str, int] = {}
        self._results: list[dict[str, Any]] = []

    def add(self, verdict: Verdict) -> None:
        for finding in verdict.own.of_itself:
            self._note(verdict.file, finding, "error")
        for layer in verdict.layers:
            decides = layer.name in verdict.channel.deciding
            for finding in layer.findings:
                broken = "error" if decides else "warning"
                self._note(verdict.file, finding, broken if finding.severity == "fatal" else "note")

    def text(self) -> str:
        """The whole log, as JSON."""
        driver = {
            "name": "Plainchant",
            "version": _version(),
            "rules": [_rule(name) for name in self._rules],
        }
        run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": self._results}
        return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=1)

    def _note(self, file: str, finding: Finding, level: str) -> None:
        path, _, member = file.partition("!")
        location: dict[str, Any] = {"artifactLocation": {"uri": quote("stdin" if path == "-" else path)}}
        if finding.line and not member:  # the line of a member is none of its archive
            location["region"] = {"startLine": finding.line}
        text = f"{member}\u00a0: {finding.message}" if member else finding.message
        result: dict[str, Any] = {
            "ruleId": finding.rule,
            "ruleIndex": self._rules.setdefault(finding.rule, len(self._rules)),
            "level": level,
            "message": {"text": text},
            "locations": [{"physicalLocation": location}],
        }
        if finding.path:
            result["locations"][0]["logicalLocations"] = [{"fullyQualifiedName": finding.path}]
        self._results.append(result)


def _rule(name: str) -> dict[str, Any]:
    from plainchant.einvoice import explain

    meaning = " ".join(found.meaning for found in explain(name))
    return {"id": name, "shortDescription": {"text": meaning}} if meaning else {"id": name}


def _version() -> str:
    try:
        return version("plainchant-einvoice")
    except PackageNotFoundError:  # from a tree that was not installed
        return "0"
