"""Chorus Pro's types of identifiers of a structure, with their number, name, scheme and the ways they are written.

Source: the enumeration of the API (typeIdentifiant), the EDI annex (1 to 7), XP Z12-012 (schemes of ISO 6523).
"""

from __future__ import annotations

from dataclasses import dataclass

from .france import EU_VAT, INDIVIDUAL, NON_EU, RIDET, SIRET, TAHITI


@dataclass(frozen=True, slots=True)
class IdentifierType:
    """``code`` is the name on the wire of the API, ``number`` the one in files. ``others``: as some files write it.

    ``printed``: what stands before it on the page of an invoice, "" for the bare value. ``is_number``: of letters and
    digits alone; spaces, points and dashes are how it is printed.
    """

    code: str
    number: str
    label: str
    scheme: str | None
    printed: str = ""
    others: tuple[str, ...] = ()
    is_number: bool = True


SIRET_TYPE = "SIRET"
IDENTIFIER_TYPES: tuple[IdentifierType, ...] = (
    IdentifierType(SIRET_TYPE, "1", "SIRET", SIRET, "SIRET", ("SIRET",)),
    IdentifierType("UE_HORS_FRANCE", "2", "Numéro de TVA (Union européenne, hors France)", EU_VAT, "N° TVA"),
    IdentifierType("HORS_UE", "3", "Hors Union européenne", NON_EU, others=("ETR",), is_number=False),
    IdentifierType("RIDET", "4", "RIDET (Nouvelle-Calédonie)", RIDET, "RIDET", ("RIDET",)),
    IdentifierType("TAHITI", "5", "Numéro Tahiti (Polynésie française)", TAHITI, "TAHITI", ("TAHITI",)),
    IdentifierType("AUTRE", "6", "En cours d’immatriculation", None, is_number=False),
    IdentifierType("PARTICULIER", "7", "Particulier", INDIVIDUAL, is_number=False),
)
IDENTIFIER_TYPE_OF = {row.code: row for row in IDENTIFIER_TYPES}
NUMBERED = {row.number: row for row in IDENTIFIER_TYPES}
WRITTEN = {
    writing: row for row in IDENTIFIER_TYPES for writing in (row.number, row.scheme, *row.others) if writing is not None
}
