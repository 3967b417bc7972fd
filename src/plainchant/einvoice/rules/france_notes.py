"""BR-FR on notes (BG-1): the mentions the law wants, and the note (BAR) that says how an invoice is to be treated.

In UBL a note's subject stands in its text, « #PMT#… », and the official rules read all notes as one text, a « # »
between them. In CII each note stands for itself.
"""

from __future__ import annotations

from plainchant.einvoice.codes import france as codes
from plainchant.einvoice.model import Invoice, Party

from .france_names import Failing
from .france_parties import is_siren, siren
from .source import holds

_WANTED = (codes.RECOVERY_FEE, codes.LATE_PENALTY, codes.EARLY_PAYMENT)


def check(invoice: Invoice, fail: Failing) -> None:
    """Everything that depends on what notes say."""
    if fail.in_ubl:
        _in_ubl(invoice, fail)
    else:
        _in_cii(invoice, fail)


def _in_cii(invoice: Invoice, fail: Failing) -> None:
    texts: dict[str, list[str]] = {}
    for note in invoice.notes:
        if note.subject_code is not None:
            texts.setdefault(note.subject_code, []).append(note.text or "")
    _mentions({code: len(texts_of_code) for code, texts_of_code in texts.items()}, invoice, fail)
    treatments = texts.get(codes.TREATMENT, [])
    for treatment in treatments:
        if treatment not in codes.TREATMENTS:
            fail("BR-FR-20_BT-21", invoice, "notes", value=treatment)
    if sum(treatment in codes.TREATMENTS for treatment in treatments) > 1:
        fail("BR-FR-31_BT-21", invoice, "notes")
    if "B2B" in treatments:
        _between_companies(invoice, fail)
    _single_taxable_person(invoice, codes.SINGLE_TAXABLE_MEMBER in texts.get(codes.TAX_NOTE, []), fail)


def _in_ubl(invoice: Invoice, fail: Failing) -> None:
    written = [
        f"#{note.subject_code}#{note.text or ''}" if note.subject_code is not None else note.text or ""
        for note in invoice.notes
    ]
    text = "#".join(written)
    _mentions({code: text.count(f"#{code}#") for code in (*_WANTED, codes.TAX_NOTE)}, invoice, fail)
    treatment = _said(text, codes.TREATMENT)
    if treatment and treatment not in codes.TREATMENTS:
        fail("BR-FR-20_BT-21", invoice, "notes", value=treatment)
    treated = "".join(note for note in written if f"#{codes.TREATMENT}#" in note) + "#"
    if sum(treated.count(f"{codes.TREATMENT}#{treatment}#") for treatment in codes.TREATMENTS) > 1:
        fail("BR-FR-31_BT-21", invoice, "notes")
    if treatment == "B2B":
        _between_companies(invoice, fail)
    _single_taxable_person(invoice, _said(text, codes.TAX_NOTE) == codes.SINGLE_TAXABLE_MEMBER, fail)


def _said(text: str, code: str) -> str:
    """What follows ``#code#``, up to the next #."""
    return text.partition(f"#{code}#")[2].partition("#")[0]


def _mentions(counts: dict[str, int], invoice: Invoice, fail: Failing) -> None:
    missing = [code for code in _WANTED if not counts.get(code)]
    if missing and (fail.in_ubl or holds(invoice, "ExchangedDocument")):
        for code in missing:
            fail(f"BR-FR-05_BT-22_{code}", invoice, "notes")
    for code in (*_WANTED, codes.TAX_NOTE):
        if counts.get(code, 0) > 1:
            fail(f"BR-FR-06_BT-21_{code}", invoice, "notes")


def _between_companies(invoice: Invoice, fail: Failing) -> None:
    buyer = invoice.buyer
    if not is_siren(siren(buyer)):
        fail("BR-FR-11_BT-47", buyer or invoice, "legal_registration" if buyer is not None else "")
    is_self_billed = invoice.type_code in codes.SELF_BILLED_TYPES
    rule, party = ("BR-FR-22_BT-34", invoice.seller) if is_self_billed else ("BR-FR-21_BT-49", buyer)
    if not _has_address_of_its_siren(party, fail):
        fail(rule, party or invoice, "electronic_address" if party is not None else "")


def _has_address_of_its_siren(party: Party | None, fail: Failing) -> bool:
    if party is None or party.electronic_address is None:
        return False
    if party.electronic_address.scheme != codes.FRENCH_ADDRESS:
        return False
    known = siren(party)
    if not fail.in_ubl and party.legal_registration is not None:
        known = party.legal_registration.value  # under any scheme
    return party.electronic_address.value.startswith(known or "")


def _single_taxable_person(invoice: Invoice, is_said: bool, fail: Failing) -> None:
    seller = invoice.seller
    if seller is None or all(identifier.scheme != codes.SINGLE_TAXABLE_PERSON for identifier in seller.identifiers):
        return
    if not is_said:
        fail("BR-FR-CO-14_BT-29-1", invoice, "notes")
    representative = invoice.tax_representative
    number = representative.vat_identifier if representative is not None else None
    if fail.in_ubl and not number and representative is not None:
        number = representative.tax_registration  # UBL's rule takes a number of any tax
    if not number:
        fail("BR-FR-CO-15_BT-29-1", representative or invoice, "vat_identifier" if representative else "")
