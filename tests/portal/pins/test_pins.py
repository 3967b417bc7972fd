"""What each person keeps on their first page: a dozen links, their own, and none to what they cannot open."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client

from plainchant.portal.accounts.departures import close
from plainchant.portal.personal_data import erase, export
from plainchant.portal.pins.models import Pin
from plainchant.portal.pins.operations import MOST, TooManyPins, pin, unpin
from plainchant.portal.pins.queries import has_pinned, pinnable, pins_of
from plainchant.portal.rights.actor import SYSTEM, Actor
from plainchant.portal.rights.permissions import NotAllowed
from plainchant.portal.rights.profiles import AccessProfile
from plainchant.portal.structures.models import Membership
from plainchant.portal.succession import change_siret
from tests.making import a_member, a_person, a_structure, a_town, an_attachment

pytestmark = pytest.mark.django_db


def test_a_page_and_structures_are_kept_in_their_order_each_once_and_for_oneself(at: datetime) -> None:
    workshop, town = a_structure(at=at), a_town(at=at)
    ada = Actor(a_member(structure=workshop, at=at))
    pin(actor=ada, structure=town, at=at)
    pin(actor=ada, page=Pin.Page.ISSUED, at=at)
    pin(actor=ada, structure=workshop, at=at + timedelta(seconds=1))
    pin(actor=ada, structure=town, at=at + timedelta(days=1))
    assert [kept.structure or kept.page for kept in pins_of(actor=ada)] == [town, "suivi", workshop]
    assert not pins_of(actor=Actor(a_person(at=at))).exists()
    pin(actor=ada, page=Pin.Page.DIRECTORY, at=at + timedelta(seconds=2))
    unpin(actor=ada, structure=town)
    unpin(actor=ada, page=Pin.Page.ISSUED)
    assert [kept.structure or kept.page for kept in pins_of(actor=ada)] == [workshop, "annuaire"]


def test_nobody_pins_what_they_cannot_open_and_what_one_left_is_shown_no_more(at: datetime) -> None:
    workshop = a_structure(at=at)
    ada, stranger = Actor(a_member(structure=workshop, at=at)), Actor(a_person(at=at))
    for actor in (stranger, SYSTEM):
        with pytest.raises(NotAllowed):
            pin(actor=actor, structure=workshop, at=at)
    pin(actor=ada, structure=workshop, at=at)
    Membership.objects.update(state=Membership.State.DISABLED)
    assert not pins_of(actor=ada).exists()
    pin(actor=ada, page=Pin.Page.DIRECTORY, at=at)
    assert Pin.objects.get().page == "annuaire"  # what could not be opened has left its place


def test_a_closed_account_neither_keeps_nor_lets_go(at: datetime) -> None:
    ada = a_person(at=at)
    pin(actor=Actor(ada), page=Pin.Page.ISSUED, at=at)
    ada.is_active = False
    ada.save()
    for act in (pin, unpin):
        with pytest.raises(NotAllowed):
            act(actor=Actor(ada), page=Pin.Page.ISSUED, **({"at": at} if act is pin else {}))
    assert Pin.objects.count() == 1


def test_each_has_her_own_and_pins_what_she_may_open(at: datetime) -> None:
    workshop, others, town = a_structure(at=at), a_structure(at=at, name="Autre"), a_town(at=at)
    ada, grace = Actor(a_member(structure=workshop, at=at)), Actor(a_person(at=at, name="Grace"))
    reader = Actor(
        an_attachment(person=a_person(at=at), structure=workshop, at=at, profiles=[AccessProfile.FOLLOW]).user
    )
    with pytest.raises(NotAllowed):
        pin(actor=ada, structure=others, at=at)
    assert set(pinnable(actor=reader)) == {workshop, town}
    pin(actor=ada, structure=town, at=at)
    assert not has_pinned(actor=grace, structure=town)
    pin(actor=grace, structure=town, at=at)
    assert not has_pinned(actor=ada, structure=workshop)
    unpin(actor=grace, structure=town)
    assert (has_pinned(actor=ada, structure=town), has_pinned(actor=grace, structure=town)) == (True, False)


def test_a_dozen_and_no_more(at: datetime) -> None:
    ada = Actor(a_person(at=at))
    pages = [*Pin.Page]
    for kind in pages[:MOST]:
        pin(actor=ada, page=kind, at=at)
    with pytest.raises(TooManyPins):
        pin(actor=ada, structure=a_town(at=at), at=at)
    unpin(actor=ada, page=pages[0])
    pin(actor=ada, structure=a_town(at=at), at=at)
    assert pins_of(actor=ada).count() == MOST == 12


def test_a_new_siret_an_export_and_an_erasure_know_them(at: datetime) -> None:
    workshop = a_structure(at=at, identifier="90210001500012")
    ada = a_member(structure=workshop, at=at, is_manager=True)
    other = a_member(structure=workshop, at=at, name="Grace")
    for person in (ada, other):
        pin(actor=Actor(person), structure=workshop, at=at)
    heir = change_siret(structure=workshop, siret="90210001500020", actor=Actor(ada), at=at)
    assert [kept.structure for kept in pins_of(actor=Actor(other))] == [heir]
    assert '"structure__name": "Atelier Lumen"' in "".join(export(user=other))
    close(user=other, at=at, erase=True)
    assert erase(before=at + timedelta(days=1), at=at + timedelta(days=40)) == 1
    assert Pin.objects.get().user == ada


def test_pins_are_added_from_a_sheet_shown_on_the_first_page_and_taken_away(at: datetime) -> None:
    workshop, town = a_structure(at=at), a_town(at=at, name="Commune de Clairbois")
    client = Client()
    client.force_login(a_member(structure=workshop, at=at))
    sheet = f"/annuaire/{town.identifier}/"
    assert "Mettre ici ce que vous ouvrez souvent" in client.get("/").text
    added = client.post("/raccourcis/", {"structure": str(town.uid), "from": "sheet"}, follow=True)
    assert added.request["PATH_INFO"] == sheet
    assert "Retirer de mon accueil" in added.text
    client.post("/raccourcis/", {"page": "suivi"})
    home = client.get("/").text
    assert f'<a href="{sheet}">Commune de Clairbois</a>' in home
    assert '<a href="/factures/">Suivre vos factures</a>' in home
    page = client.post("/raccourcis/", {"page": "suivi", "do": "unpin"}, follow=True).text
    assert "Retirer<span" in page
    assert "Factures à traiter" not in page  # of those who receive
    strangers = a_structure(at=at, name="Autre")
    for wrong in ({"structure": str(strangers.uid)}, {"structure": "x"}, {"page": "nulle-part"}, {}):
        assert client.post("/raccourcis/", wrong).status_code == 404
    assert [kept.structure for kept in Pin.objects.all()] == [town]
