"""How VAT applies to an invoice: the `typeTva` of the Chorus Pro API, in everyday words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class VatRegime:
    """``tax_point``: when VAT falls due, as the invoice says it (BT-8)."""

    code: str
    label: str
    hint: str
    bears_tax: bool
    tax_point: str | None = None


VAT_REGIMES: tuple[VatRegime, ...] = (
    VatRegime(
        "SANS_TVA",
        "Je ne facture pas la TVA",
        "Par exemple la franchise en base : « TVA non applicable, art. 293 B du CGI ».",
        False,
    ),
    VatRegime(
        "TVA_SUR_ENCAISSEMENT",
        "TVA due quand je suis payé (sur les encaissements)",
        "Le cas habituel des prestations de services et des droits d’auteur.",
        True,
        "432",  # paid
    ),
    VatRegime(
        "TVA_SUR_DEBIT",
        "TVA due quand je facture (sur les débits)",
        "Le cas habituel des ventes de biens, ou sur option.",
        True,
        "3",  # invoiced
    ),
    VatRegime(
        "EXONERATION",
        "Opération exonérée de TVA",
        "Un article du code général des impôts exonère cette opération.",
        False,
    ),
)
VAT_REGIME_OF = {regime.code: regime for regime in VAT_REGIMES}
