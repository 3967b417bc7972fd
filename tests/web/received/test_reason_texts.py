"""A body's own texts: its managers keep them, its agents choose them when they stop an invoice, one or several."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

import pytest
from django.test import Client

from plainchant.portal.accounts.models import User
from plainchant.portal.drafts.operations import submit
from plainchant.portal.invoices.lifecycle import Action
from plainchant.portal.invoices.lots import carry_lot
from plainchant.portal.invoices.models import Invoice, ReasonText
from plainchant.portal.invoices.operations import process
from plainchant.portal.invoices.reason_texts import MOST_TEXTS, CommentTooLong, TextNotKept, filled, keep, remove
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import NotAllowed
from plainchant.portal.structures.models import Structure
from tests.making import a_draft, a_member, a_structure, a_town

pytestmark = pytest.mark.django_db
ASKS = "Joignez la liste d’émargement de la facture [numéro]."


@pytest.fixture(scope="module")
def people(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> tuple[User, User, User]:
    """The manager and an agent of a town that keeps one text; the manager of another."""
    with once_a_module():
        seller, town, other = a_structure(at=at), a_town(at=at), a_town(at=at, name="Ville d’Orée")
        artist = a_member(structure=seller, at=at)
        for number in "ABD":
            draft = a_draft(seller=seller, user=artist, at=at, buyer=other if number == "D" else town, number=number)
            submit(draft=draft.draft, actor=Actor(artist), at=at)
        carry_lot(uids=[str(uid) for uid in Invoice.objects.values_list("uid", flat=True)], at=at)
        manager = a_member(structure=town, at=at, name="Berthe", is_manager=True)
        keep(structure=town, reason_code="JUSTIF_ABS", text=ASKS, actor=Actor(manager), at=at)
        return (
            manager,
            a_member(structure=town, at=at, name="Basile"),
            a_member(structure=other, at=at, name="Denis", is_manager=True),
        )


def town() -> Structure:
    return Structure.objects.get(name="Commune de Valbrume")


def of(number: str) -> Invoice:
    return Invoice.objects.get(number=number)


def the_text() -> ReasonText:
    return ReasonText.objects.get(text=ASKS)


def test_who_manages_keeps_them_and_nobody_else(people: tuple[User, User, User], at: datetime) -> None:
    manager, agent, stranger = people
    for who in (agent, stranger):
        with pytest.raises(NotAllowed):
            keep(structure=town(), reason_code="AUTRE", text="x", actor=Actor(who), at=at)
        with pytest.raises(NotAllowed):
            remove(text=the_text(), actor=Actor(who), at=at)
    for reason, text in (("INCONNU", "x"), ("AUTRE", " "), ("AUTRE", "x" * 256), ("JUSTIF_ABS", f" {ASKS} ")):
        with pytest.raises(TextNotKept):
            keep(structure=town(), reason_code=reason, text=text, actor=Actor(manager), at=at)
    ReasonText.objects.bulk_create(
        ReasonText(structure=town(), reason_code="AUTRE", text=str(n), written_at=at, written_by=manager)
        for n in range(MOST_TEXTS - 1)
    )
    with pytest.raises(TextNotKept):
        keep(structure=town(), reason_code="AUTRE", text="un de trop", actor=Actor(manager), at=at)
    keep(structure=town(), reason_code="AUTRE", text="autre", actor=Actor(manager), at=at, instead_of=the_text())


def test_a_text_is_one_of_its_body_and_its_reason(people: tuple[User, User, User], at: datetime) -> None:
    manager, _, other = (Actor(person) for person in people)
    elsewhere = keep(structure=other.account.memberships.get().structure, reason_code="JUSTIF_ABS", text=ASKS,
                     actor=other, at=at)  # fmt: skip
    for_another = keep(structure=town(), reason_code="AUTRE", text=ASKS, actor=manager, at=at)
    kept = keep(structure=town(), reason_code="AUTRE", text=ASKS, actor=manager, at=at, instead_of=for_another)
    assert kept.pk == for_another.pk
    assert ReasonText.objects.count() == 3
    remove(text=kept, actor=manager, at=at)
    assert set(ReasonText.objects.values_list("reason_code", "structure")) == {
        ("JUSTIF_ABS", town().pk),
        ("JUSTIF_ABS", elsewhere.structure_id),
    }


def test_only_the_fields_of_the_invoice_are_filled(people: tuple[User, User, User]) -> None:
    assert (
        filled("[numéro] [montant] {invoice} [iban] %s", invoice=of("A"))
        == "A 1\u202f200,00\u00a0€ {invoice} [iban] %s"
    )
    with pytest.raises(CommentTooLong):
        filled("x" * 254 + "[montant]", invoice=of("A"))


def test_a_message_that_would_be_cut_is_not_sent(people: tuple[User, User, User], at: datetime) -> None:
    with pytest.raises(CommentTooLong):
        process(
            invoice=of("A"), action=Action.SUSPEND, actor=Actor(people[1]), at=at, reason_code="JUSTIF_ABS",
            comment="x" * 250 + "[montant]",
        )  # fmt: skip
    assert of("A").status == "MISE_A_DISPOSITION"


def test_an_agent_chooses_one_and_its_reason_comes_with_it(people: tuple[User, User, User], client: Client) -> None:
    client.force_login(people[1])
    address = f"/recues/{of('A').uid}/traiter/suspend/"
    assert "émargement de la facture A." in client.get(address).text
    assert "émargement" not in client.get(f"/recues/{of('A').uid}/traiter/reject/").text  # its reason is none of it
    client.post(address, {"text": str(the_text().uid), "comment": "Merci.", "payment_order": ""})
    line = of("A").history.last()
    assert (line.reason_code, line.comment) == (
        "JUSTIF_ABS", "Joignez la liste d’émargement de la facture A. Merci.",
    )  # fmt: skip


def test_several_get_it_each_with_its_own_number(people: tuple[User, User, User], client: Client) -> None:
    client.force_login(people[1])
    both = [str(of(number).uid) for number in "AB"]
    asked = client.post("/recues/lot/traiter/suspend/", {"facture": both}).text
    assert ASKS in asked
    given = {"facture": both, "confirme": "1", "text": str(the_text().uid), "comment": ""}
    client.post("/recues/lot/traiter/suspend/", given)
    assert [of(number).history.last().comment for number in "AB"] == [ASKS.replace("[numéro]", n) for n in "AB"]
    assert client.post("/recues/lot/traiter/reject/", {"facture": both}).status_code == 404  # the end, for several
    client.force_login(people[2])
    assert "émargement" not in client.get(f"/recues/{of('D').uid}/traiter/suspend/").text


def test_the_pages_of_the_manager(people: tuple[User, User, User], client: Client) -> None:
    client.force_login(people[0])
    address = f"/structures/{town().uid}/textes/"
    assert ASKS in client.get(address).text
    given = {"reason_code": "CMD_ERR", "text": "L’engagement [engagement] est soldé."}
    assert client.post(address, given).status_code == 302
    assert client.post(address, given).status_code == 422
    one = ReasonText.objects.get(reason_code="CMD_ERR")
    client.post(f"{address}{one.pk}/", {"reason_code": "CMD_ERR", "text": "Autre"})
    assert ReasonText.objects.get(pk=one.pk).text == "Autre"
    client.post(f"{address}{one.pk}/", {"wanted": "remove"})
    assert not ReasonText.objects.filter(pk=one.pk).exists()
    client.force_login(people[2])
    assert client.get(address).status_code == 404
