"""Bytes that no row names go away, whatever becomes of what they were kept for; the others stay."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.storage import storages
from PIL import Image

from plainchant.portal.accounts.models import User
from plainchant.portal.drafts import after_sending
from plainchant.portal.drafts.attachments import attach, detach
from plainchant.portal.drafts.invoice_settings import save_settings
from plainchant.portal.drafts.operations import delete, submit
from plainchant.portal.drafts.uploads import Upload
from plainchant.portal.invoices import operations as invoices
from plainchant.portal.invoices.errors import StatusHasChanged
from plainchant.portal.invoices.lifecycle import Action
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.library.operations import remove
from plainchant.portal.mandates.operations import attach as file_with
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import NotAllowed
from plainchant.portal.store.models import PendingFile, StoredFile
from plainchant.portal.store.operations import remove_orphans
from plainchant.portal.store.queries import read_bytes
from plainchant.portal.structures.models import Structure
from tests.making import a_draft, a_mandate, a_member, a_structure, a_town, an_upload, made_available
from tests.portal.library.test_library import Arriving, keep, leaves

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(at: datetime) -> Structure:
    return a_structure(at=at)


@pytest.fixture
def ada(shop: Structure, at: datetime) -> User:
    return a_member(structure=shop, at=at, is_manager=True)


@pytest.fixture
def draft(shop: Structure, ada: User, at: datetime) -> Invoice:
    return a_draft(seller=shop, user=ada, at=at, buyer=a_town(at=at))


def on_the_disk(at: datetime) -> set[str]:
    """The documents that are there once the orphans have gone."""
    remove_orphans(at=at + timedelta(days=2))
    root = Path(storages["documents"].path(""))
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


def named() -> set[str]:
    return set(StoredFile.objects.values_list("path", flat=True))


def a_logo(colour: str) -> bytes:
    out = BytesIO()
    Image.new("RGB", (30, 10), colour).save(out, "PNG")
    return out.getvalue()


def test_a_document_that_arrives_too_late_for_its_draft(draft: Invoice, ada: User, at: datetime) -> None:
    before = named()
    late = Arriving(lambda: delete(draft=draft.draft, actor=Actor(ada), at=at))
    with pytest.raises(StatusHasChanged):
        attach(draft=draft.draft, uploads=[Upload(file=late, name="rib.pdf", size=3)], actor=Actor(ada), at=at)
    assert on_the_disk(at) == named() == before


def test_a_document_of_somebody_who_left_while_it_arrived(draft: Invoice, ada: User, at: datetime) -> None:
    before = named()
    late = Upload(file=Arriving(lambda: leaves(ada)), name="rib.pdf", size=3)
    with pytest.raises(NotAllowed):
        attach(draft=draft.draft, uploads=[late], actor=Actor(ada), at=at)
    assert on_the_disk(at) == named() == before


def test_a_document_for_a_mandate_that_its_manager_no_longer_manages(shop: Structure, ada: User, at: datetime) -> None:
    mandate = a_mandate(structure=shop, by=ada, at=at)
    late = Arriving(lambda: leaves(ada))
    with pytest.raises(NotAllowed):
        file_with(mandate=mandate, file=late, name="statuts.pdf", actor=Actor(ada), at=at)
    assert on_the_disk(at) == named() == set()


def test_the_documents_of_an_answer_that_comes_after_another(draft: Invoice, ada: User, at: datetime) -> None:
    submit(draft=draft.draft, actor=Actor(ada), at=at)
    made_available(invoice=draft, at=at)
    assert draft.buyer is not None
    agent = Actor(a_member(structure=draft.buyer, at=at, name="Basile"))
    invoices.process(invoice=draft, action=Action.SUSPEND, actor=agent, at=at, reason_code="AUTRE", comment="Le RIB")
    before = named()

    def another() -> None:
        answered = Invoice.objects.get(pk=draft.pk)
        invoices.complete(invoice=answered, files=[], comment="Le voici.", actor=Actor(ada), at=at)

    late = Upload(file=Arriving(another), name="late.pdf", size=3)
    uploads = [an_upload(content=b"rib", name="rib.pdf"), late]
    with pytest.raises(StatusHasChanged):
        after_sending.complete(invoice=draft, uploads=uploads, comment="", actor=Actor(ada), at=at)
    assert on_the_disk(at) == named() == before


def test_a_document_taken_off_its_draft(draft: Invoice, ada: User, at: datetime) -> None:
    before = named()
    [attached] = attach(draft=draft.draft, uploads=[an_upload(content=b"rib", name="rib.pdf")], actor=Actor(ada), at=at)
    assert on_the_disk(at) == named() > before
    detach(file=attached, actor=Actor(ada), at=at)
    assert on_the_disk(at) == named() == before


def test_a_document_of_a_shelf_and_of_a_draft_goes_with_the_last_of_them(
    draft: Invoice, ada: User, at: datetime
) -> None:
    before = named()
    kept = keep(user=ada, at=at)
    [attached] = attach(draft=draft.draft, pieces=[kept], actor=Actor(ada), at=at)
    detach(file=attached, actor=Actor(ada), at=at)
    assert on_the_disk(at) == named() == before | {kept.stored.path}
    remove(file=kept, actor=Actor(ada), at=at)
    assert on_the_disk(at) == named() == before


def test_a_logo_that_another_has_replaced(shop: Structure, ada: User, at: datetime) -> None:
    for colour in ("teal", "red"):
        kept = save_settings(structure=shop, values={}, actor=Actor(ada), at=at, logo=a_logo(colour))
    assert kept.logo is not None
    assert read_bytes(stored=kept.logo) == a_logo("red")
    assert on_the_disk(at) == named() == {kept.logo.path}
    assert save_settings(structure=shop, values={}, actor=Actor(ada), at=at).logo == kept.logo
    assert on_the_disk(at) == {kept.logo.path}


def test_the_logo_of_somebody_who_may_not_change_it_is_not_even_kept(shop: Structure, ada: User, at: datetime) -> None:
    member = a_member(structure=shop, at=at)
    with pytest.raises(NotAllowed):
        save_settings(structure=shop, values={}, actor=Actor(member), at=at, logo=a_logo("teal"))
    assert not PendingFile.objects.exists()
    assert not named()


def test_what_a_crash_has_left_under_its_temporary_name(at: datetime) -> None:
    """The machine stopped while the bytes were written."""
    place = Path(storages["documents"].path("aa/bb/cc.partial"))
    place.parent.mkdir(parents=True)
    place.write_bytes(b"half of")
    PendingFile.objects.create(path="aa/bb/cc", created_at=at)
    assert not on_the_disk(at)
