"""Invoices as CPPFacturePivot V2_02, in the order of its schema. It has no namespace, and a document for every invoice.

Attachments travel as base64 of a ZIP that holds exactly one file, named like NomPJ: what the official samples do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from lxml import etree

from plainchant.einvoice.chorus import MAX_NUMBER, ChorusData, placements
from plainchant.einvoice.codes.cadres import CADRE_OF
from plainchant.einvoice.codes.payment_means import PAYMENT_MEANS_OF, TRANSFER
from plainchant.einvoice.identifiers import bare, siret_in
from plainchant.einvoice.model import Invoice, Line, Price
from plainchant.einvoice.profiles import Profile
from plainchant.einvoice.syntaxes.binding import Element
from plainchant.einvoice.syntaxes.reduced import enclosed, own_type
from plainchant.einvoice.syntaxes.writing import KNOWN_SELLER, day_of, document, wanted, written

VERSION = "V2_02"
_FRACTION = Decimal("0.000001")  # of a price that is computed
Mode = Literal["flux", "numérisation", "saisie", "PDF"]


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who sends the file to whom, and its name."""

    sender: str = "CPP001"
    recipient: str = "PART01"
    flow: str = "FEN0036A"


def write(
    invoice: Invoice,
    *,
    chorus: ChorusData | None = None,
    readable: bytes | None = None,
    at: datetime | None = None,
    profile: Profile | None = None,
) -> bytes:
    """A pivot of one invoice. ``readable``: the PDF people read, for one that carries no such document.

    Raises FormError when it lacks what the pivot cannot do without.
    """
    return write_all([(invoice, chorus or placements(invoice))], at=at or day_of(invoice), readable=readable)


def write_all(
    invoices: Sequence[tuple[Invoice, ChorusData]],
    *,
    at: datetime,
    mode: Mode = "flux",
    envelope: Envelope = Envelope(),
    readable: bytes | None = None,
) -> bytes:
    """A pivot of these invoices. ``readable``: the PDF people read, for each invoice that carries none.

    Raises FormError when one lacks what the pivot cannot do without.
    """
    root = etree.Element("CPPFacturePivot", Version=VERSION)
    unit = _under(_under(root, "Enveloppe"), "EnveloppeUnitaire", NumOrdre="1")
    parameters = _under(unit, "Parametres")
    for number, (code, value) in enumerate((("DtPrd", at.strftime("%Y-%m-%dT%H:%M:%S")), ("IdFlx", envelope.flow)), 1):
        row = _under(parameters, "ParametreIndiv", NumOrdre=f"{number:04d}")
        _add(row, "Code", code)
        _add(row, "Valeurparametre", value)
    partners = _under(unit, "Partenaires")
    _add(_under(partners, "Recepteur"), "Id", envelope.recipient)
    _add(_under(partners, "Emetteur"), "Id", envelope.sender)
    rows = _under(root, "CPPFactures", Compteur=str(len(invoices)))
    for number, (invoice, data) in enumerate(invoices, 1):
        _invoice(_under(rows, "CPPFacturePivotUnitaire", NumOrdre=str(number)), invoice, data, at, mode, readable)
    return document(root)


def _under(parent: Element, name: str, **attributes: str) -> Element:
    return etree.SubElement(parent, name, attributes)


def _add(parent: Element, name: str, value: str | Decimal | None) -> None:
    if value is not None:
        etree.SubElement(parent, name).text = written(value)


def _invoice(
    row: Element, invoice: Invoice, data: ChorusData, at: datetime, mode: Mode, readable: bytes | None
) -> None:
    totals = invoice.totals
    wanted(invoice.number, "son numéro")
    wanted(len(invoice.number or "") <= MAX_NUMBER, "un numéro de 20 caractères au plus")
    wanted(invoice.issue_date, "sa date")
    wanted(data.seller and data.seller_type, KNOWN_SELLER)
    wanted(data.buyer, "le SIRET du destinataire")
    wanted(totals and totals.tax_inclusive_amount is not None and totals.payable_amount is not None, "ses totaux")
    wanted(data.cadre_code in CADRE_OF, "un cadre de facturation connu (A1…)")
    assert data.seller and data.buyer  # noqa: S101, PT018
    assert totals and invoice.issue_date  # noqa: S101, PT018
    seller = _under(row, "Fournisseur")
    _add(seller, "TypeIdentifiant", data.seller_type)
    _add(seller, "Identifiant", data.seller.value)
    _add(seller, "RaisonSociale", (invoice.seller and (invoice.seller.name or invoice.seller.trading_name)) or "")
    country = invoice.seller.address.country if invoice.seller and invoice.seller.address else None
    _add(seller, "CodePays", country if country and len(country) == 2 else "FR")
    _bank(seller, invoice)
    _add(seller, "ModeEmission", mode)
    buyer = _under(row, "Debiteur")
    siret = siret_in(data.buyer.value)
    wanted(siret, "un SIRET de 14 chiffres pour le destinataire")
    _add(buyer, "TypeIdentifiant", "1")
    _add(buyer, "Identifiant", siret)
    _add(buyer, "Nom", invoice.buyer.name if invoice.buyer else None)
    if data.buyer_service is not None:
        _add(buyer, "CodeService", data.buyer_service.value[:100])
    contact = invoice.buyer.contact if invoice.buyer else None
    _add(buyer, "NomService", contact.department if contact else None)
    _data(_under(row, "DonneesFacture"), invoice, data, at)
    _documents(row, invoice, readable)


def _bank(seller: Element, invoice: Invoice) -> None:
    transfer = next((payment.credit_transfer for payment in invoice.payment_means if payment.credit_transfer), None)
    if transfer is None or not transfer.account:
        return
    bank = _under(seller, "ReferenceBancaire", Type="RIB" if transfer.is_proprietary else "IBAN")
    _add(bank, "Compte", bare(transfer.account))
    _add(bank, "Etablissement", transfer.service_provider)
    _add(bank, "RaisonSocialeEncaisseur", transfer.account_name)


def _data(row: Element, invoice: Invoice, data: ChorusData, at: datetime) -> None:
    totals = invoice.totals
    assert totals is not None  # noqa: S101 - checked above
    assert invoice.issue_date is not None  # noqa: S101
    _add(row, "Id", invoice.number)
    preceding = invoice.preceding_invoices[0].number if invoice.preceding_invoices else None
    _add(row, "IdFactureOrigine", preceding[:MAX_NUMBER] if preceding else None)
    _add(row, "Type", own_type(invoice))
    _add(row, "Cadre", data.cadre_code)
    _add(row, "DateEmissionFacture", invoice.issue_date.isoformat())
    delivered = invoice.delivery.actual_date if invoice.delivery else None
    _add(row, "DateLivraison", delivered.isoformat() if delivered else None)
    code = next((rate_row.code for rate_row in invoice.payment_means if rate_row.code), "")
    means = _under(row, "ModePaiement")
    # What is absent or unknown becomes a credit transfer (G1.14).
    known = PAYMENT_MEANS_OF.get((code or "").lstrip("0"), PAYMENT_MEANS_OF[TRANSFER])
    _add(means, "Code", known.pivot)
    _add(means, "Libelle", known.label)
    _add(row, "DateReception", at.date().isoformat())
    _add(row, "Devise", invoice.currency or "EUR")
    amounts = _under(row, "Montants")
    _add(amounts, "MontantHT", totals.tax_exclusive_amount if totals.tax_exclusive_amount is not None else Decimal(0))
    _add(amounts, "MontantTTC", totals.tax_inclusive_amount)
    _add(amounts, "MontantNetAPayer", totals.payable_amount)
    if invoice.vat_breakdown:
        taxes = _under(row, "TVAs")
        for rate_row in invoice.vat_breakdown:
            tax = _under(taxes, "TVA")
            _add(tax, "Taux", (rate_row.category.rate if rate_row.category else None) or Decimal(0))
            _add(tax, "BaseHt", rate_row.taxable_amount if rate_row.taxable_amount is not None else Decimal(0))
            _add(tax, "MontantTVA", rate_row.tax_amount if rate_row.tax_amount is not None else Decimal(0))
    if data.contract is not None or data.commitment is not None:
        commitment = _under(row, "Engagement")
        _add(commitment, "NumeroMarche", data.contract.value[:50] if data.contract else None)
        _add(commitment, "NumeroEngagement", data.commitment.value[:50] if data.commitment else None)
    lines = [line for line in invoice.lines if line.net_amount is not None]
    if lines:
        table = _under(row, "Lignes")
        for number, line in enumerate(lines, 1):
            _line(_under(table, "Ligne", NumOrdre=str(number)), line)


def _line(row: Element, line: Line) -> None:
    item = line.item
    quantity = line.quantity if line.quantity is not None else Decimal(1)
    _add(row, "ReferenceProduit", (item.name or item.seller_identifier) if item else None)
    _add(row, "PrixUnitaire", _unit_price(line, quantity))
    _add(row, "Quantite", quantity)
    _add(row, "MontantHT", line.net_amount)
    _add(row, "TauxTVA", line.vat.rate if line.vat else None)


def _unit_price(line: Line, quantity: Decimal) -> Decimal:
    """The price of one, which the pivot's schema demands: the net price, else what follows from the rest of the line."""
    price = line.price or Price()
    net = price.net
    if net is None and price.gross is not None:
        net = price.gross - (price.discount or 0)
    if net is not None:
        return _divided(net, price.base_quantity or Decimal(1))
    return _divided(line.net_amount or Decimal(0), quantity or Decimal(1))


def _divided(amount: Decimal, quantity: Decimal) -> Decimal:
    return amount if quantity == 1 else (amount / quantity).quantize(_FRACTION).normalize()


def _documents(row: Element, invoice: Invoice, readable: bytes | None) -> None:
    """The invoice first, as in the official samples."""
    documents = sorted(
        enclosed(invoice, readable=readable, same_name=True), key=lambda enclosure: not enclosure.is_invoice
    )
    for number, enclosure in enumerate(documents, 1):
        made = _under(row, "PJ", NumOrdre=str(number))
        _add(made, "Contenu", enclosure.content)
        _add(made, "NomPJ", enclosure.name)
        _add(made, "TypePJ", enclosure.type_code)
        _add(made, "MimeTypePJ", enclosure.mime_code)
