"""How VAT applies to an invoice: the `typeTva` of the Chorus Pro API, in everyday words; which one an invoice shows."""

from __future__ import annotations

from dataclasses import dataclass

from plainchant.einvoice.model import Invoice

from .exemptions import FRANCHISE


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
_REGIME_OF_TAX_POINT = {row.tax_point: row.code for row in VAT_REGIMES if row.tax_point}

# « Option pour le paiement de la taxe d’après les débits », CGI annexe II, art. 242 nonies A.
_ON_DEBITS = "d’après les débits"
_FRANCHISE_ARTICLE = "293 b"
_GOODS = "B"  # B1, B2…: cadres of the reform


def vat_regime_of(invoice: Invoice, *, stated: str = "") -> str:
    """The regime that a file states (a reduced form has a place for it); else what its VAT and its mentions show.

    Tax without a word on when it falls due is « sur encaissement », the law's answer for a service (CGI, art. 269, 2);
    the reform's cadre says where goods are sold. "" where nothing is said of VAT at all.
    """
    if stated in VAT_REGIME_OF:
        return stated
    rows = [row.category for row in invoice.vat_breakdown if row.category is not None]
    texts = [*(row.exemption_reason for row in rows), *(note.text for note in invoice.notes)]
    mentions = " ".join(text for text in texts if text).lower().replace("'", "’")
    if invoice.tax_amount or any(row.rate for row in rows):
        by_code = _REGIME_OF_TAX_POINT.get(invoice.tax_point_date_code or "")
        is_due_at_once = _ON_DEBITS in mentions or (invoice.business_process or "").startswith(_GOODS)
        return by_code or ("TVA_SUR_DEBIT" if is_due_at_once else "TVA_SUR_ENCAISSEMENT")
    if any(row.exemption_reason_code == FRANCHISE for row in rows) or _FRANCHISE_ARTICLE in mentions:
        return "SANS_TVA"
    if rows:
        return "EXONERATION"
    return "SANS_TVA" if invoice.tax_amount is not None else ""
