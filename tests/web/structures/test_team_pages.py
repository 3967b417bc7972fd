"""The pages by which a manager says who does what, and by which people join and leave."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from plainchant.portal.accounts.models import User
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.profiles import AccessProfile
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures import memberships
from plainchant.portal.structures.grants import profiles_held
from plainchant.portal.structures.models import ActivityEntry, Invitation, Membership, Service, Structure
from plainchant.portal.structures.reach import reached, services_reached
from tests.making import a_member, a_person, a_service, a_structure, a_town, an_attachment

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture
def town(at: datetime) -> Structure:
    return a_town(at=at)


@pytest.fixture
def culture(town: Structure) -> Service:
    return a_service(structure=town)


@pytest.fixture
def chief(town: Structure, at: datetime) -> User:
    return a_member(structure=town, at=at, name="Berthe", is_manager=True)


@pytest.fixture
def agent(town: Structure, at: datetime) -> Membership:
    return an_attachment(person=a_person(at=at, name="Basile"), structure=town, at=at)


@pytest.fixture
def manager(client: Client, chief: User) -> Client:
    client.force_login(chief)
    return client


def of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_an_agent_is_limited_to_reading_one_service(
    manager: Client, agent: Membership, town: Structure, culture: Service
) -> None:
    people = manager.get(f"/structures/{town.uid}/personnes/").text
    assert "Basile Essai" in people
    assert "Tout faire, sauf gérer la structure" in people
    answer = manager.post(
        f"/structures/personnes/{agent.uid}/", {"profiles": ["consulter"], "services": [culture.pk]}, follow=True
    )
    assert "Consulter les factures reçues (CULTURE)" in answer.text
    actor = Actor(agent.user)
    assert list(services_reached(actor=actor, right=Right.SEE_RECEIVED)) == [culture]
    assert not services_reached(actor=actor, right=Right.PROCESS).exists()
    assert not reached(actor=actor, right=Right.SEE_RECEIVED).exists()


def test_nothing_chosen_is_said_at_the_question(manager: Client, agent: Membership) -> None:
    answer = manager.post(f"/structures/personnes/{agent.uid}/", {})
    assert "Choisissez au moins une chose que cette personne pourra faire." in answer.text
    assert profiles_held(holder=agent)[0] == [AccessProfile.EVERYTHING]


def test_a_service_of_another_body_cannot_be_chosen(
    manager: Client, agent: Membership, culture: Service, at: datetime
) -> None:
    other = a_service(structure=a_town(at=at))
    answer = manager.post(f"/structures/personnes/{agent.uid}/", {"profiles": ["consulter"], "services": [other.pk]})
    assert "Ce service n’est pas de cette structure" in answer.text
    assert profiles_held(holder=agent)[0] == [AccessProfile.EVERYTHING]


def test_a_private_structure_is_asked_nothing_about_received_invoices(client: Client, at: datetime) -> None:
    workshop = a_structure(at=at)
    client.force_login(a_member(structure=workshop, at=at, is_manager=True))
    page = client.get(f"/structures/{workshop.uid}/inviter/").text
    assert set(re.findall(r'name="profiles" value="(\w+)"', page)) == {
        "tout",
        "facturer",
        "suivre",
        "valider",
        "travaux",
        "gerer",
    }
    assert 'name="services"' not in page


@pytest.mark.parametrize(
    ("action", "state"), [("suspendre", "DESACTIVEE"), ("detacher", "SUPPRIMEE"), ("transmettre", "VALIDEE")]
)
def test_each_decision_is_asked_about_then_done(
    manager: Client, agent: Membership, town: Structure, action: str, state: str
) -> None:
    asked = manager.get(reverse(f"member_{action}", args=[agent.uid])).text
    assert "Basile Essai\u00a0?" in asked
    agent.refresh_from_db()
    assert agent.state == "VALIDEE"
    answer = manager.post(reverse(f"member_{action}", args=[agent.uid]), follow=True)
    assert "Un courriel le lui dit." in answer.text
    agent.refresh_from_db()
    assert (agent.state, agent.is_manager) == (state, action == "transmettre")


def test_somebody_who_is_suspended_sees_nothing_at_the_next_click(
    manager: Client, agent: Membership, town: Structure
) -> None:
    theirs = of(agent.user)
    assert theirs.get(f"/structures/{town.uid}/").status_code == 200
    manager.post(f"/structures/personnes/{agent.uid}/suspendre/")
    assert theirs.get(f"/structures/{town.uid}/").status_code == 404
    manager.post(f"/structures/personnes/{agent.uid}/rendre/")
    assert theirs.get(f"/structures/{town.uid}/").status_code == 200


def test_an_invitation_is_sent_answered_and_can_be_withdrawn(manager: Client, town: Structure, at: datetime) -> None:
    for email in ("lise@example.org", "rose@example.org"):
        manager.post(f"/structures/{town.uid}/inviter/", {"email": email, "profiles": ["consulter"]})
    rose = Invitation.objects.get(email="rose@example.org")
    assert (
        "rose@example.org est retirée" in manager.post(f"/structures/invitations/{rose.uid}/retirer/", follow=True).text
    )
    lise = Invitation.objects.get(email="lise@example.org")
    theirs = of(a_person(at=at, name="Lise", email="lise@example.org"))
    assert "Consulter les factures reçues" in theirs.get("/structures/").text
    answer = theirs.post("/structures/invitations/", {"invitation": lise.uid, "answer": "accept"}, follow=True)
    assert answer.redirect_chain == [(f"/structures/{town.uid}/", 302)]


def test_the_invitation_of_somebody_else_cannot_be_answered(manager: Client, town: Structure, at: datetime) -> None:
    manager.post(f"/structures/{town.uid}/inviter/", {"email": "lise@example.org", "profiles": ["consulter"]})
    other = of(a_person(at=at))
    invitation = Invitation.objects.get()
    page = other.post("/structures/invitations/", {"invitation": invitation.uid, "answer": "accept"}, follow=True).text
    assert "Cette invitation n’attend plus de réponse." in page
    invitation.refresh_from_db()
    assert invitation.state == Invitation.State.OPEN


def test_a_request_is_accepted_with_what_the_person_may_do(manager: Client, town: Structure, at: datetime) -> None:
    person = a_person(at=at)
    asked = memberships.ask_to_join(actor=Actor(person), structure=town, comment="", at=at)
    sent = {"answer": "accept", "profiles": ["suivre"], "comment": "Bienvenue."}
    manager.post(f"/structures/demandes/{asked.uid}/", sent)
    assert profiles_held(holder=asked) == ([AccessProfile.FOLLOW], [])


def test_one_leaves_after_having_been_asked(agent: Membership, town: Structure) -> None:
    theirs = of(agent.user)
    assert "Quitter la structure" in theirs.get(f"/structures/{town.uid}/quitter/").text
    theirs.post("/structures/quitter/", {"membership": agent.uid})
    assert theirs.get(f"/structures/{town.uid}/").status_code == 404


def test_the_main_manager_is_told_to_hand_over_first(manager: Client, town: Structure) -> None:
    assert "Transmettez d’abord la gestion" in manager.get(f"/structures/{town.uid}/quitter/").text
    own = Membership.objects.get(structure=town, is_manager=True)
    answer = manager.post("/structures/quitter/", {"membership": own.uid}, follow=True)
    assert "Transmettez d’abord la gestion" in answer.text
    assert manager.get(f"/structures/{town.uid}/").status_code == 200


def test_nobody_ends_the_attachment_of_somebody_else_by_leaving(manager: Client, agent: Membership) -> None:
    assert manager.post("/structures/quitter/", {"membership": agent.uid}).status_code == 404
    assert manager.post("/structures/quitter/", {}).status_code == 404


def test_the_log_is_read_and_taken_away(manager: Client, agent: Membership, town: Structure) -> None:
    manager.post(f"/structures/personnes/{agent.uid}/suspendre/")
    page = manager.get(f"/structures/{town.uid}/activite/").text
    assert "Berthe Essai a suspendu l’accès d’une personne (Basile Essai), sur le site." in page
    file = manager.get(f"/structures/{town.uid}/activite.csv")
    assert "Berthe Essai;a suspendu l’accès d’une personne;Basile Essai;sur le site" in file.text
    assert ActivityEntry.objects.count() == 1


def test_fifty_people_cost_no_more_queries_than_two(
    manager: Client, agent: Membership, town: Structure, culture: Service, at: datetime, django_assert_max_num_queries
) -> None:
    for _ in range(12):
        an_attachment(person=a_person(at=at), structure=town, at=at, profiles=[AccessProfile.READ], services=[culture])
    with django_assert_max_num_queries(18):
        manager.get(f"/structures/{town.uid}/personnes/")
