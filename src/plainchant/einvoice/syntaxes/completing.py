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
from plainchant.einvoice.model import AllowanceCharge, Invoice, Item, Line, PaymentMeans, Price, TaxTotal

from .writing import FormError

NOT_DEFINED = "1"  # UNTDID 4461: instrument not defined
_Charged = TypeVar("_Charged", Invoice, Line)


@dataclass(frozen=True, slots=True)
class Completed:
    """``added``: what was put into the invoice, ``left_out``: what had to go, each as a French sentence."""

    invoice: Invoice
    added: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


def completed(invoice: Invoice, *, vocabulary: str) -> Completed:
    """The invoice as ``vocabulary`` (ubl, cii) can hold it. FormError when it lacks what nothing else says."""
    added: list[str] = []
    left_out: list[str] = []
    if vocabulary == "ubl":
        invoice = _for_ubl(invoice, added, left_out)
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
    if invoice.currency is None:
        of_totals = {total.currency for total in invoice.tax_totals if total.currency}
        currency = of_totals.pop() if len(of_totals) == 1 else EURO
        invoice = replace(invoice, currency=currency)
        added.append(f"La monnaie n’était pas indiquée : {currency} est écrit.")
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
    kept = tuple(cited for cited in invoice.preceding_invoices if cited.number)
    if len(kept) != len(invoice.preceding_invoices):
        invoice = replace(invoice, preceding_invoices=kept)
        left_out.append("une facture d’origine citée sans son numéro")
    return invoice


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
