"""What was noticed when an invoice was taken is read by both sides, and marked in the recipient's list."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from plainchant.portal.invoices.models import Invoice
from plainchant.portal.structures.models import Structure
from tests.making import a_member, a_structure, a_town, made_available
from tests.portal.flows.making_flows import archive, invoice, sent

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
TOO_MUCH = "Le montant à payer (500,00) dépasse le TTC (120,00)"
MARK = '<span class="visually-hidden">À vérifier : 1 remarque</span>'


@pytest.fixture(scope="module")
def town(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> object:
    """The recipient of two invoices: one in order, one with more to pay than its total."""
    with once_a_module():
        seller, town = a_structure(at=at), a_town(at=at)
        user = a_member(structure=seller, at=at)
        parties = {"seller": seller.identifier, "buyer": town.identifier}
        good, bad = invoice("F-1", **parties), invoice("F-2", **parties)
        bad = bad.replace(b'PayableAmount currencyID="EUR">120', b'PayableAmount currencyID="EUR">500')
        sent(archive({"a.xml": good, "b.xml": bad}), structure=seller, user=user, at=at)
        for taken in Invoice.objects.all():
            made_available(invoice=taken, at=at)
        a_member(structure=town, at=at, name="Basile")
        return town


def logged_in(structure: Structure) -> Client:
    client = Client()
    client.force_login(structure.memberships.get().user)
    return client


def test_the_recipient_reads_it_before_anything_is_done(town: Structure) -> None:
    page = logged_in(town).get(f"/recues/{Invoice.objects.get(number='F-2').uid}/").text
    assert "Remarqué au dépôt" in page
    assert TOO_MUCH in page
    assert "CPRO-A-PAYER-TROP" in page
    assert page.index(TOO_MUCH) < page.index("Mandater")


def test_the_supplier_reads_it_too(town: Structure) -> None:
    bad = Invoice.objects.get(number="F-2")
    page = logged_in(bad.seller).get(f"/factures/{bad.uid}/").text
    assert "Remarqué au dépôt" in page
    assert TOO_MUCH in page


def test_an_invoice_in_order_has_no_such_heading(town: Structure) -> None:
    good = Invoice.objects.get(number="F-1")
    for client, address in ((logged_in(town), "recues"), (logged_in(good.seller), "factures")):
        assert "Remarqué au dépôt" not in client.get(f"/{address}/{good.uid}/").text


@pytest.mark.parametrize("address", ["/recues/", "/recues/toutes/"])
def test_the_row_of_one_is_marked_in_words_too(town: Structure, address: str) -> None:
    page = logged_in(town).get(address).text
    assert page.count(MARK) == 1
    assert page.index(">F-2</a>") < page.index(MARK)
    row = page[page.index(">F-2</a>") :]
    assert MARK in row[: row.index("</tr>")]


def test_the_mark_costs_no_query(town: Structure) -> None:
    client = logged_in(town)
    client.get("/recues/")
    counts = []
    for remarks in ([], [{"rule": "CPRO-DATE-FUTURE", "message": "Dans l’avenir.", "field": ""}]):
        Invoice.objects.update(remarks=remarks)
        with CaptureQueriesContext(connection) as queries:
            page = client.get("/recues/").text
        assert page.count(MARK) == 2 * len(remarks)
        counts.append(len(queries))
    assert counts[0] == counts[1]
