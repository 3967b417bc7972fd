"""Where Chorus Pro's data sit in an invoice: every documented placement is accepted, one of each is strict.

The same datum (the buyer's service, a SIRET, the cadre) has been written in different places over the years: by the
portal's own guides, by Factur-X, by the reform. `placements` finds it and says where; `strict` puts it where the
reform wants it. Source: comments in the official sample flows, XP Z12-012; see docs/decisions/0018.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from plainchant.einvoice.codes.cadres import ORDINARY
from plainchant.einvoice.codes.identifier_types import IDENTIFIER_TYPE_OF, NUMBERED, SIRET_TYPE, WRITTEN
from plainchant.einvoice.identifiers import bare, siren_in, siret_in
from plainchant.einvoice.model import Header, HeaderParty, Identifier, Invoice, Party
from plainchant.einvoice.model.facts import ChorusFact, Facts

NO_FACTS = Facts()
MAX_NUMBER = 20  # characters of an invoice's number (G1.05)
SIRET = IDENTIFIER_TYPE_OF[SIRET_TYPE].number
SERVICE_SCHEME = "0224"  # code routage, XP Z12-012
STRICT_SIRET_SCHEME = "0009"
COMPANY_SCHEME = "0002"
_OF_COMPANIES = (None, "", COMPANY_SCHEME)


@dataclass(frozen=True, slots=True)
class Datum:
    """A value and where it was, in the terms of EN 16931 or of the syntax; ``is_strict`` if that is the one place.

    The value of a party is its identifier as Chorus Pro knows it, without the spaces and points of print.
    """

    value: str
    placement: str
    is_strict: bool
    scheme: str | None = None


@dataclass(frozen=True, slots=True)
class ChorusData:
    """What Chorus Pro takes from an invoice besides its amounts. None: nowhere to be found."""

    cadre: Datum | None
    seller: Datum | None
    seller_type: str  # "1" to "7", "" when it cannot be told
    buyer: Datum | None
    buyer_service: Datum | None
    commitment: Datum | None
    contract: Datum | None
    seller_service: Datum | None
    validator: Datum | None

    @property
    def cadre_code(self) -> str:
        """The cadre, A1 when none is given."""
        return self.cadre.value if self.cadre and self.cadre.value else ORDINARY


def placements(invoice: Invoice, facts: Facts = NO_FACTS) -> ChorusData:
    """Every datum of an invoice, at the strictest place it was found. ``facts``: of the file it was read from."""
    facts_for_chorus = facts.chorus
    seller, seller_type = _party(invoice.seller, facts_for_chorus.get("seller_scheme_name"))
    buyer, _ = _party(invoice.buyer, facts_for_chorus.get("buyer_scheme_name"))
    validator, _ = _party(invoice.validator, None)
    return ChorusData(
        cadre=_cadre(invoice, facts_for_chorus),
        seller=seller,
        seller_type=seller_type,
        buyer=buyer,
        buyer_service=_service(invoice, facts_for_chorus),
        commitment=_plain(invoice.purchase_order_reference, "BT-13"),
        contract=_plain(invoice.contract_reference, "BT-12"),
        seller_service=_plain(invoice.seller_service_code, "InvoiceIssuerReference"),
        validator=validator,
    )


def _plain(value: str | None, placement: str) -> Datum | None:
    return Datum(value, placement, is_strict=True) if value else None


def _cadre(invoice: Invoice, facts: Mapping[ChorusFact, str]) -> Datum | None:
    if facts.get("cadre"):
        return Datum(facts["cadre"], "ext:UBLExtensions/CategoryCode", is_strict=True)
    if invoice.business_process:
        value = invoice.business_process
        # A Peppol process or the portal's own marks are no cadre: none is given then.
        return Datum(value, "BT-23", is_strict=True) if len(value) <= 3 else None
    return None


def _service(invoice: Invoice, facts: Mapping[ChorusFact, str]) -> Datum | None:
    if invoice.buyer_reference:
        return Datum(invoice.buyer_reference, "BT-10", is_strict=True)
    for found in invoice.buyer.identifiers if invoice.buyer else ():
        if found.scheme == SERVICE_SCHEME and found.value:
            return Datum(found.value, "BT-46 (0224)", is_strict=False, scheme=SERVICE_SCHEME)
    if facts.get("buyer_service"):
        return Datum(facts["buyer_service"], "AccountingContact/ID", is_strict=False)
    return None


def _party(party: Party | None, scheme_name: str | None) -> tuple[Datum | None, str]:
    """The identifier Chorus Pro knows a party by, and its type."""
    if party is None:
        return None, ""
    rows: list[tuple[Identifier, str]] = []
    if party.legal_registration is not None:
        rows.append((party.legal_registration, "BT-30/BT-47"))
    rows += [(found, "BT-29/BT-46") for found in party.identifiers if found.scheme != SERVICE_SCHEME]
    best: tuple[int, Datum, str] | None = None
    for identifier, where in rows:
        if not identifier.value:
            continue
        scheme = identifier.scheme or (scheme_name if where == "BT-29/BT-46" else None)
        kind = type_of(identifier.value, scheme)
        strict = scheme == STRICT_SIRET_SCHEME or (scheme == SIRET and where == "BT-30/BT-47")
        if kind:
            rank = (2 if kind == SIRET else 1) + strict
        else:  # nothing that Chorus Pro knows: a SIREN says the most
            rank = 0 if scheme in _OF_COMPANIES and siren_in(identifier.value) else -1
        if best is None or rank > best[0]:
            best = (rank, Datum(_known_as(identifier.value, kind), where, strict, scheme), kind)
    return best[1:] if best is not None else (None, "")


def _known_as(value: str, kind: str) -> str:
    if kind in ("", SIRET):
        return siret_in(value) or value  # what is no SIRET is shown as it is written
    return bare(value) if NUMBERED[kind].is_number else "".join(value.split())


def type_of(value: str, scheme: str | None) -> str:
    """Chorus Pro's type of an identifier. Fourteen digits under 0002 or nothing are a SIRET: people write that."""
    if scheme in _OF_COMPANIES and siret_in(value):
        return SIRET
    row = WRITTEN.get((scheme or "").upper())
    return row.number if row else ""


def strict(invoice: Invoice, data: ChorusData) -> Invoice:
    """The same invoice with each datum at its strict place, to be written."""
    changed = replace(
        invoice,
        business_process=data.cadre_code,
        buyer_reference=data.buyer_service.value if data.buyer_service else invoice.buyer_reference,
    )
    seller = data.seller if data.seller_type == SIRET else None
    return replace(
        changed,
        seller=_strict_party(changed.seller, seller),
        buyer=_strict_party(changed.buyer, data.buyer),
    )


def _strict_party(party: Party | None, datum: Datum | None) -> Party | None:
    """The party with its SIRET under the one strict scheme, in both places readers look."""
    if party is None or datum is None:
        return party
    siret = Identifier(datum.value, STRICT_SIRET_SCHEME)
    others = tuple(
        found for found in party.identifiers if bare(found.value) != siret.value and found.scheme != SERVICE_SCHEME
    )
    return replace(party, identifiers=(siret, *others), legal_registration=siret)


def header(invoice: Invoice, data: ChorusData) -> Header:
    """What the portal keeps of the invoice."""
    totals = invoice.totals
    transfer = next((payment.credit_transfer for payment in invoice.payment_means if payment.credit_transfer), None)
    return Header(
        number=invoice.number or "",
        issue_date=invoice.issue_date,
        delivery_date=invoice.delivery.actual_date if invoice.delivery else None,
        type_code=invoice.type_code or "",
        currency=invoice.currency or "EUR",
        billing_framework=data.cadre_code,
        purchase_order_reference=data.commitment.value if data.commitment else "",
        contract_reference=data.contract.value if data.contract else "",
        preceding_invoice=(invoice.preceding_invoices[0].number or "") if invoice.preceding_invoices else "",
        note=" ".join(note.text for note in invoice.notes if note.text),
        seller=_header_party(invoice.seller, data.seller, data.seller_type),
        buyer=_header_party(invoice.buyer, data.buyer, SIRET, data.buyer_service.value if data.buyer_service else ""),
        validator=_header_party(invoice.validator, data.validator, SIRET) if invoice.validator else None,
        tax_exclusive_amount=totals.tax_exclusive_amount if totals else None,
        tax_amount=invoice.tax_amount,
        tax_inclusive_amount=totals.tax_inclusive_amount if totals else None,
        prepaid_amount=totals.prepaid_amount if totals else None,
        rounding_amount=totals.rounding_amount if totals else None,
        payable_amount=totals.payable_amount if totals else None,
        payment_account=bare(transfer.account or "") if transfer else "",
        payment_bic=(transfer.service_provider or "") if transfer else "",
    )


def _header_party(party: Party | None, datum: Datum | None, kind: str, service: str = "") -> HeaderParty:
    if party is None:
        return HeaderParty()
    address = party.address
    return HeaderParty(
        name=party.name or party.trading_name or "",
        identifier=datum.value if datum else "",
        identifier_scheme=NUMBERED[kind].code if kind in NUMBERED else SIRET_TYPE,
        vat_identifier=party.vat_identifier or "",
        address_line=(address.line_1 or "") if address else "",
        postcode=(address.postcode or "") if address else "",
        city=(address.city or "") if address else "",
        country=(address.country or "FR") if address else "FR",
        service_code=service,
    )
