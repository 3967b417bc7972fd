"""An address for notices counts once its reader has said so; until then the one of before receives, and is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from plainchant.portal.accounts import claims, operations
from plainchant.portal.accounts.models import AddressClaim, User
from plainchant.portal.lib.time import now
from plainchant.portal.mail.models import Message
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures import operations as structures
from plainchant.portal.structures.models import Membership, Structure
from plainchant.portal.structures.naming import LegalName
from plainchant.portal.structures.queries import notice_addresses
from tests.making import a_member, a_structure
from tests.web.proving import proved

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
PathIn = Callable[[str], str]
NEW = "avis@potiers.fr"
PROFILE = {"first_name": "Marie", "last_name": "Lefèvre", "contact_email": NEW, "phone": ""}


def to(address: str) -> list[str]:
    return list(Message.objects.filter(recipient=address).order_by("pk").values_list("kind", flat=True))


@pytest.fixture
def visitor(client: Client, marie: User) -> Client:
    client.force_login(marie)
    return proved(client)


def test_a_new_address_receives_nothing_but_its_link_until_it_is_used(
    visitor: Client, marie: User, path_in: PathIn
) -> None:
    page = visitor.post("/compte/", PROFILE, follow=True).content.decode()
    assert "attend d’être confirmée" in page
    assert (to(NEW), to(marie.email)) == (["confirm_address"], ["address_asked"])
    marie.refresh_from_db()
    assert marie.notice_address == marie.email
    link = path_in("confirm_address")
    stranger = Client()  # whoever reads the address, logged in or not
    answer = stranger.get(link)
    assert (answer.status_code, answer.headers["Referrer-Policy"]) == (200, "strict-origin")
    marie.refresh_from_db()
    assert marie.notice_address == marie.email  # a scanner opens every link
    assert "est confirmée" in stranger.post(link).content.decode()
    marie.refresh_from_db()
    assert marie.notice_address == NEW
    assert to(marie.email) == ["address_asked", "address_changed"]
    assert stranger.post(link).status_code == 200
    assert to(marie.email) == ["address_asked", "address_changed"]
    with pytest.raises(claims.ClaimRefused):
        operations.confirm_contact(claim=AddressClaim.objects.get(), at=now())


def test_only_the_sha_256_of_the_link_is_kept_and_the_mail_is_secret(visitor: Client, path_in: PathIn) -> None:
    visitor.post("/compte/", PROFILE)
    token = path_in("confirm_address").split("/")[-2]
    assert len(token) >= 43
    assert token not in str(AddressClaim.objects.values().get())
    assert Message.objects.get(kind="confirm_address").is_secret
    assert token not in Message.objects.get(kind="address_asked").body


def test_a_link_is_worth_nothing_after_a_day_nor_once_another_was_asked_or_it_was_given_up(
    visitor: Client, marie: User, path_in: PathIn
) -> None:
    visitor.post("/compte/", PROFILE)
    first = path_in("confirm_address")
    AddressClaim.objects.update(expires_at=now() - timedelta(seconds=1))
    assert "vingt-quatre heures" in visitor.get(first).content.decode()
    assert visitor.post(first).status_code == 410
    visitor.post("/compte/", PROFILE)
    second = path_in("confirm_address")
    visitor.post("/compte/adresse/", {"wanted": "again"})
    third = path_in("confirm_address")
    assert len({first, second, third}) == 3
    assert visitor.post(second).status_code == 410
    visitor.post("/compte/adresse/", {"wanted": "give_up"})
    assert visitor.post(third).status_code == 410
    assert visitor.post("/compte/adresse/inconnu/").status_code == 404
    marie.refresh_from_db()
    assert marie.contact_email == ""


def test_links_are_sent_a_bounded_number_of_times(visitor: Client, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "confirm_address": "2/h/key"}
    visitor.post("/compte/", PROFILE)
    visitor.post("/compte/", PROFILE)  # nothing is sent again for the same address
    assert [visitor.post("/compte/adresse/").status_code for _ in range(2)] == [302, 429]
    assert to(NEW) == ["confirm_address"] * 2


def test_going_back_to_the_login_address_needs_no_link(visitor: Client, marie: User) -> None:
    User.objects.filter(pk=marie.pk).update(contact_email=NEW)
    for typed in ("", marie.email):
        visitor.post("/compte/", {**PROFILE, "contact_email": typed})
        marie.refresh_from_db()
        assert marie.contact_email == ""
    assert to(NEW) == ["address_changed"]


def test_an_address_typed_at_the_registration_waits_too(
    client: Client, signup: Callable[..., Any], path_in: PathIn
) -> None:
    signup(contact_email=NEW)
    assert to(NEW) == []
    client.post(path_in("activation"), {"password1": "quatre pots verts", "password2": "quatre pots verts"})
    assert User.objects.get().notice_address == "marie@potiers.fr"
    assert to(NEW) == ["confirm_address"]
    client.post(path_in("confirm_address"))
    assert User.objects.get().notice_address == NEW


@pytest.fixture
def workshop(marie: User, at: Any) -> Structure:
    structure = a_structure(at=at, email="atelier@potiers.fr")
    Membership.objects.create(
        user=marie, structure=structure, state=Membership.State.ACCEPTED, is_manager=True, requested_at=at
    )
    return structure


SHEET = {"label": "", "address_line": "1 rue du Port", "postcode": "29000", "city": "Quimper", "email": NEW}


def test_an_address_of_a_structure_waits_too_and_the_one_of_before_is_told(
    visitor: Client, workshop: Structure, path_in: PathIn
) -> None:
    page = visitor.post(f"/structures/{workshop.uid}/modifier/", SHEET, follow=True).content.decode()
    assert "attend d’être confirmée" in page
    workshop.refresh_from_db()
    assert (workshop.city, workshop.email) == ("Quimper", "atelier@potiers.fr")
    assert (to(NEW), to("atelier@potiers.fr")) == (["confirm_address"], ["address_asked"])
    assert NEW not in notice_addresses(structure=workshop, right=Right.SEE_ISSUED)
    visitor.post(f"/structures/{workshop.uid}/adresse/", {"wanted": "again"})
    Client().post(path_in("confirm_address"))
    workshop.refresh_from_db()
    assert workshop.email == NEW
    assert to("atelier@potiers.fr")[-1] == "address_changed"


def test_whoever_manages_no_longer_confirms_no_address_of_the_structure(
    visitor: Client, workshop: Structure, path_in: PathIn
) -> None:
    visitor.post(f"/structures/{workshop.uid}/modifier/", SHEET)
    Membership.objects.update(is_manager=False)
    assert Client().post(path_in("confirm_address")).status_code == 410
    workshop.refresh_from_db()
    assert workshop.email == "atelier@potiers.fr"


def test_a_proven_address_of_the_manager_counts_at_once(visitor: Client, workshop: Structure, marie: User) -> None:
    visitor.post(f"/structures/{workshop.uid}/modifier/", {**SHEET, "email": marie.email})
    workshop.refresh_from_db()
    assert workshop.email == marie.email
    visitor.post(f"/structures/{workshop.uid}/modifier/", {**SHEET, "email": ""})
    workshop.refresh_from_db()
    assert workshop.email == ""


def test_a_new_structure_has_the_address_once_it_is_confirmed(marie: User, at: Any) -> None:
    sheet = structures.StructureDetails(email=NEW)
    created = structures.create(
        actor=Actor(marie), identifier="73282932000074", name=LegalName(name="Potiers"), sheet=sheet, at=at
    )
    assert created.structure.email == ""
    assert to(NEW) == ["confirm_address"]
    colleague = a_member(structure=created.structure, at=at)
    assert notice_addresses(structure=created.structure, right=Right.SEE_ISSUED) == sorted(
        [marie.email, colleague.email]
    )
