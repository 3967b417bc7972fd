"""The portal’s controls on an invoice’s header, as a form gives it: the deposit of a PDF has nothing else.

Our codes are in the namespace CPRO; where the EDI annex names a rule, its number is kept (CPRO-G1.05). Rules that need
the directory are in `portal.directory.requirements`, rules that need other invoices in `portal.drafts.preflight`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from plainchant.einvoice.codes.currencies import CURRENCIES
from plainchant.einvoice.finding import Finding
from plainchant.einvoice.law.vat_regimes import VAT_REGIME_OF
from plainchant.einvoice.model import Header

MAX_NUMBER = 20
MAX_REFERENCE = 50
MAX_COMMENT = 2000
TOLERANCE = Decimal("0.01")  # between HT + TVA and TTC; the portal publishes none, official samples never differ

_NUMBER = re.compile(r"[0-9A-Za-z+_/-]([0-9A-Za-z +_/-]*[0-9A-Za-z+_/-])?\Z")
_WANTED_AMOUNTS = (
    ("tax_exclusive_amount", "le total hors taxes (HT)"),
    ("tax_amount", "le montant de TVA (0 si vous n’en facturez pas)"),
    ("tax_inclusive_amount", "le total toutes taxes comprises (TTC)"),
    ("payable_amount", "le montant à payer"),
)


def check(invoice: Header, *, today: date) -> list[Finding]:
    """Every finding on the header of ``invoice``; ``today`` is the civil day in Paris."""
    return [*_references(invoice), *_dates(invoice, today), *_codes(invoice), *_amounts(invoice)]


def _euros(amount: Decimal) -> str:
    return f"{amount:,.2f}".replace(",", "\u202f").replace(".", ",")


def _references(invoice: Header) -> Iterator[Finding]:
    yield from _number(invoice.number, field="number", what="Le numéro de facture", required=True)
    yield from _number(
        invoice.preceding_invoice,
        field="preceding_number",
        what="Le numéro de la facture d’origine",
        required=False,
    )
    if invoice.preceding_invoice and invoice.type_code != "381":
        yield Finding(
            "CPRO-ORIGINE",
            "Une facture d’origine ne se cite que sur un avoir. Videz ce champ, ou choisissez « Avoir » comme type.",
            "preceding_number",
        )
    if invoice.type_code == "381" and not invoice.preceding_invoice:
        yield Finding(
            "CPRO-AVOIR-SANS-ORIGINE",
            "Cet avoir ne cite pas la facture qu’il corrige. Indiquez son numéro : l’acheteur fera le lien plus vite.",
            "preceding_number",
            "warning",
        )
    if len(invoice.contract_reference) > MAX_REFERENCE:
        yield Finding(
            "CPRO-MARCHE-LONG",
            f"Le numéro de marché compte {len(invoice.contract_reference)} caractères ; "
            f"{MAX_REFERENCE} au plus sont acceptés. Raccourcissez-le.",
            "contract",
        )
    if len(invoice.note) > MAX_COMMENT:
        yield Finding(
            "CPRO-COMMENTAIRE-LONG",
            f"Le commentaire compte {len(invoice.note)} caractères ; {MAX_COMMENT} au plus sont acceptés.",
            "comment",
        )


def _number(value: str, *, field: str, what: str, required: bool) -> Iterator[Finding]:
    if not value:
        if required:
            yield Finding("CPRO-NUMERO-ABSENT", f"{what} manque. Recopiez celui qui figure sur la facture.", field)
        return
    if len(value) > MAX_NUMBER:
        yield Finding(
            "CPRO-G1.05",
            f"{what} « {value[:60]} » compte {len(value)} caractères ; {MAX_NUMBER} au plus sont acceptés. "
            "Raccourcissez-le, sur la facture aussi.",
            field,
        )
    if not _NUMBER.match(value):
        strange = sorted({char for char in value if not re.match(r"[0-9A-Za-z +_/-]", char)})
        told = f" Retirez : {' '.join(strange[:10])}" if strange else " Retirez l’espace au début ou à la fin."
        yield Finding(
            "CPRO-G1.05",
            f"{what} ne peut contenir que des lettres sans accent, des chiffres, des espaces "
            f"et les signes - + _ /.{told}",
            field,
        )


def _dates(invoice: Header, today: date) -> Iterator[Finding]:
    issued = invoice.issue_date
    if issued is None:
        yield Finding("CPRO-DATE-ABSENTE", "La date de la facture manque. Exemple : 12/03/2026.", "issue_date")
    elif not 2000 <= issued.year <= 2099:
        yield Finding(
            "CPRO-DATE",
            f"L’année {issued.year} ne convient pas. Vérifiez la date de la facture.",
            "issue_date",
        )
    elif issued > today:
        yield Finding(
            "CPRO-DATE-FUTURE",
            f"La facture est datée du {issued:%d/%m/%Y}, dans l’avenir. "
            f"Vérifiez : beaucoup d’acheteurs la rejetteront.",
            "issue_date",
            "warning",
        )
    elif issued < today - timedelta(days=365):
        yield Finding(
            "CPRO-DATE-ANCIENNE",
            f"La facture est datée du {issued:%d/%m/%Y}, il y a plus d’un an. Vérifiez l’année.",
            "issue_date",
            "warning",
        )


def _codes(invoice: Header) -> Iterator[Finding]:
    if invoice.type_code not in ("380", "381"):
        yield Finding("CPRO-TYPE", "Dites s’il s’agit d’une facture ou d’un avoir.", "type_code")
    if invoice.currency not in CURRENCIES:
        yield Finding(
            "CPRO-DEVISE",
            f"« {invoice.currency[:10]} » n’est pas une monnaie connue. Écrivez EUR pour l’euro.",
            "currency",
        )
    regime = VAT_REGIME_OF.get(invoice.vat_regime)
    if regime is None:
        yield Finding("CPRO-TVA-REGIME", "Dites comment la TVA s’applique à cette facture.", "vat_regime")
    elif not regime.bears_tax and invoice.tax_amount:
        yield Finding(
            "CPRO-TVA-NON-NULLE",
            f"Vous indiquez « {regime.label} » mais un montant de TVA de {_euros(invoice.tax_amount)}. "
            "Mettez la TVA à 0, ou choisissez un régime avec TVA.",
            "tax_amount",
        )
    elif regime.bears_tax and invoice.tax_amount == 0 and invoice.tax_exclusive_amount:
        yield Finding(
            "CPRO-TVA-NULLE",
            f"Vous indiquez « {regime.label} » et une TVA de 0. Vérifiez le montant de TVA.",
            "tax_amount",
            "warning",
        )


def _amounts(invoice: Header) -> Iterator[Finding]:
    for name, what in _WANTED_AMOUNTS:
        if getattr(invoice, name) is None:
            yield Finding("CPRO-MONTANT-ABSENT", f"Il manque {what}.", name)
    net, tax, gross, payable = (getattr(invoice, name) for name, _ in _WANTED_AMOUNTS)
    if net is not None and tax is not None and gross is not None and abs(net + tax - gross) > TOLERANCE:
        yield Finding(
            "CPRO-TOTAUX",
            f"HT + TVA = {_euros(net)} + {_euros(tax)} = {_euros(net + tax)}, mais le TTC est de {_euros(gross)}. "
            "Corrigez celui des trois montants qui n’est pas celui de la facture.",
            "tax_inclusive_amount",
        )
    if gross is not None and payable is not None and payable != gross:
        yield Finding(
            "CPRO-A-PAYER",
            f"Le montant à payer ({_euros(payable)}) n’est pas le TTC ({_euros(gross)}). "
            "C’est juste si un acompte a été versé ou une remise accordée ; sinon, corrigez-le.",
            "payable_amount",
            "warning",
        )
    if invoice.type_code == "381" and gross is not None and gross < 0:
        yield Finding(
            "CPRO-AVOIR-NEGATIF",
            "Sur un avoir les montants s’écrivent sans signe moins : c’est le type « Avoir » qui dit le sens.",
            "tax_inclusive_amount",
            "warning",
        )
