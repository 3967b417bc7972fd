"""Elements of a file for which the model has no term: named in French, so that nothing is lost without a word."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from plainchant.einvoice.codes.currencies import EURO
from plainchant.einvoice.wording import counted

from .binding import Leaf, string
from .places import bound_below
from .reading import MAX_LEFT_OF_A_NAME, Element, Reading

# Elements that carry no term of the model, by their name without prefix.
ELEMENTS = {
    "SubInvoiceLine": "une sous-ligne",
    "SubCreditNoteLine": "une sous-ligne",
    "IncludedReferencedProduct": "un article compris dans un autre",
    "SpecifiedTradePaymentTerms": "d’autres conditions de paiement",
    "PaymentTerms": "d’autres conditions de paiement",
    "ApplicableTradePaymentDiscountTerms": "les conditions d’escompte",
    "ApplicableTradePaymentPenaltyTerms": "les conditions de pénalité",
    "PrepaidPayment": "un acompte déjà versé",
    "SpecifiedAdvancePayment": "un acompte déjà versé",
    "SpecifiedLogisticsServiceCharge": "des frais de transport",
    "WithholdingTaxTotal": "une retenue à la source",
    "PaymentExchangeRate": "un cours de change",
    "TaxExchangeRate": "un cours de change",
    "PricingExchangeRate": "un cours de change",
    "TaxApplicableTradeCurrencyExchange": "un cours de change",
    "InvoiceApplicableTradeCurrencyExchange": "un cours de change",
    "ReceivableSpecifiedTradeAccountingAccount": "un compte comptable",
    "TestIndicator": "la marque d’une facture d’essai",
    "Signature": "une signature électronique",
    "UBLExtensions": "des données propres à un logiciel",
    "FaxUniversalCommunication": "un numéro de fax",
    "Telefax": "un numéro de fax",
    "TelexUniversalCommunication": "un numéro de télex",
    "RegistrationAddress": "l’adresse du siège",
    "JurisdictionRegionAddress": "l’adresse du siège",
    "ChargeIndicator": "le sens d’une remise ou de frais",
    "SpecifiedTradeAllowanceCharge": "une remise ou des frais",
    "AllowanceCharge": "une remise ou des frais",
    "AppliedTradeAllowanceCharge": "une autre remise sur le prix",
    "BasisQuantity": "la quantité d’un prix brut",
    "AllowanceChargeReason": "le motif d’une remise",
    "AllowanceChargeReasonCode": "le code du motif d’une remise",
    "Reason": "le motif d’une remise",
    "ReasonCode": "le code du motif d’une remise",
    "CalculationPercent": "le taux d’une remise",
    "MultiplierFactorNumeric": "le taux d’une remise",
    "FormattedIssueDateTime": "la date d’un document cité",
    "ActualDeliverySupplyChainEvent": "une date de livraison",
    "ActualPickUpSupplyChainEvent": "une date d’enlèvement",
    "ActualDespatchSupplyChainEvent": "une date d’expédition",
    "ShipToTradeParty": "un lieu de livraison",
    "ShipFromTradeParty": "un lieu d’expédition",
    "UltimateShipToTradeParty": "un lieu de livraison finale",
    "Delivery": "une livraison",
    "DeliveryTerms": "les conditions de livraison",
    "ApplicableTradeDeliveryTerms": "les conditions de livraison",
    "BuyerOrderReferencedDocument": "une commande",
    "SellerOrderReferencedDocument": "une commande",
    "OrderReference": "une commande",
    "OrderLineReference": "une ligne de commande",
    "ContractReferencedDocument": "un contrat",
    "QuotationReferencedDocument": "un devis",
    "DespatchAdviceReferencedDocument": "un bon de livraison",
    "DespatchLineReference": "une ligne de bon de livraison",
    "DeliveryNoteReferencedDocument": "un bon de livraison",
    "ReceivingAdviceReferencedDocument": "un bon de réception",
    "ReceiptLineReference": "une ligne de bon de réception",
    "AdditionalReferencedDocument": "un document cité",
    "DocumentDescription": "le libellé d’un document cité",
    "ReferenceTypeCode": "le type d’un document cité",
    "Attachment": "une pièce jointe",
    "AttachmentBinaryObject": "une pièce jointe",
    "DocumentReference": "un document cité",
    "InvoiceReferencedDocument": "une facture citée",
    "BillingReference": "une facture citée",
    "BillingReferenceLine": "une ligne de facture citée",
    "DocumentStatusCode": "le statut d’un document cité",
    "ProjectReference": "un projet",
    "SpecifiedProcuringProject": "le nom d’un projet",
    "PostalTradeAddress": "une adresse",
    "PostalAddress": "une adresse",
    "DefinedTradeContact": "un contact",
    "Contact": "un contact",
    "Person": "une personne",
    "PartyIdentification": "un identifiant",
    "PartyTaxScheme": "un numéro fiscal",
    "SpecifiedTaxRegistration": "un numéro fiscal",
    "TaxScheme": "le registre d’un numéro fiscal",
    "URIUniversalCommunication": "une adresse électronique",
    "ApplicableTradeTax": "une catégorie de TVA",
    "CategoryTradeTax": "une catégorie de TVA",
    "ClassifiedTaxCategory": "une catégorie de TVA",
    "TaxCategory": "une catégorie de TVA",
    "DueDateTypeCode": "l’exigibilité de la TVA",
    "DescriptionCode": "l’exigibilité de la TVA",
    "TaxPointDate": "l’exigibilité de la TVA",
    "BillingSpecifiedPeriod": "une période",
    "InvoicePeriod": "une période",
    "PaymentMeans": "un moyen de paiement",
    "SpecifiedTradeSettlementPaymentMeans": "un moyen de paiement",
    "PaymentID": "une référence de paiement",
    "PaymentMandate": "un mandat de prélèvement",
    "NetworkID": "le réseau d’une carte",
    "ProprietaryID": "un compte",
    "PayeeFinancialAccount": "un compte",
    "PayeePartyCreditorFinancialAccount": "un compte",
    "Note": "une note",
    "IncludedNote": "une note",
    "Description": "un libellé",
    "Name": "un nom",
}
# Names that stand in many groups: the group says more.
_TOLD_BY_THEIR_PLACE = frozenset({"Note", "Name", "Description", "ID", "PaymentDueDate"})
# What stands beside a value and no term holds. One look at a file of 10,000 lines takes a twentieth of its reading.
_BESIDE = {
    "currencyID": "une autre monnaie que celle de la facture",
    "languageID": "la langue d’un texte",
    "schemeName": "le type d’un identifiant",
    "schemeID": "le type d’un identifiant",
}
_ATTRIBUTES = etree.XPath(
    "//@*[(name()='currencyID' and . != $currency) or name()='languageID' or name()='schemeName' or name()='schemeID']"
)
# A total of VAT has a currency of its own (BT-111); Chorus Pro reads the type of a party's identifier; of categories,
# schemes of tax and countries there is one list.
_READ = {
    ("currencyID", "TaxTotalAmount"),
    ("currencyID", "TaxTotal"),
    ("schemeName", "PartyIdentification"),
    ("schemeID", "TaxScheme"),
    ("schemeID", "TaxCategory"),
    ("schemeID", "ClassifiedTaxCategory"),
    ("schemeID", "CountryID"),
}
_UNREADABLE = {"date": "une date qui ne se lit pas", "number": "un nombre qui ne se lit pas"}
_SHOWN = 60  # characters of a value


def left(reading: Reading) -> Iterator[tuple[Element, str]]:
    """What the file says and the model does not hold, each kind of element once, with the first place it stands at.

    « un numéro de fax (« 01 04 54 65 75 », ligne 34) »; « 3 sous-lignes » would need grammar: « une sous-ligne (…), et
    2 autres ».
    """
    kinds: dict[str, list[tuple[Element, str]]] = {}
    for element, _, wanted in reading.unreadables:
        if wanted != "writing":  # what is only written in another way was read
            kinds.setdefault(_UNREADABLE[wanted], []).append((element, _value(element)))
    more: dict[str, int] = {}  # beyond those that were kept
    uncounted = {name: count - MAX_LEFT_OF_A_NAME for name, count in reading.left_of_a_name.items()}
    for element in reading.left:
        name = _named(element)
        kinds.setdefault(name, []).append((element, _value(element)))
        more[name] = more.get(name, 0) + max(0, uncounted.pop(str(element.tag), 0))
    root = reading.invoice.source
    read: dict[tuple[str, str, str], bool] = {}  # by name, element and the one above it
    for beside in _ATTRIBUTES(root, currency=reading.invoice.currency or EURO) if root is not None else ():
        name, element = beside.attrname, beside.getparent()
        above = element.getparent()
        if above is None:
            continue
        place = (name, str(element.tag), str(above.tag))
        if place not in read:
            read[place] = _is_read(reading, name, element, above)
        if not read[place]:
            kinds.setdefault(_BESIDE[name], []).append((element, str(beside)))
    for name, places in kinds.items():
        count = len(places) - 1 + more.get(name, 0)
        others = f", et {counted(count, 'autre')}" if count else ""
        element, value = places[0]
        yield element, f"{name} ({_shown(value)}ligne {element.sourceline}{others})"


def _is_read(reading: Reading, name: str, element: Element, above: Element) -> bool:
    """Whether an attribute is a term, or says what its place says."""
    if not _READ.isdisjoint({(name, _local(element)), (name, _local(above))}):
        return True
    if name != "schemeID":
        return False
    bound = bound_below(reading.grammar, above).get(reading.grammar.name(str(element.tag)))
    # What is not bound is left as a whole; an identifier keeps its scheme, and its group may.
    return not isinstance(bound, Leaf) or not bound.is_text or name in dict(bound.attributes)


def _named(element: Element) -> str:
    name = _local(element)
    parent = element.getparent()
    if name in _TOLD_BY_THEIR_PLACE and parent is not None and _local(parent) in ELEMENTS:
        name = _local(parent)
    return ELEMENTS.get(name) or f"l’élément {name[:60]}"


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _value(element: Element) -> str:
    return " ".join(" ".join(element.itertext()).split()) if len(element) else string(element)


def _shown(value: str) -> str:
    if not value:
        return ""
    return f"«\u00a0{value if len(value) <= _SHOWN else value[:_SHOWN].rsplit(' ', 1)[0] + '…'}\u00a0», "
