"""What an invoice that was read must still have before a syntax can hold it, and what has to be said about that.

Syntaxes do not demand the same: CII takes a gross price without its net, an invoice without its currency, a reference
to quote without a means of payment; UBL's schema does not. What follows from the rest of the invoice is added, and
named; what does not follow is not invented: the writing is refused.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TypeVar

from plainchant.einvoice.amounts import to_cents
from plainchant.einvoice.codes.currencies import EURO
from plainchant.einvoice.model import (
    AllowanceCharge,
    Invoice,
    Item,
    Line,
    PaymentMeans,
    Price,
    SupportingDocument,
    TaxTotal,
    VatCategory,
)
from plainchant.einvoice.profiles import Profile

from .writing import FormError

STANDARD = "S"  # UNTDID 5305: what bears VAT, at any rate
NOT_DEFINED = "1"  # UNTDID 4461: instrument not defined
_Charged = TypeVar("_Charged", Invoice, Line)


@dataclass(frozen=True, slots=True)
class Completed:
    """``added``: what was put into the invoice, ``left_out``: what had to go, each as a French sentence."""

    invoice: Invoice
    added: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


def completed(invoice: Invoice, *, vocabulary: str, profile: Profile | None = None) -> Completed:
    """The invoice as ``vocabulary`` (ubl, cii) can hold it, a CII in a ``profile`` of Factur-X.

    FormError when it lacks what nothing else says.
    """
    added: list[str] = []
    left_out: list[str] = []
    if vocabulary == "ubl":
        invoice = _for_ubl(invoice, added, left_out)
    if profile is not None:
        invoice = _for_profile(invoice, profile, added, left_out)
    lines = tuple(_line(number, line, added, left_out, vocabulary) for number, line in enumerate(invoice.lines, 1))
    if lines != invoice.lines or any(new is not old for new, old in zip(lines, invoice.lines, strict=True)):
        invoice = replace(invoice, lines=lines)
    return Completed(invoice, tuple(dict.fromkeys(added)), tuple(left_out))


def _for_ubl(invoice: Invoice, added: list[str], left_out: list[str]) -> Invoice:
    if invoice.issue_date is None:
        raise FormError("La date de la facture manque ou ne se lit pas, et UBL la demande. Corrigez-la.")
    if not invoice.lines:
        raise FormError("La facture n’a aucune ligne, et UBL en demande une. Ajoutez ce qui est facturé.")
    if invoice.totals is None or invoice.totals.payable_amount is None:
        raise FormError("La facture ne dit pas le montant à payer, que UBL demande. Ajoutez-le.")
    invoice = _with_currency(invoice, added)
    tax = sum((row.tax_amount for row in invoice.vat_breakdown if row.tax_amount is not None), Decimal(0))
    totals = invoice.tax_totals or ((TaxTotal(currency=invoice.currency),) if invoice.vat_breakdown else ())
    if any(total.amount is None for total in totals):
        own = (None, invoice.currency)
        totals = tuple(
            replace(total, amount=tax) if total.amount is None and total.currency in own else total
            for total in totals
            if total.amount is not None or total.currency in own
        )
        invoice = replace(invoice, tax_totals=totals)
        added.append("Le total de TVA n’était pas indiqué : la somme du récapitulatif est écrite.")
    means = invoice.payment_means
    if not means and (invoice.remittance_information is not None or invoice.payer is not None):
        means = (PaymentMeans(),)
    if any(payment.code is None and payment.text is None for payment in means):
        means = tuple(
            replace(payment, code=NOT_DEFINED) if payment.code is None and payment.text is None else payment
            for payment in means
        )
        added.append("Le moyen de paiement n’était pas indiqué : le code 1 (non défini) est écrit.")
    if means != invoice.payment_means:
        invoice = replace(invoice, payment_means=means)
    invoice = _with_amounts(invoice, added, left_out)
    return _with_numbers(invoice, left_out)


def _with_numbers(invoice: Invoice, left_out: list[str]) -> Invoice:
    kept = tuple(cited for cited in invoice.preceding_invoices if cited.number)
    left_out.extend(["une facture d’origine citée sans son numéro"] * (len(invoice.preceding_invoices) - len(kept)))
    return replace(invoice, preceding_invoices=kept) if kept != invoice.preceding_invoices else invoice


def _with_currency(invoice: Invoice, added: list[str]) -> Invoice:
    if invoice.currency is not None:
        return invoice
    of_totals = {total.currency for total in invoice.tax_totals if total.currency}
    currency = of_totals.pop() if len(of_totals) == 1 else EURO
    added.append(f"La monnaie n’était pas indiquée : {currency} est écrit.")
    return replace(invoice, currency=currency)


def _for_profile(invoice: Invoice, profile: Profile, added: list[str], left_out: list[str]) -> Invoice:
    """What the schemas of Factur-X's profiles demand, and the wider one of CII does not."""
    invoice = _with_numbers(_with_currency(invoice, added), left_out)
    notes = tuple(note for note in invoice.notes if note.text)
    left_out.extend(["une note sans texte"] * (len(invoice.notes) - len(notes)))
    totals, nets = invoice.totals, [line.net_amount for line in invoice.lines]
    if totals is not None and totals.line_extension_amount is None and nets and None not in nets:
        totals = replace(totals, line_extension_amount=sum(filter(None, nets), Decimal(0)))
        added.append("Le total des lignes n’était pas indiqué\u00a0: leur somme est écrite.")
    # What the profile has no place for is left out afterwards, and named: nothing is added to it.
    documents, lines = invoice.supporting_documents, invoice.lines
    if "supporting_documents" not in profile.has_no:
        documents = tuple(_named(document, added) for document in documents)
    if "lines" not in profile.has_no:
        lines = tuple(_with_name(line, added) for line in lines)
    invoice = replace(invoice, notes=notes, totals=totals, supporting_documents=documents, lines=lines)
    return _with_vat(invoice, added)


def _named(document: SupportingDocument, added: list[str]) -> SupportingDocument:
    if document.content is None or document.filename is not None or not document.reference:
        return document
    added.append("Une pièce jointe n’avait pas de nom de fichier\u00a0: sa référence est écrite.")
    return replace(document, filename=document.reference)


def _with_name(line: Line, added: list[str]) -> Line:
    item = line.item
    if item is None or item.name:
        return line
    standard = item.standard_identifier.value if item.standard_identifier else None
    name = item.description or item.seller_identifier or item.buyer_identifier or standard
    if not name:
        return line
    added.append("Une ligne n’avait pas de désignation\u00a0: sa description ou sa référence est écrite.")
    return replace(line, item=replace(item, name=name))


_Taxed = TypeVar("_Taxed", AllowanceCharge, Line)


def _with_vat(invoice: Invoice, added: list[str]) -> Invoice:
    """Every category with its tax, and with its code where the rate says it."""

    def whole(category: VatCategory | None) -> VatCategory | None:
        if category is None:
            return None
        if not category.tax_type:
            added.append("Le type de taxe n’était pas indiqué\u00a0: VAT est écrit.")
            category = replace(category, tax_type="VAT")
        if category.code is None and category.rate:
            added.append("Le code de TVA d’un taux n’était pas indiqué\u00a0: S (taux normal ou réduit) est écrit.")
            category = replace(category, code=STANDARD)
        return category

    def each(groups: tuple[_Taxed, ...]) -> tuple[_Taxed, ...]:
        return tuple(replace(group, vat=whole(group.vat)) for group in groups)

    lines = (replace(line, allowances=each(line.allowances), charges=each(line.charges)) for line in invoice.lines)
    return replace(
        invoice,
        vat_breakdown=tuple(replace(row, category=whole(row.category)) for row in invoice.vat_breakdown),
        allowances=each(invoice.allowances),
        charges=each(invoice.charges),
        lines=each(tuple(lines)),
    )


def _with_amounts(group: _Charged, added: list[str], left_out: list[str], *, where: str = "") -> _Charged:
    """Its allowances and charges with the amount that follows from base and rate; without it, they go."""
    allowances, charges = _amounts(group.allowances, added), _amounts(group.charges, added)
    lost = len(group.allowances) + len(group.charges) - len(allowances) - len(charges)
    left_out.extend([f"une remise ou des frais sans montant{where}"] * lost)
    if (allowances, charges) == (group.allowances, group.charges):
        return group
    return replace(group, allowances=allowances, charges=charges)


def _amounts(group: tuple[AllowanceCharge, ...], added: list[str]) -> tuple[AllowanceCharge, ...]:
    return tuple(made for charge in group if (made := _with_amount(charge, added)) is not None)


def _with_amount(charge: AllowanceCharge, added: list[str]) -> AllowanceCharge | None:
    if charge.amount is not None:
        return charge
    if charge.base_amount is None or charge.percentage is None:
        return None
    added.append("Une remise ou des frais ne donnaient pas leur montant : base × taux est écrit.")
    return replace(charge, amount=to_cents(charge.base_amount * charge.percentage / 100))


def _line(number: int, line: Line, added: list[str], left_out: list[str], vocabulary: str) -> Line:
    if vocabulary == "ubl":
        line = _with_amounts(line, added, left_out, where=f" (ligne {number})")
    price = line.price
    if price is not None and (complete := _price(price, added, vocabulary)) is not price:
        line = replace(line, price=complete)
    if vocabulary == "ubl" and line.item is None:
        line = replace(line, item=Item())  # the schema wants the element; it says nothing
    return line


def _price(price: Price, added: list[str], vocabulary: str) -> Price:
    if vocabulary == "ubl":
        if price.gross is not None and price.discount is None:
            # The discount on a price is what the net is less than the gross (BT-147).
            discount = price.gross - price.net if price.net is not None else Decimal(0)
            added.append("Un prix brut était donné sans sa remise : la différence avec le prix net est écrite.")
            price = replace(price, discount=discount)
        if price.net is None:
            if price.gross is None:
                raise FormError("Une ligne a un prix sans montant. Indiquez le prix unitaire hors taxes.")
            added.append("Une ligne ne donnait que son prix brut : le prix net est le brut moins la remise.")
            price = replace(price, net=price.gross - (price.discount or 0))
    elif price.discount is not None and price.gross is None:
        if price.net is None:
            raise FormError("Une ligne a une remise sur un prix qui manque. Indiquez le prix unitaire hors taxes.")
        added.append("Une remise sur le prix était donnée sans le prix brut : net plus remise est écrit.")
        price = replace(price, gross=price.net + price.discount)
    return price
