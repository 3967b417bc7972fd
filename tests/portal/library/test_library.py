"""Documents kept at hand: what is refused, who may change them, and what never disappears with them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import IntegrityError, transaction

from plainchant.portal.accounts.models import User
from plainchant.portal.drafts.attachments import PieceGone, attach, attach_from_library
from plainchant.portal.drafts.operations import submit
from plainchant.portal.invoices import operations as invoices
from plainchant.portal.invoices.errors import StatusHasChanged
from plainchant.portal.invoices.models import InvoiceFile
from plainchant.portal.library import operations, queries
from plainchant.portal.library.models import LibraryFile, PieceStanding
from plainchant.portal.library.operations import Description, LibraryRefused
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import NotAllowed
from plainchant.portal.store.attachments import UploadRefused
from plainchant.portal.store.models import PendingFile, StoredFile
from plainchant.portal.store.operations import remove_orphans
from plainchant.portal.store.queries import read_bytes
from plainchant.portal.structures.models import Membership, Structure
from tests.making import a_draft, a_member, a_person, a_structure, a_town, an_upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(at: datetime) -> Structure:
    return a_structure(at=at)


@pytest.fixture
def ada(shop: Structure, at: datetime) -> User:
    return a_member(structure=shop, at=at, is_manager=True)


def keep(
    *, user: User, at: datetime, name: str = "rib.pdf", content: bytes = b"%PDF-1.7 rib", **told: Any
) -> LibraryFile:
    structure = told.pop("structure", None)
    return operations.add(
        file=ContentFile(content, name=name),
        file_name=name,
        size=len(content),
        description=Description(**({"type_code": "RIB"} | told)),
        actor=Actor(user),
        at=at,
        structure=structure,
    )


def orphans_leave(at: datetime) -> int:
    return remove_orphans(at=at + timedelta(days=2))


# ---- refusals ----


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("rib.pdf", b"", "est vide"),
        ("rib.exe", b"x", "ne sont pas acceptés"),
        ("rib", b"x", "ne montre pas d’extension"),
        (f"{'r' * 47}.pdf", b"x", "50 au plus"),
    ],
)
def test_the_checks_are_those_of_an_attachment(ada: User, at: datetime, name: str, content: bytes, said: str) -> None:
    with pytest.raises(UploadRefused, match=said):
        keep(user=ada, at=at, name=name, content=content)
    assert not LibraryFile.objects.exists()
    assert not StoredFile.objects.exists()


def test_a_type_that_does_not_exist_is_refused(ada: User, at: datetime) -> None:
    with pytest.raises(LibraryRefused, match="choisissez dans la liste") as refused:
        keep(user=ada, at=at, type_code="RUBBISH")
    assert refused.value.field == "type_code"


def test_days_the_wrong_way_round_are_refused(ada: User, at: datetime) -> None:
    days = {"valid_from": date(2026, 5, 2), "valid_until": date(2026, 5, 1)}
    with pytest.raises(LibraryRefused, match="01/05/2026"):
        keep(user=ada, at=at, **days)


def test_a_name_is_taken_once_on_a_shelf_but_another_shelf_may_have_it(
    ada: User, shop: Structure, at: datetime
) -> None:
    keep(user=ada, at=at)
    with pytest.raises(LibraryRefused, match="s’appelle déjà"):
        keep(user=ada, at=at)
    keep(user=ada, at=at, structure=shop)
    keep(user=a_person(at=at), at=at)
    assert LibraryFile.objects.count() == 3


def test_a_shelf_is_not_a_cellar(ada: User, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "MAX_FILES", 1)
    keep(user=ada, at=at)
    with pytest.raises(LibraryRefused, match="Il y a déjà 1 pièces"):
        keep(user=ada, at=at, name="autre.pdf")


def test_only_someone_attached_adds_to_a_structure(shop: Structure, at: datetime) -> None:
    with pytest.raises(NotAllowed):
        keep(user=a_person(at=at), at=at, structure=shop)
    assert not StoredFile.objects.exists()


def test_a_document_is_on_one_shelf_and_on_one_only(ada: User, shop: Structure, at: datetime) -> None:
    kept = keep(user=ada, at=at)
    for owner, structure in ((None, None), (ada, shop)):
        with pytest.raises(IntegrityError), transaction.atomic():
            LibraryFile.objects.filter(pk=kept.pk).update(owner=owner, structure=structure)


def test_of_a_structure_s_documents_its_manager_changes_all_and_the_others_their_own(
    ada: User, shop: Structure, at: datetime
) -> None:
    colleague, other = a_member(structure=shop, at=at, name="Bo"), a_member(structure=shop, at=at, name="Cy")
    kept = keep(user=colleague, at=at, structure=shop)
    with pytest.raises(NotAllowed, match="Seuls le gestionnaire"):
        operations.remove(file=kept, actor=Actor(other), at=at)
    with pytest.raises(NotAllowed, match="Seuls le gestionnaire"):
        operations.describe(file=kept, description=Description(type_code="AUTRE"), actor=Actor(other), at=at)
    assert operations.describe(file=kept, description=Description(type_code="AUTRE"), actor=Actor(colleague), at=at)
    operations.remove(file=kept, actor=Actor(ada), at=at)
    assert not LibraryFile.objects.exists()


def test_who_left_the_structure_changes_nothing_of_hers_any_more(ada: User, shop: Structure, at: datetime) -> None:
    colleague = a_member(structure=shop, at=at, name="Bo")
    kept = keep(user=colleague, at=at, structure=shop)
    Membership.objects.filter(user=colleague).update(state=Membership.State.REMOVED)
    with pytest.raises(NotAllowed):
        operations.remove(file=kept, actor=Actor(colleague), at=at)
    assert kept not in queries.visible_to(actor=Actor(colleague))


# ---- keeping ----


def test_a_dispense_holds_for_the_civil_year_it_is_added_in(ada: User, at: datetime) -> None:
    kept = keep(user=ada, at=at, type_code="DISPENSE_PRECOMPTE")
    assert (kept.valid_from, kept.valid_until) == (date(at.year, 1, 1), date(at.year, 12, 31))
    assert kept.standing(on=date(at.year, 12, 31)) is PieceStanding.HOLDS
    assert kept.standing(on=date(at.year + 1, 1, 1)) is PieceStanding.EXPIRED
    assert kept.standing(on=date(at.year - 1, 12, 31)) is PieceStanding.NOT_YET
    following = keep(
        user=ada, at=at, name="suivante.pdf", type_code="DISPENSE_PRECOMPTE", valid_from=date(at.year + 1, 1, 1)
    )
    assert following.valid_until == date(at.year + 1, 12, 31)


def test_a_name_of_one_s_own_keeps_the_extension_of_the_file(ada: User, at: datetime) -> None:
    kept = keep(user=ada, at=at, name="Scan 0012.PDF")
    described = operations.describe(
        file=kept, description=Description(type_code="RIB", name="Mon RIB v1.2"), actor=Actor(ada), at=at
    )
    assert described.name == "Mon RIB v1.2.PDF"


def test_a_replacement_keeps_its_place_and_lets_the_former_bytes_go(ada: User, at: datetime) -> None:
    kept = keep(user=ada, at=at)
    former = kept.stored
    new = ContentFile(b"\x89PNG new", name="scan.png")
    changed = operations.replace(
        file=kept,
        new=new,
        file_name="scan.png",
        size=8,
        description=Description(type_code="RIB", name="rib.pdf"),
        actor=Actor(ada),
        at=at,
    )
    assert (changed.uid, changed.name) == (kept.uid, "rib.png")
    assert read_bytes(stored=changed.stored) == b"\x89PNG new"
    assert orphans_leave(at) == 1
    assert not storages["documents"].exists(former.path)


def test_a_replacement_that_is_refused_leaves_everything(ada: User, at: datetime) -> None:
    kept, _ = keep(user=ada, at=at), keep(user=ada, at=at, name="autre.pdf")
    with pytest.raises(LibraryRefused, match="s’appelle déjà"):
        operations.replace(
            file=kept,
            new=ContentFile(b"new", name="autre.pdf"),
            file_name="autre.pdf",
            size=3,
            description=Description(type_code="RIB"),
            actor=Actor(ada),
            at=at,
        )
    kept.refresh_from_db()
    assert read_bytes(stored=kept.stored) == b"%PDF-1.7 rib"
    assert orphans_leave(at) == 1  # of the new bytes, which nothing names


def test_removing_twice_is_harmless_and_the_bytes_go(ada: User, at: datetime) -> None:
    kept = keep(user=ada, at=at)
    path = kept.stored.path
    operations.remove(file=kept, actor=Actor(ada), at=at)
    operations.remove(file=kept, actor=Actor(ada), at=at)
    assert orphans_leave(at) == 1
    assert not storages["documents"].exists(path)


# ---- joining to an invoice ----


def test_what_an_invoice_holds_is_never_removed_with_the_shelf(ada: User, shop: Structure, at: datetime) -> None:
    draft, kept = a_draft(seller=shop, user=ada, at=at), keep(user=ada, at=at)
    joined = attach_from_library(draft=draft.draft, file=kept, actor=Actor(ada), at=at)
    assert (joined.stored_id, joined.name, joined.designation) == (kept.stored_id, "rib.pdf", "RIB")
    operations.remove(file=kept, actor=Actor(ada), at=at)
    assert not PendingFile.objects.exists()
    assert orphans_leave(at) == 0
    joined.refresh_from_db()
    assert read_bytes(stored=joined.stored) == b"%PDF-1.7 rib"


def test_replacing_changes_nothing_of_an_invoice(ada: User, shop: Structure, at: datetime) -> None:
    draft, kept = a_draft(seller=shop, user=ada, at=at), keep(user=ada, at=at)
    joined = attach_from_library(draft=draft.draft, file=kept, actor=Actor(ada), at=at)
    operations.replace(
        file=kept,
        new=ContentFile(b"new", name="rib.pdf"),
        file_name="rib.pdf",
        size=3,
        description=Description(type_code="RIB"),
        actor=Actor(ada),
        at=at,
    )
    assert orphans_leave(at) == 0
    assert read_bytes(stored=InvoiceFile.objects.get(pk=joined.pk).stored) == b"%PDF-1.7 rib"


def test_a_document_taken_off_a_draft_stays_on_the_shelf(ada: User, shop: Structure, at: datetime) -> None:
    draft, kept = a_draft(seller=shop, user=ada, at=at), keep(user=ada, at=at)
    joined = attach_from_library(draft=draft.draft, file=kept, actor=Actor(ada), at=at)
    invoices.remove_file(file=joined, actor=Actor(ada), at=at)
    kept.refresh_from_db()
    assert read_bytes(stored=kept.stored) == b"%PDF-1.7 rib"


def test_an_expired_document_may_be_joined_for_the_page_warns(ada: User, shop: Structure, at: datetime) -> None:
    draft = a_draft(seller=shop, user=ada, at=at)
    kept = keep(user=ada, at=at, valid_until=date(2020, 1, 1))
    assert attach_from_library(draft=draft.draft, file=kept, actor=Actor(ada), at=at)


def test_nobody_joins_what_is_not_theirs_or_another_structure_s(ada: User, shop: Structure, at: datetime) -> None:
    draft = a_draft(seller=shop, user=ada, at=at)
    second = a_structure(at=at, name="Seconde")
    Membership.objects.create(user=ada, structure=second, state=Membership.State.ACCEPTED, requested_at=at)
    stranger = a_person(at=at)
    own = keep(user=ada, at=at, name="a-moi.pdf")  # having one of her own opens no other
    for kept in (keep(user=stranger, at=at), keep(user=ada, at=at, structure=second)):
        with pytest.raises(PieceGone, match="n’est plus à votre portée"):
            attach_from_library(draft=draft.draft, file=kept, actor=Actor(ada), at=at)
    assert list(queries.offered(actor=Actor(ada), seller=shop)) == [own]
    assert queries.visible_to(actor=Actor(ada)).count() == 2


def test_a_document_removed_meanwhile_is_not_joined(ada: User, shop: Structure, at: datetime) -> None:
    draft, kept = a_draft(seller=shop, user=ada, at=at), keep(user=ada, at=at)
    operations.remove(file=LibraryFile.objects.get(pk=kept.pk), actor=Actor(ada), at=at)
    with pytest.raises(PieceGone, match="a été retirée"):
        attach_from_library(draft=draft.draft, file=kept, actor=Actor(ada), at=at)


def test_a_draft_has_a_name_once_and_what_was_sent_takes_nothing(ada: User, shop: Structure, at: datetime) -> None:
    draft, kept = a_draft(seller=shop, user=ada, at=at), keep(user=ada, at=at)
    attach(draft=draft.draft, upload=an_upload(content=b"x", name="rib.pdf"), actor=Actor(ada), at=at)
    with pytest.raises(UploadRefused, match="s’appelle déjà"):
        attach_from_library(draft=draft.draft, file=kept, actor=Actor(ada), at=at)
    town = a_town(at=at)
    sent, other = a_draft(seller=shop, user=ada, at=at, buyer=town), keep(user=ada, at=at, name="autre.pdf")
    submit(draft=sent.draft, actor=Actor(ada), at=at)
    with pytest.raises(StatusHasChanged):
        attach_from_library(draft=sent.draft, file=other, actor=Actor(ada), at=at)
