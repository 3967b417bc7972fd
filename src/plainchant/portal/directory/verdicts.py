"""The verdict on a file, completed by the directory: does it have what its recipient demands?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from . import queries, requirements


def recipient_layer(addressed: Mapping[str, str], *, day: date) -> dict[str, Any] | None:
    """What the recipient demands and the file lacks, as one more layer. None when the file names no recipient.

    ``addressed``: as `check_invoice` says it. ``day``: the civil day in Paris.
    A recipient that the directory here does not know refuses nothing: another platform's directory may know it.
    """
    siret = addressed["buyer"]
    if not siret:
        return None
    layer: dict[str, Any] = {"name": "recipient", "status": "skipped", "findings": []}
    body = queries.body(siret=siret)
    if body is None:
        why = "L’annuaire de ce site ne connaît pas ce destinataire : ses exigences restent à vérifier."
        return layer | {"why": why}
    lacking = requirements.missing(
        structure=body,
        service=addressed["buyer_service"],
        commitment=addressed["commitment"],
        day=day,
    )
    findings = [
        {
            "rule": finding.rule,
            "severity": finding.severity,
            "terms": finding.terms,
            "line": None,
            "message": finding.message,
        }
        for finding in lacking
    ]
    is_lacking = any(finding.severity == "fatal" for finding in lacking)
    return layer | {"status": "invalid" if is_lacking else "valid", "findings": findings}
