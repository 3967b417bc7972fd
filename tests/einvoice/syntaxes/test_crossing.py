"""From one syntax to the other: what comes out follows its schema, what does not come out is named, what is new too.

The comparison knows nothing of the reader (`leaf_comparison`): what is lost must be shown by a sentence of the
conversion, with its value or by the words of its row in `NAMED`.
"""

from __future__ import annotations

import re
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import count

import pytest
from lxml import etree

from plainchant.einvoice.chorus import placements, strict
from plainchant.einvoice.conversion import Conversion, convert
from plainchant.einvoice.losses import labelled
from plainchant.einvoice.model import Invoice, Note, Price, SupportingDocument
from plainchant.einvoice.syntaxes import schema
from plainchant.einvoice.syntaxes.recognize import recognize
from plainchant.einvoice.syntaxes.table import SYNTAXES, Syntax
from plainchant.einvoice.syntaxes.writing import FormError
from plainchant.einvoice.syntaxes.xml import parse
from tests.einvoice.conformance.corpora import documents
from tests.einvoice.drawing.bills import school_visit
from tests.einvoice.filling import filled
from tests.einvoice.syntaxes.leaf_comparison import LeafOfFile, lost

# What no sentence shows with its value: where it stood, and the words that name it.
NAMED = (
    (r"LineStatusCode$", "statut de la ligne"),
    (r"InvoiceIssuerReference$", "Service du fournisseur"),
    (r"LineMonetarySummation/GrandTotalAmount$", "Ligne 1, montant TTC"),
    (r"ShipToTradeParty/GlobalID$", "autre identifiant du lieu"),
    (r"PayeeTradeParty/DefinedTradeContact/", "Bénéficiaire du paiement, contact"),
    (r"PayeeTradeParty/PostalTradeAddress/", "Bénéficiaire du paiement, adresse"),
    (r"PayeeTradeParty/", "Bénéficiaire du paiement, "),
    (r"TaxRepresentativeTradeParty/", "Représentant fiscal, "),
    (r"ItemSellerTradeParty/DefinedTradeContact/DepartmentName$", "Ligne 1, fournisseur, contact, service"),
    (r"SellerTradeParty/DefinedTradeContact/DepartmentName$", "Fournisseur, contact, service"),
    (r"BuyerTradeParty/DefinedTradeContact/DepartmentName$", "Acheteur, contact, service"),
    (r"DefinedTradeContact/DepartmentName$", ", contact, service"),
    (r"(PostalTradeAddress|RegistrationAddress)/", "adresse"),
    (r"AllowanceCharge\[neither\]/", "une remise ou des frais"),
    (r"GrossPriceProductTradePrice/BasisQuantity$", "la quantité d’un prix brut"),
    (r"InvoicePeriod/DescriptionCode$", "l’exigibilité de la TVA"),
    (r"/@unitCode$", "unité"),
    (r"/@currencyID$", "une autre monnaie que celle de la facture"),
)
# What is in the new file alone: where, and the words that say so.
ADDED = (
    (r"^DocumentCurrencyCode$", "La monnaie n’était pas indiquée"),
    (r"^TaxTotal/TaxAmount$", "Le total de TVA n’était pas indiqué"),
    (r"^InvoiceLine/Price/AllowanceCharge\[allowance\]/Amount$", "Un prix brut était donné sans sa remise"),
    (r"GrossPriceProductTradePrice/ChargeAmount$", "Une remise sur le prix était donnée sans le prix brut"),
)


def form(root: etree._Element, syntax: Syntax) -> str:
    local = etree.QName(root).localname
    return next(xsd for name, xsd in syntax.schemas.items() if xsd and name.endswith(f":{local}"))


def other(syntax: Syntax) -> Syntax:
    return SYNTAXES["ubl" if syntax.name == "cii" else "cii"]


def explained(leaf: LeafOfFile, sentences: tuple[str, ...], rows: tuple[tuple[str, str], ...]) -> bool:
    if any(leaf.value in " ".join(sentence.split()) for sentence in sentences):
        return True
    words = next((words for path, words in rows if re.search(path, leaf.path)), None)
    return words is not None and any(words in sentence for sentence in sentences)


def unexplained(before: etree._Element, made: Conversion) -> Iterator[LeafOfFile]:
    after = parse(made.written)
    yield from (leaf for leaf in lost(before, after) if not explained(leaf, made.lost, NAMED))
    yield from (leaf for leaf in lost(after, before) if not explained(leaf, made.added, ADDED))


def test_nothing_is_lost_or_added_without_a_word_and_no_schema_is_broken(shared):
    """All that the corpora have of UBL and CII, also the fragments of the official unit tests, which have no schema."""
    counts: Counter[str] = Counter()
    for document in documents(shared):
        root = parse(document.data)
        syntax = recognize(document.data, root).syntax
        if syntax is None or syntax.name not in ("ubl", "cii"):
            continue
        is_valid, target = not schema.validate(root, form(root, syntax)), other(syntax)
        try:
            made = convert(syntax.read(root), to=target)
        except FormError:
            counts["refused, valid" if is_valid else "refused"] += 1
            continue
        counts["converted, valid" if is_valid else "converted"] += 1
        assert list(unexplained(root, made)) == [], document.name
        if is_valid:
            out = parse(made.written)
            assert schema.validate(out, form(out, target)) == [], document.name
    assert counts["converted, valid"] > 140
    assert counts["converted"] > 1100
    assert counts["refused, valid"] <= 5  # of the profile MINIMUM, without a line


@pytest.mark.parametrize("source", ["ubl", "cii"])
def test_an_invoice_with_every_term_loses_what_is_named_alone(source):
    """EN 16931's and EXTENDED's: what is beyond the terms of `published_terms` must stand somewhere."""
    syntax = SYNTAXES[source]
    invoice = replace(filled(Invoice, count(1001), []), notes=(Note(subject_code="REG", text="note"),))
    root = parse(syntax.write(invoice))
    made = convert(syntax.read(root), to=other(syntax))
    assert list(unexplained(root, made)) == []


def test_the_comparison_sees_a_value_that_is_lost_or_moved():
    before = parse(SYNTAXES["ubl"].write(school_visit(purchase_order_reference="E1", contract_reference="M1")))
    moved = parse(SYNTAXES["cii"].write(school_visit(purchase_order_reference="M1", contract_reference="E1")))
    assert [(leaf.term, leaf.value) for leaf in lost(before, moved)] == [("BT-13", "E1"), ("BT-12", "M1")]
    (line,) = school_visit().lines
    two = parse(SYNTAXES["ubl"].write(school_visit(lines=(line, line))))
    assert {leaf.line for leaf in lost(two, parse(SYNTAXES["cii"].write(school_visit())))} == {2}


def crossed(xml: bytes, old: str, new: str, *, source: str = "ubl") -> tuple[str, ...]:
    """What the conversion says is lost of a file with ``new`` for ``old``."""
    text = xml.decode()
    assert old in text
    root = parse(text.replace(old, new).encode())
    syntax = SYNTAXES[source]
    made = convert(syntax.read(root), to=other(syntax))
    assert list(unexplained(root, made)) == []
    return tuple(sentence.replace("\u00a0", " ") for sentence in made.lost)


def priced() -> Invoice:
    (line,) = school_visit().lines
    price = Price(net=Decimal(8), discount=Decimal(2), gross=Decimal(10), base_quantity=Decimal(1))
    return school_visit(lines=(replace(line, price=price),))


@pytest.mark.parametrize("source", ["ubl", "cii"])
def test_a_charge_on_a_price_is_no_discount(source):
    xml = SYNTAXES[source].write(priced())
    sentences = crossed(xml, ">false<", ">true<", source=source)
    assert [sentence for sentence in sentences if "remise" in sentence and "« true 2" in sentence]


def test_an_amount_in_another_currency_is_named():
    xml = SYNTAXES["ubl"].write(school_visit(currency="EUR"))
    (sentence,) = crossed(xml, '<cbc:PayableAmount currencyID="EUR">', '<cbc:PayableAmount currencyID="USD">')
    assert "une autre monnaie que celle de la facture (« USD »" in sentence


def test_the_quantity_of_a_gross_price_is_named_where_it_is_not_that_of_the_net_price():
    xml = SYNTAXES["cii"].write(priced())
    gross, quantity = "<ram:ChargeAmount>10</ram:ChargeAmount>", "<ram:BasisQuantity>{}</ram:BasisQuantity>"
    words = "la quantité d’un prix brut"
    assert not [row for row in crossed(xml, gross, gross + quantity.format(1), source="cii") if words in row]
    words += " (« 100 »"
    assert [row for row in crossed(xml, gross, gross + quantity.format(100), source="cii") if words in row]


def test_what_only_chorus_pro_reads_is_named_unless_it_is_put_where_the_reform_wants_it():
    invoice = school_visit(buyer_reference=None, business_process=None)
    assert invoice.buyer is not None
    xml = SYNTAXES["ubl"].write(replace(invoice, buyer=replace(invoice.buyer, identifiers=()))).decode()
    extension = (
        '<ext:UBLExtensions xmlns:ext="urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2">'
        "<ext:UBLExtension><ext:ExtensionContent><cbc:CategoryCode>A9</cbc:CategoryCode></ext:ExtensionContent>"
        "</ext:UBLExtension></ext:UBLExtensions><cbc:CustomizationID>"
    )
    contact = "<cac:AccountingContact><cbc:ID>COMPTA</cbc:ID></cac:AccountingContact></cac:AccountingCustomerParty>"
    xml = xml.replace("<cbc:CustomizationID>", extension).replace("</cac:AccountingCustomerParty>", contact)
    reading = SYNTAXES["ubl"].read(parse(xml.encode()))
    words = [sentence.replace("\u00a0", " ") for sentence in convert(reading, to=SYNTAXES["cii"]).lost]
    assert "Cadre de facturation (« A9 »)" in words
    assert "Service de l’acheteur (« COMPTA »)" in words
    reading.invoice = strict(reading.invoice, placements(reading.invoice, reading.facts))
    assert [row for row in convert(reading, to=SYNTAXES["cii"]).lost if "A9" in row or "COMPTA" in row] == []


@pytest.mark.parametrize("source", ["ubl", "cii"])
def test_an_attachment_arrives_as_it_was_even_one_that_is_no_base64(source):
    contents = ("JVBERi0xLjQ=", "a<b&c>d\r\n\té", "0" * 32, "JVBERi0xLjQ=")
    documents = tuple(SupportingDocument(reference=f"a{n}", content=word) for n, word in enumerate(contents))
    root = parse(SYNTAXES[source].write(school_visit(supporting_documents=documents)))
    made = convert(SYNTAXES[source].read(root), to=other(SYNTAXES[source]))
    again = other(SYNTAXES[source]).read(parse(made.written)).invoice
    assert [document.content for document in again.supporting_documents] == list(contents)
    assert list(unexplained(root, made)) == []


def test_a_facturx_of_no_named_profile_says_what_en_16931_does_not_hold():
    invoice = school_visit(seller_service_code="ATELIER")
    reading = SYNTAXES["cii"].read(parse(SYNTAXES["cii"].write(invoice)))
    made = convert(reading, to=SYNTAXES["facturx"])
    assert made.written.startswith(b"%PDF-")
    assert "Service du fournisseur" in made.lost


@pytest.mark.parametrize("source", ["ubl", "cii"])
def test_attachments_are_not_copied_again_and_again(source):
    size = 4 * 2**20
    documents = tuple(SupportingDocument(reference=f"a{n}", content="A" * (size // 4)) for n in range(4))
    reading = SYNTAXES[source].read(parse(SYNTAXES[source].write(school_visit(supporting_documents=documents))))
    convert(reading, to=other(SYNTAXES[source]))  # what is made once in a process
    tracemalloc.start()
    try:
        made = convert(reading, to=other(SYNTAXES[source]))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(made.written) > size
    assert peak < 2 * size  # the file, and one attachment on its way


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("lines[2].delivery.actual_date", "Ligne 2, livraison, date de livraison"),
        ("seller_service_code", "Service du fournisseur"),
        ("payee.contact.email", "Bénéficiaire du paiement, contact, courriel"),
    ],
)
def test_a_term_is_called_by_its_french_name(path, words):
    assert list(labelled([path, path])) == [words]
