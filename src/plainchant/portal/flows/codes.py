"""What a flow's report says of a code (`portal.codes`): a finding as a result keeps it, its mend, its nature."""

from __future__ import annotations

from plainchant.portal.codes import CODE_OF, About, make_finding

Row = dict[str, object]  # a finding as a result keeps it: {"rule", "message", "field", "line", "path"}

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
    return {
        "rule": make_finding(code, message).rule,
        "message": message,
        "field": field or "",
        "line": None,
        "path": path,
    }


def mend_of(code: str) -> str:
    """What to do about a code, ours or the engine's."""
    if code in CODE_OF:
        return CODE_OF[code].mend
    return next(mend for beginning, mend in _FAMILIES if code.startswith(beginning))


def nature_of(code: str) -> str:
    """natureErreur of a whole flow's code."""
    return CODE_OF[code].about.value if code in CODE_OF else About.INCIDENT.value
