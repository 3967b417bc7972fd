"""A billing mandate: only the manager gives it, once; it can be ended; its page says what was agreed."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.files.base import ContentFile

from plainchant.capture.pdf import read_document
from plainchant.portal.accounts.models import User
from plainchant.portal.mandates import queries
from plainchant.portal.mandates.models import BillingMandate
from plainchant.portal.mandates.operations import MandateRefused, attach, revoke, subscribe
from plainchant.portal.mandates.page import draw
from plainchant.portal.mandates.text import CURRENT, VERSIONS
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import NotAllowed
from plainchant.portal.rights.rights import Right
from plainchant.portal.store.models import PendingFile
from plainchant.portal.structures.models import Structure
from tests.making import a_mandate, a_member, a_structure
from tests.portal.library.test_library import Arriving, leaves

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller(at: datetime) -> Structure:
    return a_structure(at=at, address_line="1 rue des Essais", postcode="31000")


@pytest.fixture
def manager(seller: Structure, at: datetime) -> User:
    return a_member(structure=seller, at=at, is_manager=True)


def test_someone_who_does_not_manage_the_structure_cannot_give_one(seller: Structure, at: datetime) -> None:
    with pytest.raises(NotAllowed):
        a_mandate(structure=seller, by=a_member(structure=seller, at=at), at=at)
    assert queries.in_force(structure=seller) is None


@pytest.mark.parametrize("name", ["", "   ", "x" * 101])
def test_a_mandate_has_a_name_of_a_reasonable_length(seller: Structure, manager: User, name: str, at: datetime) -> None:
    with pytest.raises(MandateRefused) as refused:
        subscribe(structure=seller, name=name, actor=Actor(manager), at=at)
    assert refused.value.field == "name"


def test_a_closed_structure_gives_none(seller: Structure, manager: User, at: datetime) -> None:
    Structure.objects.filter(pk=seller.pk).update(is_active=False)
    seller.refresh_from_db()
    with pytest.raises(MandateRefused):
        a_mandate(structure=seller, by=manager, at=at)


def test_the_mandate_of_one_structure_is_not_that_of_another(seller: Structure, manager: User, at: datetime) -> None:
    other = a_structure(at=at)
    theirs = a_mandate(structure=other, by=a_member(structure=other, at=at, is_manager=True), at=at)
    assert queries.in_force(structure=seller) is None
    own = a_mandate(structure=seller, by=manager, at=at)
    assert queries.in_force(structure=seller) == own
    assert queries.in_force(structure=other) == theirs
    assert queries.structures_with_mandate(structures=[seller]) == {seller.pk}
    revoke(mandate=own, actor=Actor(manager), at=at)
    assert queries.structures_with_mandate(structures=[seller, other]) == {other.pk}


def test_giving_it_twice_gives_it_once(seller: Structure, manager: User, at: datetime) -> None:
    first = a_mandate(structure=seller, by=manager, at=at)
    assert a_mandate(structure=seller, by=manager, at=at + timedelta(seconds=1)) == first
    assert BillingMandate.objects.count() == 1
    assert (first.text_version, first.facts["signatory"]) == (CURRENT, "Ada Essai")


def test_only_the_manager_ends_it_and_another_can_follow(seller: Structure, manager: User, at: datetime) -> None:
    first = a_mandate(structure=seller, by=manager, at=at)
    with pytest.raises(NotAllowed):
        revoke(mandate=first, actor=Actor(a_member(structure=seller, at=at)), at=at)
    revoke(mandate=first, actor=Actor(manager), at=at + timedelta(days=1))
    revoke(mandate=first, actor=Actor(manager), at=at + timedelta(days=2))
    assert first.revoked_at == at + timedelta(days=1)
    assert queries.in_force(structure=seller) is None
    assert a_mandate(structure=seller, by=manager, at=at + timedelta(days=3)) != first


def test_documents_are_filed_with_it_under_different_names(seller: Structure, manager: User, at: datetime) -> None:
    mandate = a_mandate(structure=seller, by=manager, at=at)
    for content in (b"one", b"two"):
        if content == b"one":
            attach(mandate=mandate, file=ContentFile(content), name="statuts.pdf", actor=Actor(manager), at=at)
        else:
            with pytest.raises(MandateRefused):
                attach(mandate=mandate, file=ContentFile(content), name="statuts.pdf", actor=Actor(manager), at=at)
    assert [file.name for file in queries.files_for(actor=Actor(manager), right=Right.SEE)] == ["statuts.pdf"]


def test_a_stranger_sees_neither_the_mandate_nor_its_documents(seller: Structure, manager: User, at: datetime) -> None:
    mandate = a_mandate(structure=seller, by=manager, at=at)
    attach(mandate=mandate, file=ContentFile(b"one"), name="statuts.pdf", actor=Actor(manager), at=at)
    stranger = a_member(structure=a_structure(at=at), at=at, is_manager=True)
    assert not queries.mandates_for(actor=Actor(stranger), right=Right.SEE).exists()
    assert not queries.files_for(actor=Actor(stranger), right=Right.SEE).exists()
    colleague = Actor(a_member(structure=seller, at=at))
    assert not queries.mandates_for(actor=colleague, right=Right.MANAGE).exists()


def test_its_page_says_who_gave_it_and_what_was_agreed(seller: Structure, manager: User, at: datetime) -> None:
    mandate = a_mandate(structure=seller, by=manager, at=at)
    page = " ".join(word.text for word in read_document(draw(mandate=mandate)).pages[0].words)
    assert "Ada Essai" in page
    assert seller.known_as.replace("\u00a0", " ") in page
    assert all(title in page for title, _ in VERSIONS[CURRENT].paragraphs)
    assert "Révoqué" not in page
    revoke(mandate=mandate, actor=Actor(manager), at=at)
    assert "Révoqué" in " ".join(word.text for word in read_document(draw(mandate=mandate)).pages[0].words)


def test_what_somebody_else_files_is_not_even_kept(seller: Structure, manager: User, at: datetime) -> None:
    mandate = a_mandate(structure=seller, by=manager, at=at)
    colleague = Actor(a_member(structure=seller, at=at))
    with pytest.raises(NotAllowed):
        attach(mandate=mandate, file=ContentFile(b"%PDF-1.7"), name="accord.pdf", actor=colleague, at=at)
    assert not PendingFile.objects.exists()


def test_who_stops_managing_while_the_document_arrives_files_nothing(
    seller: Structure, manager: User, at: datetime
) -> None:
    mandate = a_mandate(structure=seller, by=manager, at=at)
    late = Arriving(lambda: leaves(manager))
    with pytest.raises(NotAllowed):
        attach(mandate=mandate, file=late, name="accord.pdf", actor=Actor(manager), at=at)
    assert not mandate.files.exists()
