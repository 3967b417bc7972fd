"""What an invoice is and what is to be paid of it, on the pages and in the lists of both sides."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from copy import deepcopy
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from plainchant.portal.invoices.lifecycle import Action
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.operations import complete, process, record_download
from plainchant.portal.rights.actor import Actor
from tests.portal.invoices.every_kind import KINDS, Expected, all_arrived, by_number

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
SIDES = ("factures", "recues")


@pytest.fixture(scope="module")
def people(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> object:
    with once_a_module():
        return all_arrived(at)


@pytest.fixture
def client(people: object, side: str) -> Client:
    client = Client()
    client.force_login(deepcopy(people)[SIDES.index(side)])  # type: ignore[index]
    return client


def words_of(part: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", part)).split())


def row_of(page: str, number: str) -> str:
    [row] = [row for row in re.findall(r"<tr.*?</tr>", page, flags=re.S) if f">{number}</a>" in row]
    return row


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(**by_number)
def test_its_page_names_it_and_what_is_to_be_paid(expected: Expected, client: Client, side: str) -> None:
    page = client.get(f"/{side}/{Invoice.objects.get(number=expected.number).uid}/").text
    assert f"<h1>{expected.name} {expected.number}</h1>" in page
    total = re.search(r'total-main"><dt>(.*?)</dt><dd class="money">(.*?)</dd>', page)
    assert total is not None
    assert total.groups() == (expected.label, f"{expected.amount}\u202f€")
    head = re.search(r'<p class="invoice-amount">(.*?)</p>', page, flags=re.S)
    assert head is not None
    label = f"{expected.label} " if expected.why else ""
    assert words_of(head[1]) == words_of(f"{label}{expected.amount}\u202f€")
    assert (expected.why in page) if expected.why else ("Rien n’est à payer" not in page)
    clock = "Quand serez-vous payé" if side == "factures" else "pour payer (délai de"
    assert (clock in page) == (not expected.why)
    assert ("Dernier jour pour payer" in page) == (not expected.why)
    for promise in ("le délai court de ce jour-là", "Le virement est parti"):
        assert (promise in page) == (side == "factures" and not expected.why)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("address", ["", "toutes/"])
def test_its_row_names_it_and_what_is_to_be_paid(client: Client, side: str, address: str) -> None:
    page = client.get(f"/{side}/{address if side == 'recues' else ''}").text
    for expected in KINDS:
        row = row_of(page, expected.number)
        cells = dict(re.findall(r'data-label="([^"]+)">(.*?)</td>', row, flags=re.S))
        assert words_of(cells["Montant à payer"]) == words_of(f"{expected.listed}\u202f€")
        assert bool(words_of(cells["À payer avant"])) == (not expected.why)
        name = words_of(row[row.index("<th") : row.index("</a>")])
        assert name == (expected.number if expected.name == "Facture" else f"{expected.name} {expected.number}")


@pytest.mark.parametrize("side", ["recues"])
@pytest.mark.parametrize(**by_number)
def test_what_happens_to_it_is_foretold_in_the_same_words(expected: Expected, client: Client, side: str) -> None:
    uid = Invoice.objects.get(number=expected.number).uid
    page = client.get(f"/recues/{uid}/traiter/suspend/").text
    assert f"Suspendre {expected.the[0].lower()}{expected.the[1:]} {expected.number}\u00a0?" in page
    assert ("Le délai de paiement s’arrête" in page) == (not expected.why)
    assert f"{expected.label}\u00a0: {expected.amount}\u202f€." in page
    page = client.get(f"/recues/{uid}/payer/pay-out/").text
    assert ("le paiement est parti" in page) == (not expected.why)
    assert ("Rien n’est payé" in page) == bool(expected.why)


@pytest.mark.parametrize("side", ["factures"])
@pytest.mark.parametrize("number", ["F-1", "AV-1"])
def test_what_is_asked_and_refused_agrees_with_its_gender(
    number: str, client: Client, people: object, side: str, at: datetime
) -> None:
    expected = next(expected for expected in KINDS if expected.number == number)
    invoice = Invoice.objects.get(number=number)
    agent = Actor(deepcopy(people)[1])  # type: ignore[index]
    process(invoice=invoice, action=Action.SEND_BACK, actor=agent, at=at, reason_code="AUTRE", comment="Ailleurs.")
    page = client.get(f"/factures/{invoice.uid}/").text
    assert f"{expected.the} est mal adressé{expected.e}" in page
    page = client.get(f"/factures/{invoice.uid}/recycler/").text
    assert f"Où faut-il envoyer {expected.the[0].lower()}{expected.the[1:]} {number}" in page


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("number", ["F-1", "AV-1"])
def test_its_story_and_what_can_be_done_with_it_agree_with_its_gender(
    number: str, client: Client, people: object, side: str, at: datetime
) -> None:
    expected = next(expected for expected in KINDS if expected.number == number)
    invoice = Invoice.objects.get(number=number)
    supplier, agent = (Actor(person) for person in deepcopy(people))  # type: ignore[call-overload]
    record_download(invoice=invoice, actor=agent, at=at)
    process(invoice=invoice, action=Action.SUSPEND, actor=agent, at=at, reason_code="AUTRE", comment="Un devis.")
    complete(invoice=invoice, files=[], actor=supplier, at=at, comment="Le voici.")
    page = client.get(f"/{side}/{invoice.uid}/").text
    e = expected.e
    for sentence in (f"Suspendu{e}", f"Complété{e}", f"{expected.name} téléchargé{e} par le destinataire"):
        assert sentence in page, sentence
    if side == "recues":
        assert f"À recycler\u00a0: mal adressé{e}" in page
        assert f"{'Elle' if e else 'Il'} n’est pas pour vous" in page
        assert f"le joint, {expected.the[0].lower()}{expected.the[1:]} garde son numéro" in page
    else:
        assert f"Déposé{e}" in page


@pytest.mark.parametrize("side", SIDES)
def test_a_rejected_one_is_said_to_be_so_in_its_gender(client: Client, people: object, side: str, at: datetime) -> None:
    invoice = Invoice.objects.get(number="AV-1")
    agent = Actor(deepcopy(people)[1])  # type: ignore[index]
    process(invoice=invoice, action=Action.REJECT, actor=agent, at=at, reason_code="DOUBLON")
    row = row_of(client.get(f"/{side}/{'toutes/' if side == 'recues' else ''}").text, "AV-1")
    assert '<span class="status-word">Arrêté</span>' in row
    if side == "factures":
        assert "Cet avoir est refusé" in client.get(f"/factures/{invoice.uid}/").text


@pytest.mark.parametrize("side", ["factures"])
@pytest.mark.parametrize("number", ["F-1", "AV-1", "P-1"])
def test_once_sent_no_payment_is_announced_where_nothing_is_owed(number: str, client: Client, side: str) -> None:
    expected = next(expected for expected in KINDS if expected.number == number)
    page = client.get(reverse("deposit_sent", args=[Invoice.objects.get(number=number).uid])).text
    name = expected.name[:1].lower() + expected.name[1:]
    assert f"Votre {name} {number} est envoyé{expected.e}" in page
    assert ("le délai de paiement commence" in page) == (not expected.why)
    assert ("vous devez être payé" in page) == (not expected.why)
    assert expected.why in page


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(
    ("number", "cadre"), [("P-1", "Facture déjà payée A2"), ("Z-1", "Facture d’un fournisseur A1")]
)
def test_its_page_says_in_which_cadre_it_was_sent(client: Client, side: str, number: str, cadre: str) -> None:
    page = client.get(f"/{side}/{Invoice.objects.get(number=number).uid}/").text
    [shown] = re.findall(r"<dt>Cadre de facturation</dt><dd>(.*?)</dd>", page)
    assert words_of(shown) == cadre
