"""BR-FR on parties: their SIREN and SIRET, routing codes, electronic addresses; and on the places delivered to."""

from __future__ import annotations

import re

from plainchant.einvoice.codes import france as codes
from plainchant.einvoice.model import Delivery, Identifier, Invoice, Item, Party

from .france_names import Failing
from .france_table import PARTIES
from .source import holds, holds_bare

_SCHEME_FORMAT = re.compile(r"[A-Za-z0-9+\-_.]+")
_MAX_ADDRESS = 125
_MAX_ROUTING_CODE = 100
_SIREN_DIGITS, _SIRET_DIGITS = 9, 14


def check(invoice: Invoice, fail: Failing) -> None:
    """Every party of the head, and what the head asks of seller and buyer."""
    for attribute, term, address_term, _ in PARTIES:
        party: Party | None = getattr(invoice, attribute)
        if party is not None:
            _registration(party, fail)
            if party.identifiers:
                _identifiers(party, term, fail)
            _address(party, address_term, fail)
    if invoice.tax_representative is not None:
        _registration(invoice.tax_representative, fail)
        _sirens(invoice.tax_representative.identifiers, invoice.tax_representative, "identifiers", fail)
    if invoice.delivery is not None:
        place(invoice.delivery, "BT-71", fail)
    _seller_is_known(invoice, fail)
    for party, rule in ((invoice.buyer, "BR-FR-12_BT-49"), (invoice.seller, "BR-FR-13_BT-34")):
        if party is None or party.electronic_address is None or not party.electronic_address.value:
            fail(rule, party or invoice, "electronic_address" if party is not None else "")


def _seller_is_known(invoice: Invoice, fail: Failing) -> None:
    seller = invoice.seller
    if is_siren(siren(seller)):
        return
    if fail.in_ubl and (seller is None or not holds(seller, "PartyLegalEntity")):
        return  # UBL's rule stands on that element and looks at nothing where there is none
    fail("BR-FR-10_BT-30", seller or invoice, "legal_registration" if seller is not None else "")


def siren(party: Party | None) -> str | None:
    """What stands as a SIREN (scheme 0002) in a party's registration, whether it is one or not."""
    if party is None or party.legal_registration is None or party.legal_registration.scheme != codes.SIREN:
        return None
    return party.legal_registration.value


def is_siren(value: str | None) -> bool:
    """Nine digits; the key is not looked at."""
    return value is not None and len(value) == _SIREN_DIGITS and value.isdecimal()


def seller_line(party: Party, fail: Failing) -> None:
    """The seller of one line."""
    _registration(party, fail)
    _sirens(party.identifiers, party, "identifiers", fail)


def item(article: Item, fail: Failing) -> None:
    """CII writes the identifier of an article as it does a party's, and the rule takes both."""
    if article.standard_identifier is not None and not fail.in_ubl:
        _sirens((article.standard_identifier,), article, "standard_identifier", fail)


def place(delivery: Delivery, term: str, fail: Failing) -> None:
    """Where it was delivered, for the invoice (BT-71) or a line (EXT-FR-FE-146)."""
    registration = delivery.legal_registration
    if registration is not None and registration.scheme == codes.SIREN and not is_siren(registration.value):
        fail("BR-FR-32-LEGALID", delivery, "legal_registration", value=registration.value)
    if delivery.location is None:
        return
    identifiers = (delivery.location, *delivery.other_locations)
    _schemes(identifiers, delivery, "location", term, fail)
    if not fail.in_ubl:
        _sirens(identifiers, delivery, "location", fail)
    if not fail.in_ubl or term == "BT-71":
        known = registration.value if registration is not None and registration.scheme == codes.SIREN else ""
        _siret(identifiers, known, delivery, "location", term, fail, is_optional=True)


def _registration(party: Party, fail: Failing) -> None:
    registration = party.legal_registration
    if registration is not None and registration.scheme == codes.SIREN and not is_siren(registration.value):
        fail("BR-FR-32-LEGALID", party, "legal_registration", value=registration.value)


def _sirens(identifiers: tuple[Identifier, ...], group: object, field: str, fail: Failing) -> None:
    for identifier in identifiers:
        if identifier.scheme in (codes.SIREN, codes.SINGLE_TAXABLE_PERSON) and not is_siren(identifier.value):
            fail("BR-FR-32-GLOBALID", group, field, value=identifier.value, scheme=identifier.scheme)


def _identifiers(party: Party, term: str, fail: Failing) -> None:
    identifiers = party.identifiers
    _schemes(identifiers, party, "identifiers", term, fail)
    _sirens(identifiers, party, "identifiers", fail)
    is_trader = term in ("BT-29", "BT-46")
    _siret(identifiers, siren(party), party, "identifiers", term, fail, is_optional=not is_trader)
    if not is_trader:
        return
    for identifier in identifiers:
        if identifier.scheme == codes.ROUTING_CODE:
            if not _SCHEME_FORMAT.fullmatch(identifier.value):
                fail(f"BR-FR-24_{term}", party, "identifiers", value=identifier.value)
            if len(identifier.value) > _MAX_ROUTING_CODE:
                fail(f"BR-FR-26_{term}", party, "identifiers", length=len(identifier.value))


def _schemes(identifiers: tuple[Identifier, ...], group: object, field: str, term: str, fail: Failing) -> None:
    seen: set[str] = set()
    for identifier in identifiers:
        scheme = identifier.scheme
        if scheme is None:
            if fail.in_ubl or holds_bare(group, "GlobalID"):  # CII's plain ID needs no scheme
                fail(f"BR-FR-CO-10_{term}-1", group, field, value=identifier.value)
        elif scheme in seen:
            fail(f"BR-FR-CO-10_{term}-2", group, field, scheme=scheme)
        else:
            seen.add(scheme)


def _siret(
    identifiers: tuple[Identifier, ...],
    known: str | None,
    group: object,
    field: str,
    term: str,
    fail: Failing,
    *,
    is_optional: bool,
) -> None:
    """The first SIRET against the SIREN. ``is_optional``: without a SIREN the SIRET speaks for itself."""
    siret = next((identifier.value for identifier in identifiers if identifier.scheme == codes.SIRET), None)
    if siret is None:
        return
    wanted = siret[:_SIREN_DIGITS] if is_optional and not known else known
    if len(siret) != _SIRET_DIGITS or not siret.isdecimal() or siret[:_SIREN_DIGITS] != wanted:
        fail(f"BR-FR-09_{term}", group, field, value=siret, siren=f" ({known})" if known else "")


def _address(party: Party, term: str, fail: Failing) -> None:
    address = party.electronic_address
    if address is None:
        return
    if address.scheme == codes.FRENCH_ADDRESS and not _SCHEME_FORMAT.fullmatch(address.value):
        fail(f"BR-FR-23_{term}", party, "electronic_address", value=address.value)
    if len(address.value) > _MAX_ADDRESS:
        fail(f"BR-FR-25_{term}", party, "electronic_address", length=len(address.value))
