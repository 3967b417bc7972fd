"""What a flow's report says of a code (`portal.codes`): a finding as a result keeps it, its mend, its nature."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from plainchant.einvoice.finding import Finding
from plainchant.portal.codes import CODE_OF, About, make_finding

# A finding as a result keeps it: {"rule", "message", "field", "severity", "line", "path"}, names of Finding.
Row = dict[str, Any]

# Rules of the engine, by how their code begins.
_FAMILIES = (
    ("XML-", "Produisez le fichier à nouveau avec votre logiciel : celui-ci est abîmé."),
    (
        "ANNUAIRE-",
        "Demandez à l’acheteur ce qui manque, corrigez la facture, puis renvoyez-la seule : "
        "son numéro n’a pas été consommé.",
    ),
    ("XSD", "La structure du fichier est fausse : c’est à l’éditeur du logiciel de la corriger."),
    ("", CODE_OF["FLUX-VALEUR"].mend),  # corrected, and sent alone
)


def row(code: str, message: str, field: str | None = None, *, path: str = "") -> Row:
    """A finding of ours. KeyError for a code that neither the portal nor the engine has."""
    return row_of(make_finding(code, message, field), path=path)


def row_of(finding: Finding, *, path: str = "") -> Row:
    """A finding, at its place in what was handed in."""
    return {
        "rule": finding.rule,
        "message": finding.message,
        "field": finding.field or "",
        "severity": finding.severity,
        "line": None,
        "path": path,
    }


def refusals(rows: Iterable[Row]) -> list[Row]:
    """Those that refuse an invoice."""
    return [row for row in rows if row["severity"] == "fatal"]


def remarks(rows: Iterable[Row]) -> list[Row]:
    """Those that are only worth a look."""
    return [row for row in rows if row["severity"] == "warning"]


def mend_of(code: str) -> str:
    """What to do about a code, ours or the engine's."""
    if code in CODE_OF:
        return CODE_OF[code].mend
    return next(mend for beginning, mend in _FAMILIES if code.startswith(beginning))


def mend_for(row: Row) -> str:
    """What to do about a finding. A remark of the engine's says so itself: nothing has to be sent again."""
    is_remark = row["severity"] == "warning" and row["rule"] not in CODE_OF
    return "" if is_remark else mend_of(row["rule"])


def nature_of(code: str) -> str:
    """natureErreur of a whole flow's code."""
    return CODE_OF[code].about.value if code in CODE_OF else About.INCIDENT.value
