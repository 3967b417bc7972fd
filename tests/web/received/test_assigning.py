"""At the desk: « m'attribuer » with one key, « à quelqu'un » in a list, and what is one's own one press away."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

import pytest
from django.test import Client

from plainchant.portal.accounts.models import User
from plainchant.portal.drafts.operations import submit
from plainchant.portal.invoices.lots import carry_lot
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.rights.actor import Actor
from tests.making import a_draft, a_member, a_structure, a_town

pytestmark = pytest.mark.django_db
IN_LIST = "?dans=a-traiter"


@pytest.fixture(scope="module")
def people(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> tuple[User, User, User]:
    """Two who process for a town, and the only one of another."""
    with once_a_module():
        seller, town, other = a_structure(at=at), a_town(at=at), a_town(at=at, name="Ville d’Orée")
        artist = a_member(structure=seller, at=at)
        for number in "ABD":
            draft = a_draft(seller=seller, user=artist, at=at, buyer=other if number == "D" else town, number=number)
            submit(draft=draft.draft, actor=Actor(artist), at=at)
        carry_lot(uids=[str(uid) for uid in Invoice.objects.values_list("uid", flat=True)], at=at)
        return (
            a_member(structure=town, at=at, name="Basile"),
            a_member(structure=town, at=at, name="Camille"),
            a_member(structure=other, at=at, name="Denis"),
        )


def of(number: str) -> Invoice:
    return Invoice.objects.get(number=number)


def test_one_key_takes_it_and_the_list_says_so(people: tuple[User, User, User], client: Client) -> None:
    basile, camille, _ = people
    client.force_login(basile)
    page = client.get(f"/recues/{of('A').uid}/{IN_LIST}").text
    assert 'data-key="i"' in page
    address = f"/recues/{of('A').uid}/attribuer/{IN_LIST}"
    assert f'action="{address}"' in page
    after = client.post(address, {"to": str(basile.pk), "seen": ""}, follow=True).text
    assert "attribuée à vous" in after
    assert "C’est vous qui vous en occupez" in after
    assert "Attribuée à Basile Essai" in after  # in its story
    assert 'data-key="i"' not in after
    mine = client.get("/recues/?attribuee=moi").text
    assert f"/recues/{of('A').uid}/" in mine
    assert "à Basile Essai" in mine
    assert f"/recues/{of('B').uid}/" not in mine
    assert client.get("/recues/?attribuee=personne").text.count(f"/recues/{of('B').uid}/") >= 1
    assert "Basile Essai" in client.get(f"/recues/export/csv/{IN_LIST}").getvalue().decode()  # type: ignore[attr-defined]
    client.force_login(camille)
    stale = client.post(address, {"to": str(camille.pk), "seen": ""}, follow=True)
    assert "attribuée à Basile Essai" in stale.text
    assert of("A").assigned_to == basile
    assert f"/recues/{of('A').uid}/" in client.get(f"/recues/?attribuee={basile.pk}").text


def test_several_are_given_at_once(people: tuple[User, User, User], client: Client) -> None:
    basile, camille, denis = people
    client.force_login(basile)
    both = [str(of(number).uid) for number in "AB"]
    client.post("/recues/lot/attribuer/moi/", {"facture": both})
    assert {of("A").assigned_to, of("B").assigned_to} == {basile}
    asked = client.post("/recues/lot/attribuer/", {"facture": both}).text
    assert "Camille Essai" in asked
    assert "Denis" not in asked
    wrong = client.post("/recues/lot/attribuer/", {"facture": both, "confirme": "1", "to": str(denis.pk), "seen": ""})
    assert wrong.status_code == 422
    client.post("/recues/lot/attribuer/", {"facture": both, "confirme": "1", "to": str(camille.pk), "seen": ""})
    assert {of("A").assigned_to, of("B").assigned_to} == {camille}
    client.post("/recues/lot/attribuer/", {"facture": both[:1], "confirme": "1", "to": "personne", "seen": ""})
    assert of("A").assigned_to is None


def test_whoever_is_alone_is_asked_nothing(people: tuple[User, User, User], client: Client) -> None:
    client.force_login(people[2])
    assert "/attribuer/" not in client.get(f"/recues/{of('D').uid}/").text
    assert "/attribuer/" not in client.get("/recues/").text
    assert client.post(f"/recues/{of('A').uid}/attribuer/", {"to": str(people[2].pk)}).status_code == 404
