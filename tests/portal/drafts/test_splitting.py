"""A document that holds several invoices becomes a draft of each, once, and stays whole beside them."""

from __future__ import annotations

import io
from copy import deepcopy
from datetime import datetime

import pikepdf
import pytest

from plainchant.portal.drafts import splitting
from plainchant.portal.drafts.documents import deposit_document
from plainchant.portal.drafts.models import DocumentPart, Draft, Recognition
from plainchant.portal.drafts.operations import DraftHasChanged, change, submit
from plainchant.portal.drafts.splitting import OneInvoiceOnly
from plainchant.portal.drops.queries import issuers_for
from plainchant.portal.invoices.errors import StatusHasChanged
from plainchant.portal.invoices.lifecycle import Status
from plainchant.portal.invoices.models import InvoiceFile
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import NotAllowed
from plainchant.portal.store.models import StoredFile
from plainchant.portal.store.queries import read_bytes
from plainchant.portal.structures.models import Structure
from tests.capture.samples import drawn
from tests.capture.scans import as_pdf, page_of, scanned
from tests.capture.test_invoices_of_a_document import BREAK, ONE, OTHER, TERMS, TestWorkbooks
from tests.capture.workbooks import as_xlsx
from tests.making import a_member, a_person, a_structure, a_town, an_attachment, an_upload, put_in

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

DOCUMENT = drawn(BREAK.join([ONE.page, TERMS, OTHER.page]))


@pytest.fixture(scope="module")
def built(once_a_module, at: datetime) -> tuple[Draft, Structure, Actor]:
    with once_a_module():
        seller = a_structure(at=at, identifier="90210001500012")
        other = a_structure(at=at, name="Studio Lavis", identifier="84512377700029")
        artist = a_member(structure=seller, at=at)
        a_town(at=at, identifier="21990001600011")
        upload = an_upload(content=DOCUMENT, name="mai.pdf")
        return deposit_document(seller=seller, upload=upload, actor=Actor(artist), at=at), other, Actor(artist)


@pytest.fixture
def draft(built) -> Draft:
    return deepcopy(built[0])


@pytest.fixture
def actor(built) -> Actor:
    return deepcopy(built[2])


def split(draft: Draft, actor: Actor, at: datetime) -> list[Draft]:
    return splitting.split(draft=draft, issuers=issuers_for(actor=actor), actor=actor, at=at)


def document(draft: Draft) -> InvoiceFile:
    return InvoiceFile.objects.select_related("stored").get(invoice=draft.invoice, role=InvoiceFile.Role.INVOICE)


class TestRefusals:
    def test_a_stranger_splits_nothing(self, draft: Draft, at: datetime) -> None:
        with pytest.raises(NotAllowed):
            split(draft, Actor(a_person(at=at, name="Mallory")), at)
        assert not DocumentPart.objects.exists()

    def test_one_invoice_is_not_split(self, draft: Draft, actor: Actor, at: datetime) -> None:
        upload = an_upload(content=drawn(ONE.page))
        alone = deposit_document(seller=draft.invoice.seller, upload=upload, actor=actor, at=at)
        with pytest.raises(OneInvoiceOnly):
            split(alone, actor, at)

    def test_what_was_sent_is_not_split(self, draft: Draft, actor: Actor, at: datetime) -> None:
        put_in(Status.DEPOSITED, pk=draft.invoice_id)
        with pytest.raises((StatusHasChanged, NotAllowed)):
            split(draft, actor, at)
        assert Draft.objects.count() == 1

    def test_what_is_sent_while_its_pages_are_taken_out_is_not_split(
        self, draft: Draft, actor: Actor, at: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        cut_out = splitting._cut_out

        def late(file, found, *, at):
            made = list(cut_out(file, found, at=at))
            put_in(Status.DEPOSITED, pk=draft.invoice_id)
            return made

        monkeypatch.setattr(splitting, "_cut_out", late)
        with pytest.raises(StatusHasChanged):
            split(draft, actor, at)
        assert Draft.objects.count() == 1

    def test_a_part_that_cannot_be_kept_leaves_everything_as_it_was(
        self, draft: Draft, actor: Actor, at: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        kept = splitting.keep_document
        calls = []

        def keep_once(**about):
            calls.append(about)
            if len(calls) > 1:
                raise OSError("the store is full")
            return kept(**about)

        monkeypatch.setattr(splitting, "keep_document", keep_once)
        before = Draft.objects.count(), StoredFile.objects.count()
        with pytest.raises(OSError, match="full"):
            split(draft, actor, at)
        assert (Draft.objects.count(), StoredFile.objects.count()) == before
        assert read_bytes(stored=document(draft).stored) == DOCUMENT


class TestSplitting:
    def test_each_invoice_is_a_draft_with_its_own_pages_and_values(
        self, draft: Draft, actor: Actor, at: datetime
    ) -> None:
        first, second = split(draft, actor, at)
        assert first.pk == draft.pk
        assert (first.fields["number"], second.fields["number"]) == ("2026-041", "F-2026-7")
        assert (first.fields["tax_inclusive_amount"], second.fields["tax_inclusive_amount"]) == ("600,00", "1200,00")
        assert (first.invoice.number, second.invoice.number) == ("2026-041", "F-2026-7")
        assert [part.pages for part in DocumentPart.objects.order_by("position")] == ["page 1 à 2", "page 3"]
        for own, other, pages in ((first, b"Lavis", 2), (second, b"Pochoir", 1)):
            data = read_bytes(stored=document(own).stored)
            with pikepdf.open(io.BytesIO(data)) as pdf:
                assert len(pdf.pages) == pages
                assert not [
                    item for item in pdf.objects if isinstance(item, pikepdf.Stream) and other in item.read_bytes()
                ]
        assert document(second).name == "mai (2 sur 2).pdf"

    def test_the_whole_document_is_kept(self, draft: Draft, actor: Actor, at: datetime) -> None:
        split(draft, actor, at)
        parts = DocumentPart.objects.select_related("original")
        assert {(read_bytes(stored=part.original), part.original_name) for part in parts} == {(DOCUMENT, "mai.pdf")}

    def test_twice_is_once(self, draft: Draft, actor: Actor, at: datetime) -> None:
        first = split(draft, actor, at)
        again = split(deepcopy(draft), actor, at)
        from_the_other = split(first[1], actor, at)
        assert [d.pk for d in first] == [d.pk for d in again] == [d.pk for d in from_the_other]
        assert Draft.objects.count() == 2

    def test_two_presses_at_once_make_them_once(
        self, draft: Draft, actor: Actor, at: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The other press ends while this one takes the pages out."""
        cut_out = splitting._cut_out

        def late(file, found, *, at):
            monkeypatch.setattr(splitting, "_cut_out", cut_out)
            made = list(cut_out(file, found, at=at))
            split(deepcopy(draft), actor, at)
            return made

        monkeypatch.setattr(splitting, "_cut_out", late)
        assert len(split(draft, actor, at)) == 2
        assert Draft.objects.count() == 2

    def test_what_somebody_typed_stays(self, draft: Draft, actor: Actor, at: datetime) -> None:
        change(draft=draft, fields={"number": "À MOI-1"}, actor=actor, at=at)
        first, _ = split(draft, actor, at)
        assert first.fields["number"] == "À MOI-1"

    def test_what_was_looked_at_before_is_not_sent_after(self, draft: Draft, actor: Actor, at: datetime) -> None:
        revision = draft.revision
        first, _ = split(draft, actor, at)
        with pytest.raises(DraftHasChanged):
            submit(draft=first, actor=actor, at=at, revision=revision)

    def test_each_is_in_the_name_that_stands_on_it(self, draft: Draft, actor: Actor, at: datetime, built) -> None:
        everybody = Structure.objects.all()
        with pytest.raises(NotAllowed):  # a structure that the actor may not act for, were it among the issuers
            splitting.split(draft=draft, issuers=everybody, actor=actor, at=at)
        assert Draft.objects.count() == 1
        an_attachment(person=actor.account, structure=built[1], at=at)
        first, second = split(draft, actor, at)
        assert (first.invoice.seller, second.invoice.seller) == (draft.invoice.seller, built[1])

    def test_scanned_invoices_are_each_read_again(self, draft: Draft, actor: Actor, at: datetime) -> None:
        """Nothing is known of a scan before it is read: it is split by what was recognised."""
        pages = as_pdf(*[scanned(page_of(drawn(bill.page), dpi=60)).jpeg for bill in (ONE, OTHER)])
        upload = an_upload(content=pages)
        scan = deposit_document(seller=draft.invoice.seller, upload=upload, actor=actor, at=at)
        row = scan.invoice.reading
        row.result = {**draft.invoice.reading.result, "engine": "Tesseract"}
        row.result["numbers_found"] = [
            {"number": "a", "pages": [1], "own": [1]},
            {"number": "b", "pages": [2], "own": [2]},
        ]
        row.save()
        Recognition.objects.filter(invoice=scan.invoice).update(state=Recognition.State.READ)
        made = split(scan, actor, at)
        states = Recognition.objects.filter(invoice__in=[d.invoice for d in made]).values_list("state", flat=True)
        assert list(states) == [Recognition.State.WAITING] * 2


class TestWorkbookOfSheets:
    def test_each_sheet_is_drawn_alone(self, draft: Draft, actor: Actor, at: datetime) -> None:
        book = as_xlsx(TestWorkbooks.MONTHS, active="Mars")
        upload = an_upload(content=book, name="2026.xlsx")
        whole = deposit_document(seller=draft.invoice.seller, upload=upload, actor=actor, at=at)
        assert whole.fields["number"] == "2026-03"
        made = split(whole, actor, at)
        assert [d.fields["number"] for d in made] == ["2026-01", "2026-02", "2026-03"]
        assert made[2].pk == whole.pk
        for own in made:
            file = document(own)
            assert (file.stored.media_type, file.legible) == ("application/pdf", None)
            assert own.invoice.reading.result["warnings"] == []
        parts = DocumentPart.objects.filter(split_from=whole.invoice).order_by("position")
        assert [part.pages for part in parts] == ["feuille 1", "feuille 2", "feuille 3"]
        assert read_bytes(stored=parts[0].original) == book
