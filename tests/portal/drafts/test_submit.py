"""Sending a deposited invoice: refused with everything to mend, or sent once and for good."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from plainchant.portal.accounts.models import User
from plainchant.portal.drafts import certificate as certificates
from plainchant.portal.drafts.attachments import attach
from plainchant.portal.drafts.checking import check
from plainchant.portal.drafts.documents import deposit_document
from plainchant.portal.drafts.models import Certificate, Draft
from plainchant.portal.drafts.operations import change, submit
from plainchant.portal.invoices.errors import DraftHasChanged, StatusHasChanged, WouldBeRefused
from plainchant.portal.invoices.lifecycle import Status
from plainchant.portal.invoices.models import Invoice, InvoiceFile, StatusChange
from plainchant.portal.rights.actor import Actor
from plainchant.portal.store.queries import read_bytes
from plainchant.portal.structures.models import Structure
from tests.making import a_draft, a_member, a_service, a_structure, a_town, an_invoice_pdf, an_upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller(at: datetime) -> Structure:
    return a_structure(at=at)


@pytest.fixture
def artist(seller: Structure, at: datetime) -> User:
    return a_member(structure=seller, at=at)


def refused_rules(invoice: Invoice, at: datetime) -> set[str]:
    return {finding.rule for finding in check(draft=invoice.draft, at=at).findings if finding.severity == "fatal"}


def test_an_empty_form_lists_everything_at_once(seller: Structure, artist: User, at: datetime) -> None:
    draft = a_draft(
        seller=seller,
        user=artist,
        at=at,
        number="",
        issue_date=None,
        vat_regime="",
        tax_exclusive_amount=None,
        tax_amount=None,
        tax_inclusive_amount=None,
        payable_amount=None,
    )
    with pytest.raises(WouldBeRefused) as refused:
        submit(draft=draft.draft, actor=Actor(artist), at=at)
    fields = {finding.field for finding in refused.value.findings}
    assert fields >= {
        "buyer", "number", "issue_date", "vat_regime", "tax_exclusive_amount", "tax_amount", "tax_inclusive_amount",
        "payable_amount",
    }  # fmt: skip
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT


def test_amounts_that_do_not_add_up_are_shown_with_the_sum(seller: Structure, artist: User, at: datetime) -> None:
    draft = a_draft(seller=seller, user=artist, at=at, buyer=a_town(at=at), tax_inclusive_amount=Decimal("1300"))
    finding = next(f for f in check(draft=draft.draft, at=at).findings if f.rule == "CPRO-TOTAUX")
    assert "1\u202f200,00" in finding.message
    assert finding.severity == "fatal"


def test_the_same_number_twice_for_one_supplier_is_refused(seller: Structure, artist: User, at: datetime) -> None:
    town = a_town(at=at)
    submit(draft=a_draft(seller=seller, user=artist, at=at, buyer=town, number="F-1").draft, actor=Actor(artist), at=at)
    again = a_draft(seller=seller, user=artist, at=at, buyer=town, number="F-1")
    assert "CPRO-G2.07" in refused_rules(again, at)


def test_another_supplier_may_use_the_same_number(seller: Structure, artist: User, at: datetime) -> None:
    town, other = a_town(at=at), a_structure(at=at, name="Atelier Brume")
    submit(draft=a_draft(seller=seller, user=artist, at=at, buyer=town, number="F-1").draft, actor=Actor(artist), at=at)
    theirs = a_draft(seller=other, user=a_member(structure=other, at=at), at=at, buyer=town, number="F-1")
    assert refused_rules(theirs, at) == set()


def test_an_inactive_service_is_refused(seller: Structure, artist: User, at: datetime) -> None:
    town = a_town(at=at)
    closed = a_service(structure=town, is_active=False)
    draft = a_draft(seller=seller, user=artist, at=at, buyer=town, buyer_service=closed)
    assert any(rule.startswith("ANNUAIRE-SERVICE") for rule in refused_rules(draft, at))


def test_a_body_that_wants_a_commitment_refuses_without(seller: Structure, artist: User, at: datetime) -> None:
    town = a_town(at=at, requires_commitment=True)
    without = a_draft(seller=seller, user=artist, at=at, buyer=town)
    assert "ANNUAIRE-ENGAGEMENT-ABSENT" in refused_rules(without, at)
    assert refused_rules(a_draft(seller=seller, user=artist, at=at, buyer=town, commitment="EJ-7"), at) == set()


@pytest.mark.parametrize("number", ["F" * 21, "Facture n°1", "é-1"])
def test_a_number_the_portal_cannot_carry_is_refused(
    seller: Structure, artist: User, at: datetime, number: str
) -> None:
    draft = a_draft(seller=seller, user=artist, at=at, buyer=a_town(at=at), number=number)
    assert {"CPRO-G1.05", "CPRO-G1.05-LONGUEUR"} & refused_rules(draft, at)


def test_sending_twice_gives_the_same_certificate_and_one_deposit(
    seller: Structure, artist: User, at: datetime
) -> None:
    draft = a_draft(seller=seller, user=artist, at=at, buyer=a_town(at=at))
    stale = Invoice.objects.get(pk=draft.pk)
    first = submit(draft=draft.draft, actor=Actor(artist), at=at)
    second = submit(draft=stale.draft, actor=Actor(artist), at=at)
    assert first.pk == second.pk
    assert StatusChange.objects.filter(invoice=draft, to_status=Status.DEPOSITED).count() == 1


def test_the_certificate_names_the_bytes_that_were_deposited(seller: Structure, artist: User, at: datetime) -> None:
    draft = a_draft(seller=seller, user=artist, at=at, buyer=a_town(at=at))
    proof = submit(draft=draft.draft, actor=Actor(artist), at=at)
    stored = InvoiceFile.objects.get(invoice=draft).stored
    digest = hashlib.sha256(read_bytes(stored=stored)).hexdigest()
    assert proof.facts["files"][0]["sha256"] == digest == stored.sha256
    canonical = json.dumps(proof.facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert proof.sha256 == hashlib.sha256(canonical.encode()).hexdigest()


def test_the_certificate_is_a_pdf_that_is_always_the_same(seller: Structure, artist: User, at: datetime) -> None:
    draft = a_draft(seller=seller, user=artist, at=at, buyer=a_town(at=at))
    proof = submit(draft=draft.draft, actor=Actor(artist), at=at)
    drawn = certificates.draw(certificate=proof)
    assert drawn.startswith(b"%PDF-")
    assert drawn == certificates.draw(certificate=Certificate.objects.get(pk=proof.pk))


def test_a_certificate_of_before_a_fact_was_one_is_drawn_all_the_same(
    seller: Structure, artist: User, at: datetime
) -> None:
    draft = a_draft(seller=seller, user=artist, at=at, buyer=a_town(at=at))
    proof = submit(draft=draft.draft, actor=Actor(artist), at=at)
    del proof.facts["invoice"]["billing_framework"]
    for file in proof.facts["files"]:
        del file["antivirus"]
    assert certificates.draw(certificate=proof).startswith(b"%PDF-")


def test_what_was_sent_is_frozen_in_the_canonical_document(seller: Structure, artist: User, at: datetime) -> None:
    draft = a_draft(seller=seller, user=artist, at=at, buyer=a_town(at=at))
    submit(draft=draft.draft, actor=Actor(artist), at=at)
    draft.refresh_from_db()
    assert draft.document["payable_amount"] == "1200.00"
    assert draft.document["seller"]["identifier"] == seller.identifier


def test_what_the_page_says_is_proposed(seller: Structure, artist: User, at: datetime) -> None:
    town = a_town(at=at, identifier="21000001500012")
    upload = an_upload(content=an_invoice_pdf(number="F-77", buyer=town.identifier, total="1 234,50"))
    draft = deposit_document(seller=seller, upload=upload, actor=Actor(artist), at=at)
    assert draft.invoice.number == "F-77"
    assert draft.invoice.tax_inclusive_amount == Decimal("1234.50")
    assert draft.invoice.buyer == town
    assert draft.fields["tax_inclusive_amount"] == "1234,50"


def test_two_invoices_in_one_pdf_are_pointed_out(seller: Structure, artist: User, at: datetime) -> None:
    import typst

    two = "\n#pagebreak()\n".join(
        f"= FACTURE\nFacture n° F-{n}\n\nTotal HT : 100,00 € \\ TVA : 0,00 € \\ Total TTC : 100,00 €" for n in (1, 2)
    )
    upload = an_upload(content=bytes(typst.compile(two.encode(), format="pdf")))
    draft = deposit_document(seller=seller, upload=upload, actor=Actor(artist), at=at)
    assert "CPRO-DEUX-FACTURES" in {finding.rule for finding in check(draft=draft, at=at).findings}


def test_a_draft_changed_in_another_tab_is_not_sent_unseen(seller: Structure, artist: User, at: datetime) -> None:
    draft = a_draft(seller=seller, user=artist, at=at, buyer=a_town(at=at))
    looked_at = draft.draft.revision
    change(draft=Draft.objects.get(invoice=draft), fields={"payable_amount": "9999"}, actor=Actor(artist), at=at)
    with pytest.raises(DraftHasChanged):
        submit(draft=draft.draft, actor=Actor(artist), at=at, revision=looked_at)
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT


def test_what_changed_since_a_program_saw_it_is_looked_at_before_it_is_sent(
    seller: Structure, artist: User, at: datetime
) -> None:
    stale = a_draft(seller=seller, user=artist, at=at, buyer=a_town(at=at))
    fields = dict.fromkeys(("tax_exclusive_amount", "tax_inclusive_amount", "payable_amount"), "50")
    change(draft=Draft.objects.get(invoice=stale), fields=fields, actor=Actor(artist), at=at)
    with pytest.raises(DraftHasChanged):
        submit(draft=stale.draft, actor=Actor(artist), at=at)
    proof = submit(draft=Draft.objects.get(invoice=stale), actor=Actor(artist), at=at)
    stale.refresh_from_db()
    sent = (str(stale.payable_amount), stale.document["payable_amount"], proof.facts["invoice"]["payable_amount"])
    assert {Decimal(amount) for amount in sent} == {Decimal(50)}


def test_the_certificate_names_who_sent_it_not_who_began_it(seller: Structure, artist: User, at: datetime) -> None:
    draft = a_draft(seller=seller, user=artist, at=at, buyer=a_town(at=at))
    colleague = a_member(structure=seller, at=at, name="Bob")
    assert submit(draft=draft.draft, actor=Actor(colleague), at=at).facts["deposited_by"] == "Bob Essai"


def test_nothing_is_attached_to_an_invoice_already_sent(seller: Structure, artist: User, at: datetime) -> None:
    draft = a_draft(seller=seller, user=artist, at=at, buyer=a_town(at=at))
    stale = Invoice.objects.get(pk=draft.pk)
    submit(draft=draft.draft, actor=Actor(artist), at=at)
    with pytest.raises(StatusHasChanged):
        attach(draft=stale.draft, uploads=[an_upload(content=b"x", name="trop-tard.txt")], actor=Actor(artist), at=at)
    assert InvoiceFile.objects.filter(invoice=draft).count() == 1


def test_a_document_added_after_the_check_is_a_change(seller: Structure, artist: User, at: datetime) -> None:
    draft = a_draft(seller=seller, user=artist, at=at, buyer=a_town(at=at))
    looked_at = draft.draft.revision
    later = at + timedelta(minutes=1)
    attach(draft=draft.draft, uploads=[an_upload(content=b"x", name="surprise.txt")], actor=Actor(artist), at=later)
    with pytest.raises(DraftHasChanged):
        submit(draft=draft.draft, actor=Actor(artist), at=later, revision=looked_at)
