"""Why an invoice bears no VAT (BT-120, BT-121), as people choose it from a list.

The texts are the mentions an invoice must bear (CGI, annexe II, art. 242 nonies A, I, 12°). Codes: VATEX and its
French part. A new one is a new row.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Exemption:
    """``category``: UNTDID 5305 (E exempt, AE reverse charge, G export, K within the Union, O outside VAT)."""

    code: str  # VATEX, BT-121
    category: str  # BT-118, BT-151
    label: str  # in the list
    mention: str  # BT-120, printed


FRANCHISE = "VATEX-FR-FRANCHISE"
NON_PROFIT = "VATEX-FR-CGI261-7"
OUTSIDE = "VATEX-EU-O"

EXEMPTIONS: tuple[Exemption, ...] = (
    Exemption(
        FRANCHISE,
        "E",
        "Franchise en base : je ne facture jamais de TVA",
        "TVA non applicable, art. 293 B du CGI",
    ),
    Exemption(
        NON_PROFIT,
        "E",
        "Association ou organisme à but non lucratif (services à caractère social, culturel, sportif)",
        "Exonération de TVA, art. 261, 7-1° du CGI",
    ),
    Exemption(
        "VATEX-FR-CGI261-4",
        "E",
        "Enseignement, formation professionnelle, soins",
        "Exonération de TVA, art. 261, 4 du CGI",
    ),
    Exemption("VATEX-FR-CGI261C-1", "E", "Opérations bancaires et financières", "Exonération de TVA, art. 261 C, 1° du CGI"),
    Exemption("VATEX-FR-CGI261C-2", "E", "Assurance", "Exonération de TVA, art. 261 C, 2° du CGI"),
    Exemption("VATEX-FR-CGI261D-2", "E", "Location de locaux nus", "Exonération de TVA, art. 261 D, 2° du CGI"),
    Exemption("VATEX-FR-CGI261D-4", "E", "Location de logements meublés", "Exonération de TVA, art. 261 D, 4° du CGI"),
    Exemption("VATEX-FR-CGI261E-2", "E", "Paris et jeux soumis à leur propre impôt", "Exonération de TVA, art. 261 E, 2° du CGI"),
    Exemption("VATEX-FR-CGI295", "E", "Opération exonérée outre-mer", "Exonération de TVA, art. 295 du CGI"),
    Exemption("VATEX-EU-AE", "AE", "Autoliquidation : l’acheteur paie la TVA lui-même", "Autoliquidation, art. 283 du CGI"),
    Exemption(OUTSIDE, "O", "Guyane, Mayotte : la TVA ne s’y applique pas", "TVA non applicable, art. 294, 1 du CGI"),
    Exemption("VATEX-EU-132", "E", "Autre activité d’intérêt général exonérée", "Exonération de TVA, art. 132 de la directive 2006/112/CE"),
)  # fmt: skip
EXEMPTION_OF = {row.code: row for row in EXEMPTIONS}
