"""What an invoice is and what is to be paid are said in every mail and certificate, with no delay where none runs."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from decimal import Decimal

import pytest

from plainchant.capture.pdf import read_document
from plainchant.portal.drafts.certificate import draw
from plainchant.portal.drafts.models import Certificate
from plainchant.portal.invoices import notifications
from plainchant.portal.invoices.delay import delay_of
from plainchant.portal.invoices.kinds import kind_of
from plainchant.portal.invoices.lifecycle import STATUSES, Action, Status
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.operations import complete, process
from plainchant.portal.invoices.payment_clock import ClockState
from plainchant.portal.mail.models import Message
from plainchant.portal.rights.actor import Actor
from tests.portal.invoices.every_kind import KINDS, Expected, all_arrived, by_number

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
CLOCK = "Le délai de paiement court"
SELLER = "«\u00a0Atelier Lumen\u00a0»"


@pytest.fixture(scope="module", autouse=True)
def agent(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> object:
    with once_a_module():
        return all_arrived(at)[1]


def invoice_of(expected: Expected) -> Invoice:
    return Invoice.objects.get(number=expected.number)


def mails(kind: str, expected: Expected) -> list[Message]:
    return [message for message in Message.objects.filter(kind=kind) if expected.number in message.subject]


@pytest.mark.parametrize(**by_number)
def test_the_recipient_is_told_what_arrives(expected: Expected) -> None:
    [mail] = mails("invoice_available", expected)
    assert mail.subject == f"{expected.name} {expected.number}, « Atelier Lumen » : à traiter"
    assert f"{expected.the} {expected.number} («\u00a0Atelier Lumen\u00a0») est à votre disposition" in mail.body
    assert f"{expected.label}\u00a0: {expected.amount}\u00a0€" in mail.body
    assert (CLOCK in mail.body) == (not expected.why)
    assert expected.why in mail.body
    assert f"Ouvrir {expected.the[0].lower()}{expected.the[1:]}\u00a0:" in mail.body


@pytest.mark.parametrize(**by_number)
def test_a_delay_runs_where_something_is_to_be_paid_only(expected: Expected) -> None:
    invoice = invoice_of(expected)
    assert invoice.notified_at is not None
    state = delay_of(invoice=invoice, history=list(invoice.history.all())).state
    assert state is (ClockState.NOT_OWED if expected.why else ClockState.RUNNING)


def test_several_are_counted_and_each_is_named(at: datetime) -> None:
    invoices = list(Invoice.objects.order_by("number"))
    notifications.tell_buyer_available(invoices=invoices, event="together", at=at)
    [mail] = Message.objects.filter(subject__startswith="7 factures")
    assert mail.subject == "7 factures et 1 avoir à traiter, « Atelier Lumen »"
    assert "7 factures et 1 avoir sont à votre disposition" in mail.body
    assert "Le délai de paiement de ce qui est à payer court" in mail.body
    for expected in KINDS:
        row = f"- {expected.name} {expected.number}, {SELLER}\u00a0: {expected.amount}\u00a0€ {expected.label.lower()}"
        assert row in mail.body


@pytest.mark.parametrize(
    ("numbers", "subject", "clock"),
    [
        (("F-1", "R-1"), "2 factures à traiter", "Le délai de paiement de chacune court"),
        (("AV-1", "P-1"), "1 facture et 1 avoir à traiter", "Rien n’est à payer et aucun délai de paiement ne court."),
    ],
)
def test_the_delay_of_several_is_that_of_what_is_owed(
    numbers: tuple[str, ...], subject: str, clock: str, at: datetime
) -> None:
    invoices = list(Invoice.objects.filter(number__in=numbers))
    notifications.tell_buyer_available(invoices=invoices, event="two", at=at)
    mail = Message.objects.get(subject__startswith=subject)
    assert clock in mail.body
    assert mail.body.count("délai") == 1


@pytest.mark.parametrize(**by_number)
def test_the_supplier_is_told_in_the_same_words(expected: Expected, agent: object, at: datetime) -> None:
    invoice = invoice_of(expected)
    process(invoice=invoice, action=Action.SUSPEND, actor=Actor(agent), at=at, reason_code="JUSTIF_ABS")
    [mail] = [mail for mail in mails("invoice_status", expected) if "suspendu" in mail.subject]
    assert mail.subject == f"{expected.name} {expected.number} : suspendu{expected.e}"
    assert ("plus tôt vous serez payé" in mail.body) == (not expected.why)
    complete(invoice=invoice, files=[], comment="Voilà.", actor=Actor(invoice.created_by), at=at)
    [mail] = mails("invoice_completed", expected)
    assert mail.subject == f"{expected.name} {expected.number}, « Atelier Lumen » : complété{expected.e}"
    e = expected.e
    first = f"{expected.the} {expected.number} ({SELLER}), que vous aviez suspendu{e}, a été complété{e}."
    assert first in mail.body


@pytest.mark.parametrize("status", [row.status for row in STATUSES])
@pytest.mark.parametrize(**by_number)
def test_no_status_promises_money_for_what_is_not_owed(expected: Expected, status: Status) -> None:
    row = next(row for row in STATUSES if row.status == status)
    sentence = row.sentence(kind=invoice_of(expected).kind, buyer="La mairie")
    assert "{" not in sentence
    if expected.why:
        for promise in ("Pour être payé", "vous serez payé", "vous payer", "paiement", "votre compte"):
            assert promise not in sentence


@pytest.mark.parametrize("number", ["F-1", "AV-1", "P-1", "Z-1"])
def test_the_certificate_says_it(number: str) -> None:
    expected = next(expected for expected in KINDS if expected.number == number)
    certificate = Certificate.objects.get(invoice__number=number)
    [page] = read_document(draw(certificate=certificate)).pages
    text = " ".join(word.text for word in page.words)
    assert f"{expected.the[0].lower()}{expected.the[1:]} {number} a été déposé{expected.e} le" in text
    assert f"{expected.label} {expected.amount}" in text
    assert ("court à compter du jour" in text.replace(" il ", " ")) == (not expected.why)
    assert expected.why.replace("\u00a0", " ") in text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("type_code", "cadre", "of_the"),
    [("380", "A1", "de la facture"), ("381", "A1", "de l’avoir"), ("380", "A4", "du projet de décompte mensuel")],
)
def test_of_which_one_is_said_as_french_does(type_code: str, cadre: str, of_the: str) -> None:
    kind = kind_of(type_code=type_code, cadre=cadre, payable=Decimal(1), total=Decimal(1))
    assert kind.words["of_the"] == of_the
