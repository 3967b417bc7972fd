"""The legal name is corrected by a manager: everybody is told, and what has been sent says what it said."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime

import pytest
from django.test import Client

from plainchant.portal.directory.models import Entry
from plainchant.portal.directory.operations import correct_name, rebuild
from plainchant.portal.drafts import operations as drafts
from plainchant.portal.drafts.checking import check
from plainchant.portal.drafts.models import Draft
from plainchant.portal.mail.models import Message
from plainchant.portal.rights.actor import Actor
from plainchant.portal.structures.models import ActivityEntry, Structure
from plainchant.portal.structures.naming import CannotCorrect, LegalName, correct_name_as_operator
from tests.making import a_mandate, a_member, a_structure, a_town, an_entry

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture(scope="module")
def built(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> Iterator[Structure]:
    with once_a_module():
        made = a_structure(at=at, name="Atelier Lumen", address_line="1 rue des Essais", postcode="31000")
        manager = a_member(structure=made, at=at, is_manager=True, name="Ada")
        a_member(structure=made, at=at, name="Grace")
        a_mandate(structure=made, by=manager, at=at)
        yield made


@pytest.fixture
def workshop(built: Structure) -> Structure:
    return Structure.objects.get(pk=built.pk)


def managing(structure: Structure) -> Actor:
    return Actor(structure.memberships.get(is_manager=True).user)


def test_a_name_that_is_none_or_is_the_same_is_refused(workshop: Structure, at: datetime) -> None:
    for name in ("", "x" * 202, "Atelier Lumen"):
        with pytest.raises(CannotCorrect) as refused:
            correct_name(structure=workshop, actor=managing(workshop), name=LegalName(name=name), at=at)
        assert refused.value.field == "name"
    assert not ActivityEntry.objects.filter(structure=workshop, kind="NOM").exists()


def test_a_name_corrected_meanwhile_is_not_overwritten(workshop: Structure, at: datetime) -> None:
    seen = Structure.objects.get(pk=workshop.pk)
    correct_name(structure=workshop, actor=managing(workshop), name=LegalName(name="Atelier Lumière"), at=at)
    with pytest.raises(CannotCorrect):
        correct_name(structure=seen, actor=managing(workshop), name=LegalName(name="Autre"), at=at)
    assert Structure.objects.get(pk=workshop.pk).name == "Atelier Lumière"


def test_what_was_sent_says_the_former_name_and_drafts_the_new_one(workshop: Structure, at: datetime) -> None:
    actor = managing(workshop)
    town = a_town(at=at, address_line="1 place", postcode="06999")
    sent, waiting = (an_entry(seller=workshop, user=actor.account, at=at, buyer=town, number=f"F-{n}") for n in (1, 2))
    drafts.submit(draft=sent, actor=actor, at=at, revision=sent.revision)
    correct_name(structure=workshop, actor=actor, name=LegalName(name="Atelier Lumière"), at=at)
    sent.refresh_from_db()
    assert sent.composed is not None
    assert sent.composed["seller"]["name"] == "Atelier Lumen"
    sheet = check(draft=Draft.objects.get(pk=waiting.pk), at=at).sheet
    assert sheet is not None
    assert sheet.seller.name == "Atelier Lumière"


def test_everybody_is_told_and_the_log_says_who(workshop: Structure, at: datetime) -> None:
    correct_name(structure=workshop, actor=managing(workshop), name=LegalName(name="Atelier Lumière"), at=at)
    entry = ActivityEntry.objects.get(structure=workshop, kind="NOM")
    assert (entry.actor_name, entry.origin, entry.about) == ("Ada Essai", "PAGE", "Atelier Lumen → Atelier Lumière")
    mails = Message.objects.filter(kind="name_corrected")
    assert mails.count() == 2
    assert all("Ada Essai" in mail.body and "a corrigé le nom" in mail.body for mail in mails)


def test_a_person_without_siret_has_both_names_corrected(at: datetime) -> None:
    person = a_structure(
        at=at, name="Elodie Martn", first_name="Elodie", last_name="Martn", identifier_type="PARTICULIER"
    )
    actor = Actor(a_member(structure=person, at=at, is_manager=True))
    with pytest.raises(CannotCorrect) as refused:
        correct_name(structure=person, actor=actor, name=LegalName(first_name="Élodie"), at=at)
    assert refused.value.field == "last_name"
    correct_name(structure=person, actor=actor, name=LegalName(first_name="Élodie", last_name="Martin"), at=at)
    correct_name_as_operator(siret=person.identifier, name="Élodie Le Goff", at=at)
    person.refresh_from_db()
    assert (person.name, person.first_name, person.last_name) == ("Élodie Le Goff", "Élodie", "Le Goff")


def test_the_directory_finds_a_body_under_the_name_its_manager_gave(at: datetime) -> None:
    town = a_town(at=at, name="Comune de Valbrume")
    rebuild()
    client = Client()
    client.force_login(a_member(structure=town, at=at, is_manager=True))
    page = client.post(f"/structures/{town.uid}/nom/", {"name": "Commune de Valbrume"})
    assert page.headers["Location"] == f"/structures/{town.uid}/"
    assert "commune" in Entry.objects.get().words
