"""A table of invoices: each row an invoice of its own issuer, each wrong one told by its row and its cell."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile

from plainchant.capture.billing_table import billing_rows
from plainchant.capture.spreadsheet import read_workbook
from plainchant.einvoice.syntaxes.facturx.extract import extract
from plainchant.einvoice.verdict import check
from plainchant.portal.flows.models import Flow, FlowInvoice, Packaging, State
from plainchant.portal.flows.operations import FlowRefused, process
from plainchant.portal.invoices.models import Invoice, InvoiceFile
from plainchant.portal.lib.time import now
from plainchant.portal.store.operations import keep, register
from plainchant.portal.store.queries import read_bytes
from plainchant.portal.structures.models import BankAccount
from tests.making import a_member, a_service, a_structure, a_town, an_attachment, mandated
from tests.portal.flows.making_flows import sent
from tests.portal.flows.tables import a_row, a_table

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

IBAN, OTHER = "FR7600000000010000000017736", "FR7600000000010000000017833"


@pytest.fixture
def at():
    return now()


@pytest.fixture
def seller(at):
    return a_structure(at=at, address_line="1 rue des Essais", postcode="99120", city="Valbrume")


@pytest.fixture
def user(seller, at):
    person = a_member(structure=seller, at=at)
    mandated(seller, by=person, at=at)
    return person


@pytest.fixture
def other(user, at):
    """Another structure that the same person bills for."""
    structure = a_structure(at=at, name="Atelier du Bac", vat_number="FR57902100015")
    an_attachment(person=user, structure=structure, at=at)
    mandated(structure, by=user, at=at)
    return structure


@pytest.fixture
def town(at):
    return a_town(at=at, address_line="1 place du Marché", postcode="99120")


@pytest.fixture
def handed_in(seller, user, at):
    def hand_in(rows, *, processed: bool = True, **more) -> Flow:
        content = a_table(rows, **more) if isinstance(rows, list) else rows
        return sent(content, structure=seller, user=user, at=at, name="novembre.xlsx", processed=processed)

    return hand_in


def told(flow: Flow) -> dict[str, list[tuple[str, str]]]:
    """Row → the rule and the cell of each thing that is wrong with it."""
    rows = FlowInvoice.objects.filter(flow=flow)
    return {row.name: [(finding["rule"], finding["path"]) for finding in row.findings] for row in rows}


def test_each_row_is_an_invoice_of_its_own_issuer(handed_in, seller, other, town):
    flow = handed_in(
        [
            a_row("F-1", seller=seller.identifier, buyer=town.identifier, quantity=2, unit="heure"),
            a_row("F-1", seller=other.identifier, buyer=town.identifier, vat="20 %", price="1 250,50"),
        ]
    )
    assert (flow.packaging, flow.expected) == (Packaging.WORKBOOK, 2)
    assert (flow.state, flow.accepted) == (State.INTEGRATED, 2), told(flow)
    first, second = Invoice.objects.get(seller=seller), Invoice.objects.get(seller=other)
    assert (first.tax_inclusive_amount, first.tax_amount) == (Decimal(500), 0)
    assert (second.tax_exclusive_amount, second.tax_inclusive_amount) == (Decimal("1250.50"), Decimal("1500.60"))
    assert first.issue_date == date(2026, 11, 2)


def test_the_recipient_gets_a_legible_factur_x(handed_in, seller, town, user, at):
    BankAccount.objects.create(structure=seller, label="A", iban=IBAN, created_at=at, created_by=user)
    handed_in([a_row("F-1", seller=seller.identifier, buyer=town.identifier)])
    made = Invoice.objects.get()
    [file] = InvoiceFile.objects.filter(invoice=made)
    pdf = read_bytes(stored=file.stored)
    assert (file.role, file.name) == ("01", "F-1.pdf")
    assert b"CrossIndustryInvoice" in extract(pdf).xml
    verdict = check(pdf, at=made.issue_date)
    found = {layer.name: [one.rule for one in layer.findings if one.severity == "fatal"] for layer in verdict.layers}
    assert found["schema"] == found["chorus"] == found["en16931"] == []


def test_wrong_rows_are_told_by_their_cells_and_the_others_go_on(handed_in, seller, town):
    right = {"seller": seller.identifier, "buyer": town.identifier}
    flow = handed_in(
        [
            a_row("F-1", **right),
            a_row("F-2", **right, issue_date="hier", vat="19,6"),
            a_row("F-3", **{**right, "buyer": "123"}),
            a_row("F-4", **right, price=None),
            a_row("F-5", **right, unit="brouette", quantity="beaucoup"),
            a_row("F-un-numero-beaucoup-trop-long", **right),
            a_row("F-7", **{**right, "seller": "12345678200044"}),
            a_row("F-8", **{**right, "buyer": "12345678200051"}),
            {"seller": seller.identifier, "seller_name": "une ligne que le modèle avait commencée"},
        ]
    )
    assert told(flow) == {
        "Factures, ligne 2": [],
        "Factures, ligne 3": [("TABLEAU-DATE", "E3"), ("TABLEAU-TVA", "N3")],
        "Factures, ligne 4": [("TABLEAU-SIRET", "F4")],
        "Factures, ligne 5": [("TABLEAU-CASE-VIDE", "M5")],
        "Factures, ligne 6": [("TABLEAU-NOMBRE", "K6"), ("TABLEAU-CHOIX", "L6")],
        "Factures, ligne 7": [("CPRO-G1.05-LONGUEUR", "C7")],
        "Factures, ligne 8": [("FLUX-FOURNISSEUR", "A8")],
        "Factures, ligne 9": [("ANNUAIRE-DESTINATAIRE-INCONNU", "F9")],
    }
    assert (flow.accepted, flow.refused) == (1, 7)
    said = FlowInvoice.objects.get(flow=flow, name="Factures, ligne 3").findings[0]["message"]
    assert said.startswith("Case E3, «\u00a0Date de facture\u00a0»\u00a0: ")


def test_the_table_mended_and_sent_again_doubles_nothing(handed_in, seller, town):
    right = {"seller": seller.identifier, "buyer": town.identifier}
    handed_in([a_row("F-1", **right), a_row("F-2", **right, price=None)])
    again = handed_in([a_row("F-1", **right), a_row("F-2", **right)])
    assert (again.state, again.accepted, again.refused) == (State.INTEGRATED, 2, 0)
    assert told(again)["Factures, ligne 2"] == [("FLUX-DEJA-PRISE", "")]
    assert Invoice.objects.count() == 2


def test_only_structures_one_is_attached_to(handed_in, town, at):
    stranger = a_structure(at=at, name="Autre atelier")
    flow = handed_in([a_row("F-1", seller=stranger.identifier, buyer=town.identifier)])
    assert told(flow) == {"Factures, ligne 2": [("FLUX-FOURNISSEUR", "A2")]}
    assert not Invoice.objects.exists()


def test_the_account_is_one_of_the_issuers(handed_in, seller, town, user, at):
    right = {"seller": seller.identifier, "buyer": town.identifier}
    BankAccount.objects.create(structure=seller, label="A", iban=IBAN, created_at=at, created_by=user)
    handed_in([a_row("F-1", **right)])
    assert Invoice.objects.get().document["payment_account"] == IBAN
    flow = handed_in([a_row("F-2", **right, iban=OTHER), a_row("F-3", **right, iban="FR76123")])
    assert told(flow) == {
        "Factures, ligne 2": [("TABLEAU-COMPTE-INCONNU", "O2")],
        "Factures, ligne 3": [("TABLEAU-IBAN", "O3")],
    }
    BankAccount.objects.create(structure=seller, label="B", iban=OTHER, created_at=at, created_by=user)
    flow = handed_in([a_row("F-4", **right), a_row("F-5", **right, iban="FR76 0000 0000 0100 0000 0017 833")])
    assert told(flow) == {"Factures, ligne 2": [("TABLEAU-COMPTE", "O2")], "Factures, ligne 3": []}


def test_what_the_recipient_demands_is_asked(handed_in, seller, town):
    town.requires_service = True
    town.save()
    a_service(structure=town, code="CULTURE")
    right = {"seller": seller.identifier, "buyer": town.identifier}
    flow = handed_in([a_row("F-1", **right), a_row("F-2", **right, service="CULTURE", commitment="EJ-1")])
    assert told(flow) == {"Factures, ligne 2": [("ANNUAIRE-SERVICE-ABSENT", "G2")], "Factures, ligne 3": []}
    assert Invoice.objects.get().buyer_service.code == "CULTURE"


def test_headings_may_be_typed_and_ordered_otherwise(handed_in, seller, town):
    flow = handed_in(
        [a_row("F-1", seller=seller.identifier, buyer=town.identifier)],
        headings={"seller": "SIRET DE L'EMETTEUR *", "number": " Numéro  de facture", "comment": "Autre chose"},
        sheet="Novembre",
    )
    assert told(flow) == {"Novembre, ligne 2": []}


def test_a_siret_kept_as_a_number_is_understood():
    [row] = billing_rows(read_workbook(a_table([a_row("F-1", seller="1", buyer="1") | {"buyer": 2345678200036}])))
    assert row.values["buyer"] == "02345678200036"


def test_a_workbook_that_is_no_table_is_refused_at_once(handed_in):
    with pytest.raises(FlowRefused, match="pas un tableau de factures") as refused:
        handed_in([], headings={"seller": "Nom", "number": "Prénom"})
    assert refused.value.code == "IRR_TYPE_F"
    with pytest.raises(FlowRefused, match="Aucune ligne") as refused:
        handed_in([])
    assert refused.value.code == "IRR_VIDE_F"
    with pytest.raises(FlowRefused, match="plus de 500"):
        handed_in([a_row(f"F-{n}", seller="1", buyer="1") for n in range(501)])
    assert not Flow.objects.exists()


def test_a_table_that_can_no_longer_be_read_is_told_as_one(handed_in, seller, town, at):
    flow = handed_in([a_row("F-1", seller=seller.identifier, buyer=town.identifier)], processed=False)
    file = ContentFile(a_table([], headings={"seller": "Nom", "number": "Prénom"}), name="novembre.xlsx")
    stored = keep(file=file, name=file.name, media_type=flow.stored.media_type, at=at)
    register(kept=[stored])
    Flow.objects.update(stored=stored)
    flow.refresh_from_db()
    assert process(flow=flow, at=at)
    assert (flow.state, flow.trouble_code) == (State.REJECTED, "IRR_TYPE_F")
    assert "pas un tableau de factures" in flow.trouble


@pytest.mark.parametrize(
    ("vat", "more", "wanted"),
    [
        ("0,9", {}, "0.9"),
        ("13 %", {}, "13"),
        (0.0105, {}, "1.05"),
        ("1,75", {}, "1.75"),
        ("19,6", {"issue_date": "02/12/2013"}, "19.6"),
        ("19,6", {"type_code": "Avoir"}, "19.6"),  # it has the rate of what it corrects
    ],
)
def test_a_rate_of_the_day_of_the_invoice_is_understood(vat, more, wanted):
    table = a_table([a_row("F1", seller="1", buyer="2", vat=vat, **more)])
    (row,) = billing_rows(read_workbook(table))
    assert row.values["vat"] == wanted
    assert [one for one in row.findings if one.field == "vat"] == []


@pytest.mark.parametrize("vat", ["12", "19,6", "9,2", "20,6", 0])
def test_what_was_no_rate_that_day_is_told_with_those_that_are(vat):
    (row,) = billing_rows(read_workbook(a_table([a_row("F1", seller="1", buyer="2", vat=vat)])))
    (finding,) = [one for one in row.findings if one.field == "vat"]
    assert finding.rule == "TABLEAU-TVA"
    assert "20, 10, 5,5, 2,1, 8,5, 1,75, 1,05, 13, 0,9, franchise" in finding.message
