"""Invoices as a CPPFactureMixte: header data and documents, one envelope for several invoices.

Chorus Pro's schema of it is not public: order and lengths are those of the official sample and of the pivot's schema,
whose sister it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from lxml import etree

from plainchant.einvoice.chorus import MAX_NUMBER, ChorusData, placements
from plainchant.einvoice.codes.cadres import CADRE_OF
from plainchant.einvoice.identifiers import siret_in
from plainchant.einvoice.model import Invoice, VatBreakdown
from plainchant.einvoice.profiles import Profile
from plainchant.einvoice.syntaxes.binding import Element
from plainchant.einvoice.syntaxes.reduced import enclosed, own_type
from plainchant.einvoice.syntaxes.writing import KNOWN_SELLER, Value, day_of, document, wanted, written

from .read import INVOICE, INVOICES, ROOT

CREDIT_TRANSFER = "30"


def write(
    invoice: Invoice,
    *,
    chorus: ChorusData | None = None,
    readable: bytes | None = None,
    at: datetime | None = None,
    profile: Profile | None = None,
) -> bytes:
    """An envelope of one invoice. ``readable``: the PDF people read, for one that carries no such document.

    Raises FormError when it lacks what the form cannot do without.
    """
    return write_all([(invoice, chorus or placements(invoice))], at=at or day_of(invoice), readable=readable)


def write_all(
    invoices: Sequence[tuple[Invoice, ChorusData]],
    *,
    at: datetime,
    sender: str = "CPP001",
    recipient: str = "CPP001",
    flow: str = "FSO1113A",
    readable: bytes | None = None,
) -> bytes:
    """An envelope of these invoices. ``readable``: the PDF people read, for each invoice that carries none.

    Raises FormError when one lacks what the form cannot do without.
    """
    root = etree.Element(ROOT)
    unit = _under(_under(root, "Enveloppe"), "EnveloppeUnitaire", NumOrdre="1")
    parameters = _under(unit, "Parametres")
    for number, (code, value) in enumerate((("DtPrd", at.date().isoformat()), ("IdFlx", flow)), 1):
        row = _under(parameters, "ParametreIndiv", NumOrdre=f"{number:04d}")
        _add(row, "Code", code)
        _add(row, "Valeurparametre", value)
    partners = _under(unit, "Partenaires")
    _add(_under(partners, "Recepteur"), "Id", recipient)
    _add(_under(partners, "Emetteur"), "Id", sender)
    rows = _under(root, INVOICES, Compteur=str(len(invoices)))
    for number, (invoice, data) in enumerate(invoices, 1):
        row = _under(rows, INVOICE, NumOrdre=str(number))
        _parties(row, invoice, data)
        _data(_under(row, "DonneesFacture"), invoice, data)
        _documents(row, invoice, readable)
    return document(root)


def _under(parent: Element, name: str, **attributes: str) -> Element:
    return etree.SubElement(parent, name, attributes)


def _add(parent: Element, name: str, value: Value) -> None:
    if value is not None:
        etree.SubElement(parent, name).text = written(value)


def _parties(row: Element, invoice: Invoice, data: ChorusData) -> None:
    """Chorus Pro knows a supplier by one of seven kinds of identifier, a public body by its SIRET."""
    party = invoice.seller
    name = party and (party.name or party.trading_name)
    wanted(data.seller and data.seller_type, KNOWN_SELLER)
    wanted(data.buyer, "le SIRET du destinataire")
    wanted(name, "le nom du fournisseur")
    assert data.seller and data.buyer and name  # noqa: S101, PT018
    siret = siret_in(data.buyer.value)
    wanted(siret, "un SIRET de 14 chiffres pour le destinataire")
    seller = _under(row, "Fournisseur")
    _add(seller, "TypeIdentifiant", data.seller_type)
    _add(seller, "Identifiant", data.seller.value)
    _add(seller, "RaisonSociale", name)
    country = party.address.country if party and party.address else None
    _add(seller, "CodePays", country if country and len(country) == 2 else "FR")
    buyer = _under(row, "Debiteur")
    _add(buyer, "TypeIdentifiant", "1")
    _add(buyer, "Identifiant", siret)
    _add(buyer, "Nom", invoice.buyer.name if invoice.buyer else None)
    _add(buyer, "CodeService", data.buyer_service.value if data.buyer_service else None)
    contact = invoice.buyer.contact if invoice.buyer else None
    _add(buyer, "NomService", contact.department if contact else None)


def _data(row: Element, invoice: Invoice, data: ChorusData) -> None:
    totals = invoice.totals
    wanted(invoice.number, "son numéro")
    wanted(len(invoice.number or "") <= MAX_NUMBER, "un numéro de 20 caractères au plus")
    wanted(invoice.issue_date, "sa date")
    type_code = own_type(invoice)
    wanted(data.cadre_code in CADRE_OF, "un cadre de facturation connu (A1…)")
    wanted(totals and totals.tax_exclusive_amount is not None, "le total hors taxes")
    wanted(totals and totals.tax_inclusive_amount is not None, "le total toutes taxes comprises")
    wanted(totals and totals.payable_amount is not None, "le montant à payer")
    assert totals is not None  # noqa: S101 - checked above
    _add(row, "Id", invoice.number)
    _add(row, "Type", type_code)
    _add(row, "Cadre", data.cadre_code)
    _add(row, "DateEmissionFacture", invoice.issue_date)
    means = next((way for way in invoice.payment_means if way.code), None)
    payment = _under(row, "ModePaiement")
    _add(payment, "Code", means.code if means else CREDIT_TRANSFER)  # G1.14: what is not said is a credit transfer
    _add(payment, "Libelle", means.text if means else None)
    _add(row, "Devise", invoice.currency or "EUR")
    amounts = _under(row, "Montants")
    _add(amounts, "MontantHT", totals.tax_exclusive_amount)
    _add(amounts, "MontantTTC", totals.tax_inclusive_amount)
    _add(amounts, "MontantNetAPayer", totals.payable_amount)
    _taxes(row, invoice.vat_breakdown)
    if data.contract is not None or data.commitment is not None:
        commitment = _under(row, "Engagement")
        _add(commitment, "NumeroMarche", data.contract.value if data.contract else None)
        _add(commitment, "NumeroEngagement", data.commitment.value if data.commitment else None)


def _taxes(row: Element, breakdown: tuple[VatBreakdown, ...]) -> None:
    if not breakdown:
        return
    taxes = _under(row, "TVAS")
    for rate_row in breakdown:
        tax = _under(taxes, "TVA")
        rate = rate_row.category.rate if rate_row.category else None
        _add(tax, "Taux", rate if rate is not None else "0")
        _add(tax, "BaseHt", rate_row.taxable_amount if rate_row.taxable_amount is not None else "0")
        _add(tax, "MontantTVA", rate_row.tax_amount if rate_row.tax_amount is not None else "0")


def _documents(row: Element, invoice: Invoice, readable: bytes | None) -> None:
    for number, enclosure in enumerate(enclosed(invoice, readable=readable, same_name=True), 1):
        made = _under(row, "PJ", NumOrdre=str(number))
        _add(made, "Contenu", enclosure.content)
        _add(made, "NomPJ", enclosure.name)
        _add(made, "TypePJ", enclosure.type_code)
        _add(made, "MimeTypePJ", enclosure.mime_code)
