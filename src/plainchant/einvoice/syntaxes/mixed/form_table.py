"""The form of a CPPFactureMixte: its elements, and the rules that hold them.

Sources: the official sample flow, and the schema of the pivot, whose sister it is; Chorus Pro publishes none of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from plainchant.einvoice.rule import Rule, table
from plainchant.einvoice.syntaxes.mixed.binding import MAX_ROWS

Holds = Literal["text", "number", "date"]


@dataclass(frozen=True, slots=True)
class FormPart:
    """An element: what it holds, how often it stands, and how long or which its text may be."""

    name: str
    children: tuple[FormPart, ...] = ()
    least: int = 1
    most: int | None = 1
    holds: Holds = "text"
    length: tuple[int, int] | None = None
    values: frozenset[str] = field(default_factory=frozenset)


def _part(name: str, *children: FormPart, least: int = 1, most: int | None = 1) -> FormPart:
    return FormPart(name, children, least, most)


def _maybe(name: str, length: tuple[int, int] | None = None) -> FormPart:
    return FormPart(name, least=0, length=length)


def _number(name: str) -> FormPart:
    return FormPart(name, holds="number")


def _among(name: str, values: str) -> FormPart:
    return FormPart(name, values=frozenset(values.split()))


_PARTNER = (FormPart("Id", length=(3, 8)), _maybe("Libelle"), _maybe("Note"))
INVOICE = _part(
    "CPPFactureMixteUnitaire",
    _part("Fournisseur", _among("TypeIdentifiant", "1 2 3 4 5 6 7"), _part("Identifiant"), _part("RaisonSociale"), FormPart("CodePays", length=(2, 2))),
    _part("Debiteur", _among("TypeIdentifiant", "1"), _part("Identifiant"), _maybe("Nom"), _maybe("CodeService"), _maybe("NomService")),
    _part(
        "DonneesFacture",
        _part("Id"),
        _part("Type"),
        _part("Cadre"),
        FormPart("DateEmissionFacture", holds="date"),
        _part("ModePaiement", _part("Code"), _maybe("Libelle")),
        FormPart("Devise", length=(3, 3)),
        _part("Montants", _number("MontantHT"), _number("MontantTTC"), _number("MontantNetAPayer")),
        _part("TVAS", _part("TVA", _number("Taux"), _number("BaseHt"), _number("MontantTVA"), least=0, most=MAX_ROWS), least=0),
        _part("Engagement", _maybe("NumeroMarche"), _maybe("NumeroEngagement"), least=0),
    ),
    _part("PJ", _part("Contenu"), _part("NomPJ"), _among("TypePJ", "01 02 1 2"), _part("MimeTypePJ"), most=MAX_ROWS),
    most=None,
)  # fmt: skip
ENVELOPE = _part(
    "CPPFactureMixte",
    _part(
        "Enveloppe",
        _part(
            "EnveloppeUnitaire",
            _part("Parametres", _part("ParametreIndiv", FormPart("Code", length=(5, 5)), _part("Valeurparametre"), _maybe("Note"), least=2, most=None)),
            _part("Partenaires", _part("Recepteur", *_PARTNER), _part("Emetteur", *_PARTNER)),
            most=None,
        ),
    ),
    _part("CPPFactures", INVOICE),
)  # fmt: skip

MAX_INVOICES = 500  # of a structured flow; nobody says another number for this one

_ROWS: tuple[tuple[str, str, str, str], ...] = (
    ("MIX-ABSENT", "fatal", "A mandatory element is there and not empty.", "Il manque {name} dans {parent}, ou il est vide. Ajoutez-le."),
    ("MIX-REPETE", "fatal", "An element stands as often as it may.", "L’élément {name} figure {count} fois dans {parent} ; {most} au plus. Retirez les autres."),
    ("MIX-INCONNU", "warning", "An element is one of the form.", "L’élément {name} n’a pas sa place dans {parent} : il n’est pas lu. Retirez-le."),
    ("MIX-ORDRE", "warning", "Elements stand in the order of the form.", "L’élément {name} devrait se trouver plus haut dans {parent}. Suivez l’ordre du format."),
    ("MIX-LONGUEUR", "fatal", "A text is as long as it must be.", "« {value} » ({name}) compte {length} caractères ; il en faut {wanted}. Corrigez-le."),
    ("MIX-VALEUR", "fatal", "A code is one of its list.", "« {value} » n’est pas une valeur de {name}. Écrivez l’une de celles-ci : {wanted}."),
    ("MIX-NOMBRE", "fatal", "An amount is a number.", "« {value} » ({name}) n’est pas un nombre. Écrivez-le avec des chiffres et un point, par exemple 1234.56."),
    ("MIX-DATE", "fatal", "A date is a day of the calendar.", "« {value} » ({name}) n’est pas une date. Écrivez l’année, le mois et le jour, par exemple 2026-03-12."),
    ("MIX-COMPTEUR", "warning", "Compteur is the number of invoices.", "Compteur annonce « {value} » factures, l’enveloppe en contient {count}. Corrigez ce nombre."),
    ("MIX-TROP", "fatal", "An envelope holds at most 500 invoices.", "L’enveloppe contient {count} factures ; 500 au plus sont acceptées. Répartissez-les en plusieurs envois."),
    ("MIX-DOUBLON", "fatal", "An envelope holds an invoice once.", "La facture « {value} » du même fournisseur figure déjà dans cette enveloppe. Retirez-la, ou changez son numéro."),
    ("MIX-PJ-FACTURE", "warning", "One document is the invoice itself.", "Aucune pièce jointe n’est la facture elle-même (TypePJ 01). Donnez ce type au PDF de la facture."),
    ("MIX-PJ-CODAGE", "fatal", "An attachment is in base64.", "La pièce jointe « {value} » est abîmée : son contenu ne se lit pas (base64). Joignez-la de nouveau avec votre logiciel."),
    ("MIX-PJ-ZIP", "fatal", "An attachment is a ZIP of one file.", "La pièce jointe « {value} » doit être un ZIP qui contient un seul fichier, et ce ZIP doit s’ouvrir. Joignez-la de nouveau."),
    ("MIX-PJ-NOM", "warning", "The file in the ZIP has the name of the attachment.", "La pièce jointe s’appelle « {value} », le fichier dans son ZIP « {inner} ». Donnez-leur le même nom."),
    ("MIX-PJ-TAILLE", "fatal", "An attachment has at most 10 MB once opened.", "La pièce jointe « {value} » dépasse 10 Mo une fois ouverte, ou l’ensemble est trop lourd. Allégez-la."),
)  # fmt: skip
RULES: dict[str, Rule] = table(
    Rule(rule, (), english, french, "fatal" if severity == "fatal" else "warning", syntaxes=("cpp",))
    for rule, severity, english, french in _ROWS
)
