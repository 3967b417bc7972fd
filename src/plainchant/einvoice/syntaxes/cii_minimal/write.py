"""The model as Chorus Pro's CII 16B minimal form: what the official sample flows have, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from plainchant.einvoice.chorus import ChorusData, Datum, placements
from plainchant.einvoice.model import Identifier, Invoice, Party, SupportingDocument
from plainchant.einvoice.profiles import Profile
from plainchant.einvoice.syntaxes.binding import Element
from plainchant.einvoice.syntaxes.cii.read import GRAMMAR
from plainchant.einvoice.syntaxes.cii.write import tree
from plainchant.einvoice.syntaxes.reduced import CII_DOCUMENT, enclosed
from plainchant.einvoice.syntaxes.writing import document, wanted

from .terms import KEPT, TERMS, Terms

SIRET = "1"
ISO_SCHEME_DIGITS = 4


def write(
    invoice: Invoice,
    *,
    chorus: ChorusData | None = None,
    readable: bytes | None = None,
    at: datetime | None = None,
    profile: Profile | None = None,
) -> bytes:
    """A file of one invoice. ``readable``: the PDF people read, for one that carries no such document.

    Raises FormError when it lacks what the form cannot do without.
    """
    data = chorus or placements(invoice)
    wanted(invoice.number, "son numéro")
    wanted(invoice.issue_date, "sa date")
    wanted(invoice.type_code, "son type (380 pour une facture, 381 pour un avoir)")
    wanted(data.seller, "l’identifiant du fournisseur")
    wanted(data.buyer, "le SIRET du destinataire")
    wanted(invoice.payment_means, "le moyen de paiement")
    documents = tuple(
        SupportingDocument(
            reference=enclosure.name, description=CII_DOCUMENT, content=enclosure.content, mime_code=enclosure.mime_code
        )
        for enclosure in sorted(enclosed(invoice, readable=readable), key=lambda enclosure: not enclosure.is_invoice)
    )
    root = tree(
        replace(
            invoice,
            specification=None,
            business_process=data.cadre_code,
            buyer_reference=data.buyer_service.value if data.buyer_service else None,
            seller=_party(invoice.seller, data.seller, data.seller_type),
            buyer=_party(invoice.buyer, data.buyer, SIRET),
            supporting_documents=documents,
            tender_reference=None,
            invoiced_object=None,
            other_invoiced_objects=(),
        )
    )
    _prune(root, TERMS)
    return document(root)


def _party(party: Party | None, datum: Datum | None, kind: str) -> Party:
    party = party or Party()
    if datum is None:
        return party
    scheme = datum.scheme
    if scheme is None or (scheme.isdigit() and len(scheme) == ISO_SCHEME_DIGITS) or not kind:
        scheme = kind or None  # 1 to 7; Chorus Pro's own names for them (RIDET, ETR) stay as they are
    return replace(party, legal_registration=Identifier(datum.value, scheme))


def _prune(element: Element, terms: Terms) -> None:
    for child in list(element):
        name = GRAMMAR.name(str(child.tag)).partition(":")[2]
        below = terms.get(name)
        if name not in terms:
            element.remove(child)
        elif below is not None:
            _prune(child, below)
            if not len(child) and name not in KEPT:
                element.remove(child)
