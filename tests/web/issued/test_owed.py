"""What is owed for a late payment, on the page of an invoice; and noting that its money has arrived."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import pytest
from django.test import Client

from plainchant.portal.invoices.models import Event, Invoice
from plainchant.web.issued import payment, views
from tests.portal.invoices.arrivals import arrived

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture(scope="module")
def invoice(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> Invoice:
    with once_a_module():
        return arrived(at)


@pytest.fixture
def page(client: Client, invoice: Invoice) -> str:
    client.force_login(invoice.created_by)
    return f"/factures/{invoice.uid}/"


@pytest.fixture
def on_day(monkeypatch: pytest.MonkeyPatch, at: datetime) -> Callable[[int], None]:
    """Has the pages believe that so many days have passed since the invoice arrived."""

    def pass_by(days: int) -> None:
        for module in (views, payment):
            monkeypatch.setattr(module, "now", lambda: at + timedelta(days=days))

    return pass_by


def test_a_late_invoice_says_what_is_owed_today_and_how_it_was_found(
    client: Client, page: str, on_day: Callable[[int], None]
) -> None:
    on_day(75)  # 45 days after 3 December
    text = client.get(page).text
    assert "45 jours de retard" in text
    assert "1\u202f255,39\u00a0€" in text
    assert "1\u202f200,00\u00a0€ × 10,40\u00a0% × 45 / 365 = 15,39\u00a0€" in text


def test_what_is_not_late_has_no_calculation(client: Client, page: str, on_day: Callable[[int], None]) -> None:
    on_day(10)
    text = client.get(page).text
    assert "Quand serez-vous payé" in text
    assert "Comment ce montant est calculé" not in text


def test_noting_the_day_ends_the_interest_and_may_be_taken_back(
    client: Client, page: str, invoice: Invoice, on_day: Callable[[int], None]
) -> None:
    on_day(75)
    assert client.post(f"{page}paiement/", {"day": "05/12/2026"}).status_code == 302
    text = client.get(page).text
    assert "2 jours après le dernier jour" in text
    assert "40,68\u00a0€" in text  # 1 200 × 10,40 % × 2 / 365 = 0,6838…
    assert "Vous avez noté que l’argent est arrivé le samedi 5" in text
    assert client.post(f"{page}paiement/", {"recu": "non"}).status_code == 302
    assert list(Event.objects.filter(invoice=invoice, actor__isnull=False).values_list("kind", flat=True)) == [
        Event.Kind.PAID,
        Event.Kind.NOT_PAID,
    ]


def test_a_day_to_come_is_refused_beside_its_field(client: Client, page: str, on_day: Callable[[int], None]) -> None:
    on_day(75)
    answer = client.post(f"{page}paiement/", {"day": "05/12/2028"})
    assert answer.status_code == 422
    assert "pas encore venu" in answer.text
