"""The pages by which a supplier goes after a late payment: reminder, letter, invoice of interest, dossier, calendar."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from zipfile import ZipFile

import pytest
from django.test import Client

from plainchant.portal.invoices.models import CalendarLink, Event, Invoice
from plainchant.web.issued import claiming, expected, payment, reminding, views
from tests.making import mandated
from tests.portal.invoices.arrivals import arrived

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture(scope="module")
def invoice(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> Invoice:
    with once_a_module():
        arrival = arrived(at)
        mandated(arrival.seller, by=arrival.created_by, at=at)
        return arrival


@pytest.fixture
def page(client: Client, invoice: Invoice) -> str:
    client.force_login(invoice.created_by)
    return f"/factures/{invoice.uid}/"


@pytest.fixture
def on_day(monkeypatch: pytest.MonkeyPatch, at: datetime) -> Callable[[int], None]:
    """Has the pages believe that so many days have passed since the invoice arrived."""

    def pass_by(days: int) -> None:
        for module in (claiming, expected, payment, reminding, views):
            monkeypatch.setattr(module, "now", lambda: at + timedelta(days=days))

    return pass_by


def test_a_reminder_is_read_changed_and_sent(
    client: Client, page: str, invoice: Invoice, on_day: Callable[[int], None]
) -> None:
    on_day(31)
    assert "pourra partir à compter du" in client.get(f"{page}relancer/").text
    on_day(60)
    assert f'href="{page}relancer/"' in client.get(page).text
    text = client.get(f"{page}relancer/").text
    assert "Message 1 sur 3" in text
    assert f"la facture {invoice.number}" in text
    kind = Event.Kind.REMINDED_KINDLY
    assert client.post(f"{page}relancer/", {"kind": kind, "text": " "}).status_code == 422
    assert client.post(f"{page}relancer/", {"kind": kind, "text": "Où en est-elle\u00a0?"}).status_code == 302
    assert "Rappel envoyé au destinataire" in client.get(page).text


def test_interest_is_invoiced_once_the_money_has_come(
    client: Client, page: str, invoice: Invoice, on_day: Callable[[int], None]
) -> None:
    on_day(75)
    answer = client.post(f"{page}facturer-interets/", follow=True)
    assert "pas encore payée" in answer.text
    client.post(f"{page}paiement/", {"day": "17/01/2027"})
    assert "Facturer ces sommes" in client.get(page).text
    answer = client.post(f"{page}facturer-interets/")
    assert answer.status_code == 302
    sheet = client.get(answer["Location"]).text
    assert f"Intérêts de retard, facture {invoice.number}" in sheet


def test_the_letter_and_the_dossier_are_saved(client: Client, page: str, on_day: Callable[[int], None]) -> None:
    on_day(75)
    letter = client.get(f"{page}demande-interets/")
    assert letter.content.startswith(b"%PDF")
    assert "attachment" in letter["Content-Disposition"]
    dossier = client.get(f"{page}dossier/")
    assert "no-store" in dossier["Cache-Control"]
    with ZipFile(io.BytesIO(dossier.getvalue())) as archive:
        assert {"certificat-de-depot.pdf", "historique.csv", "calcul.csv"} < set(archive.namelist())


def test_what_is_expected_is_read_by_month_and_by_a_calendar_without_a_log_in(
    client: Client, page: str, invoice: Invoice, on_day: Callable[[int], None]
) -> None:
    on_day(10)
    text = client.get("/factures/echeances/").text
    assert "Décembre 2026" in text
    assert invoice.number in text
    text = client.post("/factures/echeances/", follow=True).text
    address = text.split("/factures/echeances/", 1)[1].split("<", 1)[0]
    feed = Client().get(f"/factures/echeances/{address}")
    assert feed["Content-Type"].startswith("text/calendar")
    assert "DTSTART;VALUE=DATE:20261203" in feed.text
    client.post("/factures/echeances/", {"lien": "fin"})
    assert Client().get(f"/factures/echeances/{address}").status_code == 404
    assert CalendarLink.objects.get(person=invoice.created_by).ended_at
