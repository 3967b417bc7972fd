"""Documents kept at hand: what is refused, who may change them, and what never disappears with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import IntegrityError, transaction

from plainchant.portal.accounts.models import User
from plainchant.portal.drafts.attachments import PieceGone, attach
from plainchant.portal.drafts.operations import submit
from plainchant.portal.invoices import operations as invoices
from plainchant.portal.invoices.errors import StatusHasChanged
from plainchant.portal.invoices.models import InvoiceFile
from plainchant.portal.library import operations, queries
from plainchant.portal.library.models import LibraryFile, PieceStanding
from plainchant.portal.library.operations import Description, LibraryRefused
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import NotAllowed
from plainchant.portal.rights.profiles import AccessProfile
from plainchant.portal.rights.rights import Right
from plainchant.portal.store.attachments import UploadRefused
from plainchant.portal.store.models import PendingFile, StoredFile
from plainchant.portal.store.operations import remove_orphans
from plainchant.portal.store.queries import read_bytes
from plainchant.portal.structures.models import Membership, Structure
from plainchant.portal.structures.technical_accounts import actor_of
from tests.making import a_draft, a_member, a_person, a_structure, a_town, an_attachment, an_upload

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
    file = told.pop("file", None) or ContentFile(content, name=name)
    return operations.add(
        file=file,
        file_name=name,
        size=len(content),
        description=Description(**({"type_code": "RIB"} | told)),
        actor=actor_of(user),
        at=at,
        structure=structure,
    )


def replace(*, kept: LibraryFile, user: User, at: datetime, **changes: Any) -> LibraryFile:
    file = changes.pop("file", None) or ContentFile(b"new")
    name = changes.pop("file_name", "rib.pdf")
    return operations.replace(
        file=kept,
        new=file,
        file_name=name,
        size=3,
        description=Description(**({"type_code": "RIB"} | changes)),
        actor=Actor(user),
        at=at,
    )


class Arriving(ContentFile):
    """A file during whose arrival something else happens."""

    def __init__(self, meanwhile: Callable[[], object]) -> None:
        super().__init__(b"new")
        self.meanwhile = meanwhile

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        yield from super().chunks(chunk_size)
        self.meanwhile()


def leaves(user: User) -> None:
    Membership.objects.filter(user=user).update(state=Membership.State.REMOVED)


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
    with pytest.raises(LibraryRefused, match="1er\u00a0mai\u00a02026"):
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


def test_a_document_may_hold_for_one_day(ada: User, at: datetime) -> None:
    day = date(2026, 5, 1)
    assert keep(user=ada, at=at, valid_from=day, valid_until=day).valid_until == day


def test_a_shelf_holds_a_hundred_documents(ada: User, shop: Structure, at: datetime) -> None:
    kept = keep(user=ada, at=at)
    more = range(operations.MAX_FILES - 2)
    LibraryFile.objects.bulk_create(
        LibraryFile(owner=ada, stored=kept.stored, name=f"{n}.pdf", type_code="RIB", added_at=at, added_by=ada)
        for n in more
    )
    keep(user=ada, at=at, name="centième.pdf")
    assert LibraryFile.objects.count() == 100
    with pytest.raises(LibraryRefused, match="Il y a déjà 100 pièces"):
        keep(user=ada, at=at, name="de trop.pdf")
    keep(user=ada, at=at, name="de trop.pdf", structure=shop)
    # What is there may still be described and replaced.
    operations.describe(file=kept, description=Description(type_code="AUTRE"), actor=Actor(ada), at=at)
    replace(kept=kept, user=ada, at=at)


def test_only_someone_attached_adds_to_a_structure(shop: Structure, at: datetime) -> None:
    with pytest.raises(NotAllowed):
        keep(user=a_person(at=at), at=at, structure=shop)
    assert not StoredFile.objects.exists()


def test_who_leaves_while_the_document_arrives_adds_nothing(ada: User, shop: Structure, at: datetime) -> None:
    with pytest.raises(NotAllowed):
        keep(user=ada, at=at, structure=shop, file=Arriving(lambda: leaves(ada)))
    assert not LibraryFile.objects.exists()
    assert orphans_leave(at) == 1


def test_two_that_arrive_at_once_do_not_get_the_same_name(ada: User, at: datetime) -> None:
    with pytest.raises(LibraryRefused, match="s’appelle déjà"):
        keep(user=ada, at=at, file=Arriving(lambda: keep(user=ada, at=at)))
    assert LibraryFile.objects.count() == 1
    assert orphans_leave(at) == 1


def test_what_may_not_be_kept_is_refused_before_its_bytes_are(ada: User, shop: Structure, at: datetime) -> None:
    kept = keep(user=ada, at=at)
    stranger = a_person(at=at)
    for attempt in (
        lambda: keep(user=ada, at=at),
        lambda: keep(user=stranger, at=at, structure=shop, name="x.pdf"),
        lambda: replace(kept=kept, user=stranger, at=at),
        lambda: replace(kept=kept, user=ada, at=at, file_name="rib.exe"),
        lambda: replace(kept=kept, user=ada, at=at, type_code="RUBBISH"),
    ):
        with pytest.raises((LibraryRefused, NotAllowed, UploadRefused)):
            attempt()
    assert not PendingFile.objects.exists()
    assert StoredFile.objects.get() == kept.stored


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
    assert kept not in queries.visible_to(actor=Actor(colleague), right=Right.SEE_ISSUED)


def test_a_closed_account_reaches_not_even_its_own(ada: User, at: datetime) -> None:
    kept = keep(user=ada, at=at)
    User.objects.filter(pk=ada.pk).update(is_active=False)
    assert not queries.visible_to(actor=Actor(ada), right=Right.SEE_ISSUED).exists()
    assert not queries.changeable_by(actor=Actor(ada), right=Right.PREPARE).exists()
    with pytest.raises(NotAllowed):
        operations.remove(file=kept, actor=Actor(ada), at=at)


def test_a_description_is_checked_as_the_document_was(ada: User, at: datetime) -> None:
    kept, _ = keep(user=ada, at=at), keep(user=ada, at=at, name="autre.pdf")
    for description, refusal in (
        (Description(type_code="RIB", name="autre"), "s’appelle déjà"),
        (Description(type_code="RIB", name="r" * 47), "50 au plus"),
        (Description(type_code="RUBBISH"), "choisissez dans la liste"),
    ):
        with pytest.raises((LibraryRefused, UploadRefused), match=refusal):
            operations.describe(file=kept, description=description, actor=Actor(ada), at=at)
    kept.refresh_from_db()
    assert (kept.name, kept.type_code) == ("rib.pdf", "RIB")


def test_what_was_removed_meanwhile_is_neither_described_nor_replaced(ada: User, at: datetime) -> None:
    kept, _ = keep(user=ada, at=at), keep(user=ada, at=at, name="autre.pdf")
    operations.remove(file=LibraryFile.objects.get(pk=kept.pk), actor=Actor(ada), at=at)
    with pytest.raises(LibraryRefused, match="a été retirée entre-temps"):
        operations.describe(file=kept, description=Description(type_code="RIB"), actor=Actor(ada), at=at)
    with pytest.raises(LibraryRefused, match="a été retirée entre-temps"):
        replace(kept=kept, user=ada, at=at)


def test_who_leaves_while_the_replacement_arrives_changes_nothing(ada: User, shop: Structure, at: datetime) -> None:
    kept = keep(user=ada, at=at, structure=shop)
    with pytest.raises(NotAllowed):
        replace(kept=kept, user=ada, at=at, file=Arriving(lambda: leaves(ada)))
    kept.refresh_from_db()
    assert read_bytes(stored=kept.stored) == b"%PDF-1.7 rib"
    assert orphans_leave(at) == 1


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


def test_days_that_are_given_are_kept_whatever_the_type(ada: User, at: datetime) -> None:
    start, end = date(2025, 3, 1), date(2025, 9, 30)
    kept = keep(user=ada, at=at, type_code="DISPENSE_PRECOMPTE", valid_from=start, valid_until=end)
    assert (kept.valid_from, kept.valid_until) == (start, end)
    until = keep(user=ada, at=at, name="2.pdf", type_code="DISPENSE_PRECOMPTE", valid_until=end)
    assert (until.valid_from, until.valid_until) == (date(2025, 1, 1), end)


def test_other_types_hold_until_a_day_only_if_one_is_given(ada: User, at: datetime) -> None:
    kept = keep(user=ada, at=at, type_code="ATTESTATION_VIGILANCE")
    assert (kept.valid_from, kept.valid_until) == (None, None)
    since = keep(user=ada, at=at, name="2.pdf", type_code="ATTESTATION_VIGILANCE", valid_from=date(2026, 5, 1))
    assert since.valid_until is None


def test_a_description_changes_that_document_alone_and_its_name_only_if_one_is_given(ada: User, at: datetime) -> None:
    other, kept = keep(user=ada, at=at, name="autre.pdf"), keep(user=ada, at=at)
    day = date(2026, 5, 1)
    description = Description(type_code="AUTRE", valid_from=day, valid_until=day)
    described = operations.describe(file=kept, description=description, actor=Actor(ada), at=at)
    assert (described.name, described.type_code) == ("rib.pdf", "AUTRE")
    assert (described.valid_from, described.valid_until) == (day, day)
    other.refresh_from_db()
    assert (other.name, other.type_code, other.valid_from) == ("autre.pdf", "RIB", None)


def test_a_replacement_says_who_put_it_there_when_and_what_it_is(ada: User, shop: Structure, at: datetime) -> None:
    colleague = a_member(structure=shop, at=at, name="Bo")
    other, kept = (keep(user=colleague, at=at, name=name, structure=shop) for name in ("autre.pdf", "rib.pdf"))
    later, day = at + timedelta(days=3), date(2026, 5, 1)
    changed = replace(kept=kept, user=ada, at=later, type_code="AUTRE", valid_from=day, valid_until=day)
    assert (changed.added_by, changed.added_at, changed.type_code) == (ada, later, "AUTRE")
    assert (changed.valid_from, changed.valid_until) == (day, day)
    other.refresh_from_db()
    assert (other.added_by, other.type_code, other.stored) == (colleague, "RIB", other.stored)
    assert read_bytes(stored=other.stored) == b"%PDF-1.7 rib"


def test_removing_one_leaves_the_others(ada: User, at: datetime) -> None:
    kept, other = keep(user=ada, at=at), keep(user=ada, at=at, name="autre.pdf")
    operations.remove(file=kept, actor=Actor(ada), at=at)
    assert LibraryFile.objects.get() == other


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
    kept, _ = keep(user=ada, at=at), keep(user=ada, at=at, name="autre.pdf")
    path = kept.stored.path
    operations.remove(file=kept, actor=Actor(ada), at=at)
    operations.remove(file=kept, actor=Actor(ada), at=at)
    assert orphans_leave(at) == 1
    assert not storages["documents"].exists(path)


# ---- joining to an invoice ----


def test_what_an_invoice_holds_is_never_removed_with_the_shelf(ada: User, shop: Structure, at: datetime) -> None:
    draft, kept = a_draft(seller=shop, user=ada, at=at), keep(user=ada, at=at)
    [joined] = attach(draft=draft.draft, pieces=[kept], actor=Actor(ada), at=at)
    assert (joined.stored_id, joined.name, joined.designation) == (kept.stored_id, "rib.pdf", "RIB")
    operations.remove(file=kept, actor=Actor(ada), at=at)
    assert not PendingFile.objects.exists()
    assert orphans_leave(at) == 0
    joined.refresh_from_db()
    assert read_bytes(stored=joined.stored) == b"%PDF-1.7 rib"


def test_replacing_changes_nothing_of_an_invoice(ada: User, shop: Structure, at: datetime) -> None:
    draft, kept = a_draft(seller=shop, user=ada, at=at), keep(user=ada, at=at)
    [joined] = attach(draft=draft.draft, pieces=[kept], actor=Actor(ada), at=at)
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
    [joined] = attach(draft=draft.draft, pieces=[kept], actor=Actor(ada), at=at)
    invoices.remove_file(file=joined, actor=Actor(ada), at=at)
    kept.refresh_from_db()
    assert read_bytes(stored=kept.stored) == b"%PDF-1.7 rib"


def test_an_expired_document_may_be_joined_for_the_page_warns(ada: User, shop: Structure, at: datetime) -> None:
    draft = a_draft(seller=shop, user=ada, at=at)
    kept = keep(user=ada, at=at, valid_until=date(2020, 1, 1))
    assert attach(draft=draft.draft, pieces=[kept], actor=Actor(ada), at=at)


def test_nobody_joins_what_is_not_theirs_or_another_structure_s(ada: User, shop: Structure, at: datetime) -> None:
    draft = a_draft(seller=shop, user=ada, at=at)
    second = a_structure(at=at, name="Seconde")
    an_attachment(person=ada, structure=second, at=at)
    stranger = a_person(at=at)
    own = keep(user=ada, at=at, name="a-moi.pdf")  # having one of her own opens no other
    for kept in (keep(user=stranger, at=at), keep(user=ada, at=at, structure=second)):
        with pytest.raises(PieceGone, match="n’est plus à votre portée"):
            attach(draft=draft.draft, pieces=[kept], actor=Actor(ada), at=at)
    assert list(queries.offered(actor=Actor(ada), seller=shop)) == [own]
    assert queries.visible_to(actor=Actor(ada), right=Right.SEE_ISSUED).count() == 2


def test_who_only_receives_for_a_structure_is_offered_none_of_its_documents(
    ada: User, shop: Structure, at: datetime
) -> None:
    keep(user=ada, at=at, structure=shop)
    agent = an_attachment(person=a_person(at=at), structure=shop, at=at, profiles=[AccessProfile.PROCESS]).user
    assert not queries.offered(actor=Actor(agent), seller=shop).exists()


def test_a_document_removed_meanwhile_is_not_joined(ada: User, shop: Structure, at: datetime) -> None:
    draft, kept = a_draft(seller=shop, user=ada, at=at), keep(user=ada, at=at)
    operations.remove(file=LibraryFile.objects.get(pk=kept.pk), actor=Actor(ada), at=at)
    with pytest.raises(PieceGone, match="a été retirée"):
        attach(draft=draft.draft, pieces=[kept], actor=Actor(ada), at=at)


def test_documents_are_joined_all_together_or_none(ada: User, shop: Structure, at: datetime) -> None:
    draft, kept = a_draft(seller=shop, user=ada, at=at), keep(user=ada, at=at)
    other = an_upload(content=b"x", name="autre.pdf")
    for uploads in ([other, an_upload(content=b"x", name="rib.pdf")], [other, other]):
        with pytest.raises(UploadRefused, match="s’appelle déjà"):
            attach(draft=draft.draft, uploads=uploads, pieces=[kept], actor=Actor(ada), at=at)
    operations.remove(file=LibraryFile.objects.get(pk=kept.pk), actor=Actor(ada), at=at)
    with pytest.raises(PieceGone):
        attach(draft=draft.draft, uploads=[other], pieces=[kept], actor=Actor(ada), at=at)
    assert not InvoiceFile.objects.filter(invoice=draft, role=InvoiceFile.Role.COMPLEMENT).exists()
    second = keep(user=ada, at=at)
    joined = attach(draft=draft.draft, uploads=[other], pieces=[second], actor=Actor(ada), at=at)
    assert [(file.name, file.designation) for file in joined] == [("autre.pdf", ""), ("rib.pdf", "RIB")]


def test_a_draft_has_a_name_once_and_what_was_sent_takes_nothing(ada: User, shop: Structure, at: datetime) -> None:
    draft, kept = a_draft(seller=shop, user=ada, at=at), keep(user=ada, at=at)
    attach(draft=draft.draft, uploads=[an_upload(content=b"x", name="rib.pdf")], actor=Actor(ada), at=at)
    with pytest.raises(UploadRefused, match="s’appelle déjà"):
        attach(draft=draft.draft, pieces=[kept], actor=Actor(ada), at=at)
    town = a_town(at=at)
    sent, other = a_draft(seller=shop, user=ada, at=at, buyer=town), keep(user=ada, at=at, name="autre.pdf")
    submit(draft=sent.draft, actor=Actor(ada), at=at)
    with pytest.raises(StatusHasChanged):
        attach(draft=sent.draft, pieces=[other], actor=Actor(ada), at=at)
