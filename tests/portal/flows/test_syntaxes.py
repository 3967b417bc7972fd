"""Every live syntax of Chorus Pro, told from the content: one invoice in each, alone, in a zip and in a tar.gz."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from plainchant.einvoice.chorus import placements
from plainchant.einvoice.drawing.draw import draw
from plainchant.einvoice.making.composing import Sheet, SheetLine, SheetParty, compose
from plainchant.einvoice.model import VatCategory
from plainchant.einvoice.profiles import PROFILE_OF
from plainchant.einvoice.syntaxes.cii_minimal.write import write as write_cii_minimal
from plainchant.einvoice.syntaxes.mixed.write import write_all
from plainchant.portal.flows.declaration import SYNTAX_OF
from plainchant.portal.flows.models import FlowInvoice, State
from plainchant.portal.flows.report import flow_errors
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.pages import document_of
from plainchant.portal.lib.time import now
from plainchant.portal.store.queries import read_bytes
from tests.making import a_member, a_structure, a_town
from tests.portal.flows.making_flows import archive, sent, zipped

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

PROFILE = PROFILE_OF["EN 16931"]
LIVE = tuple(SYNTAX_OF)


def party(structure) -> SheetParty:
    return SheetParty(
        name=structure.name,
        siret=structure.identifier,
        vat_number="" if structure.is_public else "FR57902100015",
        address_line="1 rue des Essais",
        postcode="99120",
        city="Valbrume",
    )


def an_invoice(seller, town, number: str):
    """The whole invoice. No profile: a CII that names one is no reduced form."""
    sheet = Sheet(
        number=number,
        issue_date=date(2026, 11, 2),
        seller=party(seller),
        buyer=party(town),
        lines=(
            SheetLine(
                name="Lecture", quantity=Decimal(2), price=Decimal(50), vat=VatCategory(code="S", rate=Decimal(20))
            ),
        ),
        iban="FR7600000000010000000017736",
    )
    return replace(compose(sheet), specification=None)


def written(code: str, seller, town, number: str) -> bytes:
    """An invoice in one syntax."""
    invoice = an_invoice(seller, town, number)
    if code == "IN_DP_E2_CII_MIN_16B":
        invoice = replace(invoice, lines=())  # with lines it would be a whole CII: only the sender could tell
    syntax = SYNTAX_OF[code]
    page = draw(invoice, at=now()) if syntax.wants_page else None
    return syntax.write(invoice, readable=page, at=now(), profile=PROFILE)


@pytest.fixture
def world():
    at = now()
    seller, town = a_structure(at=at), a_town(at=at)
    return seller, a_member(structure=seller, at=at), town, at


def told(flow) -> list[object]:
    return [row.findings for row in FlowInvoice.objects.filter(flow=flow) if row.invoice_id is None]


@pytest.mark.parametrize("code", LIVE)
def test_each_is_taken_alone_and_known_by_its_content(world, code):
    seller, user, town, at = world
    content = written(code, seller, town, "F-1")
    flow = sent(content, structure=seller, user=user, at=at, name="sans-extension")
    assert (flow.syntax, flow.interface) == (code, SYNTAX_OF[code].interface)
    assert flow.number.startswith(f"CPP001{flow.interface[3:7]}")
    assert flow.state == State.INTEGRATED, told(flow)
    made = Invoice.objects.get()
    assert made.tax_inclusive_amount == 120
    document = document_of(invoice=made, at=at)
    assert read_bytes(stored=document.stored).startswith(b"%PDF-")


@pytest.mark.parametrize("packed", [zipped, archive])
def test_all_of_them_in_one_archive(world, packed):
    seller, user, town, at = world
    lot = packed({f"{code}.bin": written(code, seller, town, f"G-{n}") for n, code in enumerate(LIVE)})
    flow = sent(lot, structure=seller, user=user, at=at)
    assert (flow.state, flow.accepted) == (State.INTEGRATED, len(LIVE)), told(flow)


def test_an_envelope_of_several_is_told_invoice_by_invoice(world):
    seller, user, town, at = world
    page = draw(an_invoice(seller, town, "H"), at=at)
    invoices = [an_invoice(seller, town, number) for number in ("H-1", "H-2")]
    both = [(invoice, placements(invoice)) for invoice in invoices]
    flow = sent(write_all(both, at=at, readable=page), structure=seller, user=user, at=at, name="enveloppe.xml")
    assert (flow.expected, flow.accepted) == (1, 2), told(flow)
    assert [(row.position, row.part, row.number) for row in FlowInvoice.objects.filter(flow=flow)] == [
        (0, 0, "H-1"),
        (0, 1, "H-2"),
    ]


def test_what_only_the_sender_can_know_is_taken_from_the_sender(world):
    seller, user, town, at = world
    invoice = an_invoice(seller, town, "I-1")
    content = write_cii_minimal(invoice, readable=draw(invoice, at=at))
    name = "FSO1116A_XXX999_XXX9991116000000000000001"
    flow = sent(content, structure=seller, user=user, at=at, name=name)
    assert (flow.syntax, flow.interface, flow.state) == ("IN_DP_E2_CII_MIN_16B", "FSO1116A", State.INTEGRATED)
    assert flow_errors(flow) == []
