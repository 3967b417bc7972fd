"""What is read is written, and read again the same: over the official samples, and from one syntax to the other."""

from collections import Counter
from dataclasses import fields, replace
from decimal import Decimal
from itertools import count
from typing import Any

import pytest

from plainchant.einvoice.model import Group, Identifier, Invoice, Line, Party, PaymentMeans
from plainchant.einvoice.profiles import PROFILES
from plainchant.einvoice.syntaxes import schema
from plainchant.einvoice.syntaxes.cii.read import read as read_cii
from plainchant.einvoice.syntaxes.cii.write import write as write_cii
from plainchant.einvoice.syntaxes.recognize import recognize
from plainchant.einvoice.syntaxes.ubl.read import read as read_ubl
from plainchant.einvoice.syntaxes.ubl.write import write as write_ubl
from plainchant.einvoice.syntaxes.xml import parse
from tests.einvoice.conformance.corpora import documents
from tests.einvoice.filling import filled

# What is no term of EN 16931 and has no place in UBL; `plainchant convert` names it.
OUTSIDE_UBL = frozenset({"seller_service_code", "lines.status_code", "payee.address", "payee.contact"})


def whole(shared):
    """Every document of the corpora, fragments of the unit tests included: its name, its tree, its root for UBL.

    The reduced forms have readers and writers of their own: `test_minimal_forms`.
    """
    for document in documents(shared):
        root = parse(document.data)
        syntax = recognize(document.data, root).syntax
        if syntax is None or not syntax.is_reduced:
            yield document, root, "creditnote" if root.tag.endswith("}CreditNote") else "invoice"


def terms(group: Group, path: str = "") -> Counter[tuple[str, Any]]:
    """Every value of an invoice by the path of its term; which of several it is does not count, nor do empty groups."""
    found: Counter[tuple[str, Any]] = Counter()
    for row in fields(group):
        name = f"{path}.{row.name}".lstrip(".")
        value = getattr(group, row.name)
        if not row.compare or name in OUTSIDE_UBL:
            continue
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, Group):
                found += terms(one, name)
            elif one not in (None, "", False) and name != "tax_totals.currency":
                found[name, one] += 1
    for total in group.tax_totals if isinstance(group, Invoice) else ():
        if total.currency not in (None, group.currency):  # the invoice's own may be left out
            found["tax_totals.currency", total.currency] += 1
    # A contact point (BT-41, BT-56) is a person or a department; UBL has one element for both.
    for who in ("seller", "buyer"):
        person, department = (
            [key for key in found if key[0] == f"{who}.contact.{kind}"] for kind in ("name", "department")
        )
        for key in department:
            del found[key]
            if not person:
                found[f"{who}.contact.name", key[1]] += 1
    found.pop(("supporting_documents.type_code", "916"), None)  # CII's way to say what UBL says by saying nothing
    for key in [key for key in found if key[0].endswith(".tax_type")]:
        del found[key]  # "VAT" of an empty category
    return found


def test_every_official_ubl_is_written_as_it_was_read(shared):
    seen = 0
    for path in sorted((shared / "corpora/en16931").rglob("*.[xX][mM][lL]")):
        if "unit" in str(path) or "cii" in str(path).lower() or "genericode" in str(path):
            continue
        root = parse(path.read_bytes())
        if not str(root.tag).endswith(("}Invoice", "}CreditNote")):
            continue
        seen += 1
        kind = "creditnote" if root.tag.endswith("}CreditNote") else "invoice"
        invoice = read_ubl(root).invoice
        again = parse(write_ubl(invoice, root=kind))
        assert read_ubl(again).invoice == invoice, path.name
        name = schema.UBL_CREDIT_NOTE if kind == "creditnote" else schema.UBL_INVOICE
        assert schema.validate(again, name) == [], path.name
    assert seen > 40


def test_every_official_cii_is_written_as_it_was_read_and_carried_into_ubl(shared):
    paths = [*(shared / "corpora/en16931/cii/examples").glob("*.xml"), *(shared / "corpora/aife").rglob("*.xml")]
    seen = 0
    for path in sorted(paths):
        root = parse(path.read_bytes())
        if not str(root.tag).endswith("}CrossIndustryInvoice"):
            continue
        seen += 1
        invoice = read_cii(root).invoice
        again = parse(write_cii(invoice))
        assert read_cii(again).invoice == invoice, path.name
        assert schema.validate(again, schema.CII) == [], path.name
        crossed = read_ubl(parse(write_ubl(invoice, root="invoice"))).invoice
        assert crossed.totals == invoice.totals
        assert crossed.vat_breakdown == invoice.vat_breakdown
        assert [line.net_amount for line in crossed.lines] == [line.net_amount for line in invoice.lines]
    assert seen > 70


def test_every_document_of_the_corpora_is_read_back_the_same(shared):
    seen: Counter[str] = Counter()
    for document, root, kind in whole(shared):
        reading = read_ubl(root) if document.syntax == "ubl" else read_cii(root)
        if any(wanted == "number" for _, _, wanted in reading.unreadables):
            continue  # of a number that is none, only the unit would be written
        seen[document.syntax] += 1
        invoice = reading.invoice
        if document.syntax == "ubl":
            # The schema demands the currency of a total of VAT: what lacks it is written with the invoice's.
            totals = tuple(replace(one, currency=one.currency or invoice.currency) for one in invoice.tax_totals)
            invoice = replace(invoice, tax_totals=totals)
            assert read_ubl(parse(write_ubl(invoice, root=kind))).invoice == invoice, document.name
        else:
            assert read_cii(parse(write_cii(invoice))).invoice == invoice, document.name
    assert seen["ubl"] > 1_150
    assert seen["cii"] > 100


def test_no_term_is_lost_from_one_syntax_to_the_other_and_back(shared):
    seen: Counter[str] = Counter()
    for document, root, kind in whole(shared):
        seen[document.syntax] += 1
        if document.syntax == "ubl":
            before = read_ubl(root).invoice
            across = read_cii(parse(write_cii(before))).invoice
            back = read_ubl(parse(write_ubl(across, root=kind))).invoice
        else:
            before = read_cii(root).invoice
            across = read_ubl(parse(write_ubl(before, root="invoice"))).invoice
            back = read_cii(parse(write_cii(across))).invoice
        if any(line.quantity is None and line.unit for line in before.lines):
            continue  # a unit of a number that is none
        assert terms(across) == terms(before), document.name
        assert terms(back) == terms(before), document.name
    assert seen["ubl"] > 1_150
    assert seen["cii"] > 100


# More extensions, of Factur-X, that UBL 2.1 has no place for; no term of EN 16931 is among them.
ONLY_CII = frozenset(
    """
    delivery.other_locations lines.delivery.other_locations
    lines.tax_inclusive_amount payee.trading_name payee.vat_identifier payee.tax_registration payee.legal_information
    tax_representative.trading_name tax_representative.identifiers tax_representative.legal_registration
    tax_representative.legal_information tax_representative.electronic_address
    """.split()
)


def test_every_term_of_the_model_is_carried():
    """``mime_code`` and ``filename`` are those of a content, which the filling leaves empty."""
    invoice = filled(Invoice, count(1001), [])
    notes = tuple(replace(note, subject_code="AAI") for note in invoice.notes)
    before = terms(replace(invoice, notes=notes))
    for read, write, absent in ((read_cii, write_cii, frozenset()), (read_ubl, write_ubl, ONLY_CII)):
        lost = before - terms(read(parse(write(replace(invoice, notes=notes)))).invoice)
        names = {name for name, _ in lost} - {"supporting_documents.mime_code", "supporting_documents.filename"}
        groups = ("payee.contact", "payee.address", "tax_representative.contact")  # of EXTENDED, whole
        assert {name for name in names if not name.startswith(groups) and "department" not in name} == absent, write


# What a schema wants, or says twice, where the invoice says nothing.
BARE = {
    "nobody": Invoice(number="F-1"),
    "nameless": Invoice(seller=Party(), buyer=Party(identifiers=(Identifier("1", "0088"), Identifier("2")))),
    "only the seller's order": Invoice(sales_order_reference="C-1"),
    "a line without a number": Invoice(lines=(Line(net_amount=Decimal(5)),)),
    "a payment without a code": Invoice(payment_means=(PaymentMeans(text="virement"),)),
}


@pytest.mark.parametrize("invoice", BARE.values(), ids=BARE)
def test_what_is_not_said_stays_unsaid(invoice):
    assert terms(read_ubl(parse(write_ubl(invoice))).invoice) == terms(invoice)
    assert terms(read_cii(parse(write_cii(invoice))).invoice) == terms(invoice)


@pytest.mark.parametrize(
    "profile", [profile for profile in PROFILES if profile.schema], ids=lambda profile: profile.name
)
def test_each_profile_is_held_by_its_own_schema(shared, profile):
    paths = sorted((shared / "corpora/en16931/cii/examples").glob("*.xml"))
    for path in paths:
        invoice = replace(read_cii(parse(path.read_bytes())).invoice, supporting_documents=())
        assert schema.validate(parse(write_cii(invoice, profile=profile)), profile.schema) == [], path.name
    assert len(paths) > 10
