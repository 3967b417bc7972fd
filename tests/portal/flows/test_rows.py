"""A row of a table is understood and composed as a sheet that is typed: with the words of its issuer, and its draft."""

from __future__ import annotations

import pytest
from django.test import Client

from plainchant.einvoice.syntaxes.facturx.extract import extract
from plainchant.portal.drafts import operations, successors
from plainchant.portal.drafts.fields import DraftSource
from plainchant.portal.drafts.models import Draft, InvoiceSettings
from plainchant.portal.drafts.sheets import from_json
from plainchant.portal.flows.models import FlowInvoice
from plainchant.portal.invoices.lifecycle import Action
from plainchant.portal.invoices.models import Invoice, InvoiceFile
from plainchant.portal.invoices.operations import process
from plainchant.portal.lib.time import now
from plainchant.portal.rights.actor import Actor
from plainchant.portal.store.queries import read_bytes
from plainchant.portal.structures.models import BankAccount
from plainchant.tasks.embedded import run_until_idle
from tests.making import a_mandate, a_member, a_structure, a_town, mandated
from tests.portal.flows.making_flows import sent
from tests.portal.flows.tables import a_row, a_table

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture
def at():
    return now()


@pytest.fixture
def seller(at):
    return a_structure(
        at=at, address_line="1 rue des Essais", postcode="99120", city="Valbrume", vat_number="FR57902100015"
    )


@pytest.fixture
def user(seller, at):
    person = a_member(structure=seller, at=at, is_manager=True)
    BankAccount.objects.create(
        structure=seller, label="A", iban="FR7600000000010000000017736", created_at=at, created_by=person
    )
    mandated(seller, by=person, at=at)
    return person


@pytest.fixture
def town(at):
    return a_town(at=at, address_line="1 place du Marché", postcode="99120")


@pytest.fixture
def hand_in(seller, town, user, at):
    def hand_in(**changes: object) -> None:
        row = a_row("F-1", seller=seller.identifier, buyer=town.identifier, **changes)
        sent(a_table([row]), structure=seller, user=user, at=at, name="novembre.xlsx")

    return hand_in


def findings() -> list[tuple[str, str]]:
    return [(finding["rule"], finding["path"]) for row in FlowInvoice.objects.all() for finding in row.findings]


def test_what_the_issuers_invoices_always_say_is_on_it(hand_in, seller, user, at):
    InvoiceSettings.objects.create(
        structure=seller,
        is_sole_trader=True,
        vat_regime="TVA_SUR_DEBIT",
        legal_information="RCS Valbrume 902 100 015",
        updated_at=at,
        updated_by=user,
    )
    hand_in(vat=20)
    made = Invoice.objects.get()
    assert made.vat_regime == "TVA_SUR_DEBIT"
    xml = extract(read_bytes(stored=InvoiceFile.objects.get().stored)).xml.decode()
    assert "RCS Valbrume 902 100 015" in xml
    assert "Atelier Lumen EI" in xml
    assert "<ram:DueDateTypeCode>5<" in xml


def test_its_draft_says_what_it_was_made_from(hand_in, town):
    hand_in(vat="franchise", price="250,50", quantity=2, unit="heure", comment="Merci")
    draft = Draft.objects.get()
    assert (draft.source, draft.invoice.number, draft.revision) == (DraftSource.ROW, "F-1", 0)
    assert draft.fields["buyer"] == town.identifier
    assert draft.fields["vat_regime"] == "SANS_TVA"
    (line,) = draft.typed["lines"]
    assert (line["quantity"], line["price"], line["unit"]) == ("2", "250,5", "HUR")
    assert from_json(draft.composed).number == "F-1"
    assert draft.invoice.comment == "Merci"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"price": "-250"}, [("BR-27", "M2")]),
        ({"contract": "x" * 51}, [("CPRO-MARCHE-LONG", "I2")]),
        ({"price": "900000000", "quantity": "900000000"}, [("SAISIE-TOTAL-TROP", "M2")]),
    ],
)
def test_what_is_wrong_with_it_as_a_sheet_is_told_at_its_cell(hand_in, changes, told):
    hand_in(**changes)
    assert findings() == told
    assert not Invoice.objects.exists()
    assert not Draft.objects.exists()


def test_a_service_that_the_recipient_does_not_have_is_still_told(hand_in):
    hand_in(service="INCONNU")
    assert findings() == [("ANNUAIRE-SERVICE-INCONNU", "G2")]


def test_a_long_designation_goes_on_in_the_description(hand_in):
    words = "Restauration d’un bas-relief en terre cuite, dépose, nettoyage et repose. " * 8
    hand_in(name=words.strip())
    (line,) = Draft.objects.get().typed["lines"]
    assert len(line["name"]) <= 250
    assert f"{line['name']} {line['description']}" == words.strip()


def test_out_of_the_field_of_vat_it_has_no_rate(hand_in):
    hand_in(vat="VATEX-EU-O")
    draft = Draft.objects.get()
    assert draft.fields["exemption"] == "VATEX-EU-O"
    assert from_json(draft.composed).lines[0].vat.rate is None


def test_once_rejected_it_is_begun_again_and_credited_like_any_that_was_made_here(hand_in, seller, town, user, at):
    a_mandate(structure=seller, by=user, at=at)
    hand_in(vat=20)
    run_until_idle()
    invoice = Invoice.objects.get()
    agent = a_member(structure=town, at=at, name="Basile")
    client = Client()
    client.force_login(user)
    assert "Faire un avoir sur cette facture" in client.get(f"/factures/{invoice.uid}/").text
    assert client.get(f"/saisir/{invoice.uid}/donnees/classic/ubl.xml").status_code == 200
    process(invoice=invoice, action=Action.REJECT, actor=Actor(agent), at=at, reason_code="AUTRE", comment="Double")
    assert client.post(f"/saisir/{invoice.uid}/refaire/").status_code == 302
    again = Draft.objects.get(origin=invoice)
    assert (again.source, again.fields["number"]) == (DraftSource.SHEET, "")
    assert again.typed["lines"][0]["name"] == "Rencontre avec une classe"
    row = Draft.objects.get(invoice=invoice)
    note = successors.credit(draft=row, actor=Actor(user), at=at)
    assert note.fields["preceding_number"] == "F-1"
    operations.submit(draft=note, actor=Actor(user), at=at)
    assert Invoice.objects.get(pk=note.invoice_id).tax_inclusive_amount == invoice.tax_inclusive_amount
