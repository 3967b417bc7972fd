"""Chorus Pro's data are found wherever they were written, and written where the reform wants them."""

import base64
from dataclasses import replace
from datetime import datetime

import pytest
from lxml import etree

from plainchant.einvoice.chorus import ChorusData, header, placements, strict, type_of
from plainchant.einvoice.model import Identifier, Invoice, Party, SupportingDocument
from plainchant.einvoice.syntaxes.attached import opened
from plainchant.einvoice.syntaxes.cii.read import read as read_cii
from plainchant.einvoice.syntaxes.cii.write import write as write_cii
from plainchant.einvoice.syntaxes.mixed.write import write as write_mixed
from plainchant.einvoice.syntaxes.pivot.write import write
from plainchant.einvoice.syntaxes.reading import Reading
from plainchant.einvoice.syntaxes.reduced import READABLE
from plainchant.einvoice.syntaxes.writing import FormError
from plainchant.einvoice.syntaxes.xml import parse
from tests.einvoice.rules import smallest_chorus as smallest
from tests.spellings import spellings

SIRET = "12345678200036"


def found_in(reading: Reading) -> ChorusData:
    return placements(reading.invoice, reading.facts)


def read_back(invoice: Invoice):
    return read_cii(parse(write_cii(invoice)))


@pytest.mark.parametrize("scheme", ["1", "0009", "0002", "SIRET", None])
def test_a_siret_is_a_siret_under_every_documented_scheme(scheme):
    data = found_in(read_back(Invoice(buyer=Party(legal_registration=Identifier(SIRET, scheme)))))
    assert data.buyer is not None
    assert data.buyer.value == SIRET
    assert type_of(SIRET, scheme) == "1"


def test_a_siren_is_no_siret():
    assert type_of("123456782", "0002") == ""


@pytest.mark.parametrize("scheme", ["1", "0009", "0002", None])
def test_a_siret_is_the_same_however_it_is_written(scheme):
    for text in spellings(SIRET):
        party = Party(legal_registration=Identifier(text, scheme))
        data = placements(Invoice(seller=party, buyer=party))
        assert data.seller is not None
        assert data.buyer is not None
        assert (data.seller.value, data.seller_type, data.buyer.value) == (SIRET, "1", SIRET)


def test_names_keep_their_points_and_numbers_do_not():
    def known(value: str, scheme: str) -> str:
        data = placements(Invoice(seller=Party(legal_registration=Identifier(value, scheme))))
        return data.seller.value if data.seller else ""

    assert known("be 0429.958.042", "0223") == "BE0429958042"
    assert known("KR Samsung-Mobile", "0227") == "KRSamsung-Mobile"
    assert known("SIRET à venir", "0009") == "SIRET à venir"


def test_a_siren_says_more_than_an_identifier_of_nobody_knows_what():
    siren, gln = Identifier("123456782", "0002"), Identifier("4006381333931", "0088")
    for identifiers in ((siren, gln), (gln, siren)):
        data = placements(Invoice(seller=Party(identifiers=identifiers)))
        assert (data.seller and data.seller.value, data.seller_type) == ("123456782", "")


def test_the_service_is_found_in_both_places_and_the_strict_one_wins():
    routed = Party(identifiers=(Identifier("SERVICE-2", "0224"), Identifier(SIRET, "0009")))
    found = found_in(read_back(Invoice(buyer=routed)))
    assert found.buyer_service is not None
    assert (found.buyer_service.value, found.buyer_service.is_strict) == ("SERVICE-2", False)
    found = found_in(read_back(Invoice(buyer=routed, buyer_reference="SERVICE-1")))
    assert found.buyer_service is not None
    assert (found.buyer_service.value, found.buyer_service.is_strict) == ("SERVICE-1", True)


def test_a_missing_cadre_is_a1_and_a_peppol_process_is_none():
    assert found_in(read_back(Invoice())).cadre_code == "A1"
    assert found_in(read_back(Invoice(business_process="urn:fdc:peppol.eu:2017:poacc"))).cadre_code == "A1"
    assert found_in(read_back(Invoice(business_process="A9"))).cadre_code == "A9"


def test_what_is_made_strict_says_the_same():
    buyer = Party(identifiers=(Identifier("SERVICE-2", "0224"),), legal_registration=Identifier(SIRET, "1"))
    reading = read_back(Invoice(buyer=buyer))
    before = found_in(reading)
    made = strict(reading.invoice, before)
    assert made.buyer is not None
    assert made.buyer.legal_registration == Identifier(SIRET, "0009")
    assert made.buyer_reference == "SERVICE-2"
    after = found_in(read_back(made))
    assert header(made, after) == replace(header(reading.invoice, before), billing_framework="A1")


def test_the_official_samples_become_valid_pivots(shared):
    schema = etree.XMLSchema(etree.parse(shared / "corpora/pivot/xsd/CPPFacturePivot_V2_02.xsd"))
    paths = sorted((shared / "corpora/aife/aife-fso1116a-cii").glob("*.xml"))
    for path in paths:
        reading = read_cii(parse(path.read_bytes()))
        made = write(reading.invoice, chorus=found_in(reading), at=datetime(2026, 11, 24), readable=b"%PDF-")  # noqa: DTZ001
        schema.assertValid(etree.fromstring(made))
    assert len(paths) > 30


def in_pivot(made: bytes) -> list[tuple[str | None, str | None, bytes]]:
    """Each document of a pivot, in its order: type, name, bytes; the file in the ZIP has the same name."""
    found = []
    for attached in etree.fromstring(made).iter("PJ"):
        name, content = opened(attached.findtext("Contenu") or "")
        assert name == attached.findtext("NomPJ")
        found.append((attached.findtext("TypePJ"), name, content))
    return found


ANNEX = SupportingDocument(reference="plan.pdf", content=base64.b64encode(b"%PDF-1").decode())
PAGE = SupportingDocument(
    reference="ma-facture.pdf", description=READABLE, content=base64.b64encode(b"%PDF-2").decode()
)


@pytest.mark.parametrize(
    ("documents", "expected"),
    [
        ((), [("01", "Facture_F2026_001.pdf", b"%PDF-0")]),
        ((ANNEX,), [("01", "Facture_F2026_001.pdf", b"%PDF-0"), ("02", "plan.pdf", b"%PDF-1")]),
        ((ANNEX, PAGE), [("01", "ma-facture.pdf", b"%PDF-2"), ("02", "plan.pdf", b"%PDF-1")]),
    ],
    ids=["no document", "an annex alone", "the page among them"],
)
def test_a_page_is_drawn_into_a_pivot_only_for_an_invoice_without_one(documents, expected):
    invoice = smallest.valid(supporting_documents=documents)
    assert in_pivot(write(invoice, readable=b"%PDF-0")) == expected


@pytest.mark.parametrize("to", [write, write_mixed])
@pytest.mark.parametrize("scheme", ["0002", "0088", None])
def test_a_seller_of_an_unknown_kind_is_never_said_to_be_registering(to, scheme):
    with pytest.raises(FormError, match="il manque un identifiant du fournisseur"):
        to(smallest.known_as("seller", Identifier("123456782", scheme)), readable=b"%PDF-")
    pivot = to(smallest.known_as("seller", Identifier("À venir", "6")), readable=b"%PDF-")
    assert b"<TypeIdentifiant>6</TypeIdentifiant>" in pivot


def test_a_pivot_that_lacks_something_is_refused_with_a_sentence():
    reading = read_back(Invoice(number="F-1"))
    with pytest.raises(FormError, match="il manque"):
        write(reading.invoice, chorus=found_in(reading), at=datetime(2026, 11, 24))  # noqa: DTZ001
