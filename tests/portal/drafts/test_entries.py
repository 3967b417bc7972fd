"""Entering an invoice: closed without a mandate, saved without overwriting, sent once as what it becomes."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from plainchant.einvoice.making.composing import Coding
from plainchant.einvoice.verdict import check as judge
from plainchant.portal.accounts.models import User
from plainchant.portal.drafts import files, operations, queries, successors
from plainchant.portal.drafts.checking import check
from plainchant.portal.drafts.models import DocumentReading, Draft
from plainchant.portal.drafts.numbering import next_number, trouble_with
from plainchant.portal.drafts.operations import DraftSavedElsewhere, MandateMissing
from plainchant.portal.drafts.sheets import from_json, to_json
from plainchant.portal.drafts.successors import NotReissuable
from plainchant.portal.invoices import operations as invoices
from plainchant.portal.invoices.errors import DraftHasChanged, StatusHasChanged, WouldBeRefused
from plainchant.portal.invoices.lifecycle import Action, Status
from plainchant.portal.invoices.models import Invoice, InvoiceFile
from plainchant.portal.mail.models import Message
from plainchant.portal.mandates.operations import revoke
from plainchant.portal.rights.actor import Actor
from plainchant.portal.store.models import StoredFile
from plainchant.portal.store.queries import read_bytes
from plainchant.portal.structures.models import BankAccount, Structure
from plainchant.tasks.embedded import run_until_idle
from tests.making import (
    a_draft,
    a_mandate,
    a_member,
    a_service,
    a_structure,
    a_town,
    an_entry,
    an_invoice_pdf,
    an_upload,
    typed_entry,
)
from tests.spellings import spellings

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller(at: datetime) -> Structure:
    return a_structure(
        at=at, name="Camille Rivet", identifier="90210001500012", address_line="1 rue des Essais", postcode="31000"
    )


@pytest.fixture
def town(at: datetime) -> Structure:
    return a_town(at=at, identifier="21990001600011", address_line="1 place", postcode="06999")


@pytest.fixture
def author(seller: Structure, at: datetime) -> User:
    person = a_member(structure=seller, at=at, is_manager=True)
    a_mandate(structure=seller, by=person, at=at)
    return person


def rejected(entry: Draft, user: User, at: datetime) -> Invoice:
    """Sent, received and rejected."""
    operations.submit(draft=entry, actor=Actor(user), at=at, revision=entry.revision)
    run_until_idle()
    invoice = Invoice.objects.get(pk=entry.invoice_id)
    assert invoice.buyer is not None
    agent = Actor(a_member(structure=invoice.buyer, at=at, name="Basile"))
    invoices.process(invoice=invoice, action=Action.REJECT, actor=agent, at=at, reason_code="AUTRE", comment="Double")
    return invoice


def test_without_a_mandate_nothing_is_begun(seller: Structure, at: datetime) -> None:
    with pytest.raises(MandateMissing):
        operations.start(seller=seller, actor=Actor(a_member(structure=seller, at=at)), at=at)
    assert not Invoice.objects.exists()


def test_a_mandate_that_ended_closes_the_sending_and_keeps_the_draft(
    seller: Structure, town: Structure, author: User, at: datetime
) -> None:
    entry = an_entry(seller=seller, user=author, at=at, buyer=town)
    revoke(mandate=seller.mandates.get(), actor=Actor(author), at=at)
    with pytest.raises(MandateMissing):
        operations.submit(draft=entry, actor=Actor(author), at=at, revision=entry.revision)
    assert "SAISIE-SANS-MANDAT" in {finding.rule for finding in check(draft=entry, at=at).stops}
    assert Invoice.objects.get().status == Status.DRAFT


def test_a_new_draft_proposes_what_is_always_the_same(seller: Structure, author: User, at: datetime) -> None:
    account = BankAccount.objects.create(
        structure=seller, label="Courant", iban="FR1420041010050500013M02606", created_at=at, created_by=author
    )
    fields = operations.start(seller=seller, actor=Actor(author), at=at).typed["fields"]
    assert (fields["number"], fields["issue_date"]) == ("", "03/11/2026")
    assert (fields["bank_account"], fields["payment_mode"]) == (str(account.uid), "VIREMENT")


def test_two_tabs_never_overwrite_each_other(seller: Structure, author: User, at: datetime) -> None:
    entry = operations.start(seller=seller, actor=Actor(author), at=at)
    seen = entry.revision
    operations.save(draft=entry, typed=typed_entry(comment="premier"), revision=seen, actor=Actor(author), at=at)
    other = Draft.objects.get(pk=entry.pk)
    with pytest.raises(DraftSavedElsewhere) as refused:
        operations.save(draft=other, typed=typed_entry(comment="second"), revision=seen, actor=Actor(author), at=at)
    assert refused.value.draft.typed["fields"]["comment"] == "premier"
    # The same words saved again are a retry, not a quarrel.
    assert (
        operations.save(
            draft=other, typed=typed_entry(comment="premier"), revision=seen, actor=Actor(author), at=at
        ).revision
        == seen + 1
    )


def test_what_is_done_with_a_draft_changes_no_other(
    seller: Structure, town: Structure, author: User, at: datetime
) -> None:
    given = {"seller": seller, "user": author, "at": at, "buyer": town}

    def a_document(number: str) -> Invoice:
        return a_draft(**given, number=number, upload=an_upload(content=an_invoice_pdf(number=number)))

    others = [an_entry(**given, number="B-1").invoice_id, a_document("B-2").pk]

    def rows() -> list[list[dict[str, Any]]]:
        of = {Invoice: "pk", Draft: "invoice", DocumentReading: "invoice"}
        return [
            list(model.objects.filter(**{f"{key}__in": others}).order_by("pk").values()) for model, key in of.items()
        ]

    entry, document = an_entry(**given, number="A-1"), a_document("A-2").draft
    before, later = rows(), at + timedelta(minutes=5)
    assert [len(found) for found in before] == [2, 2, 1]
    for words in ("", "Bonjour"):
        operations.start(seller=seller, actor=Actor(author), at=later, fields={"comment": words})
    for draft in (entry, document):
        operations.change(draft=draft, fields={"comment": "Merci"}, actor=Actor(author), at=later)
        operations.fill(draft=draft, read={"contract": "M-1"}, at=later)
        operations.submit(draft=draft, actor=Actor(author), at=later)
    assert rows() == before


def test_a_draft_that_was_sent_is_no_longer_saved(
    seller: Structure, town: Structure, author: User, at: datetime
) -> None:
    entry = an_entry(seller=seller, user=author, at=at, buyer=town)
    operations.submit(draft=entry, actor=Actor(author), at=at, revision=entry.revision)
    with pytest.raises(StatusHasChanged):
        operations.save(
            draft=entry, typed=typed_entry(comment="trop tard"), revision=entry.revision, actor=Actor(author), at=at
        )


def test_the_row_holds_what_could_be_understood(seller: Structure, town: Structure, author: User, at: datetime) -> None:
    service = a_service(structure=town)
    entry = an_entry(seller=seller, user=author, at=at, buyer=town, buyer_service=service.code, commitment="EJ-1")
    row = entry.invoice
    assert (row.buyer, row.buyer_service, row.commitment) == (town, service, "EJ-1")
    assert (row.tax_exclusive_amount, row.tax_amount, row.payable_amount) == (Decimal(500), Decimal(0), Decimal(500))
    entry = operations.change(draft=entry, fields={"issue_date": "hier"}, actor=Actor(author), at=at)
    assert entry.invoice.issue_date is None
    assert entry.typed["fields"]["issue_date"] == "hier"


@pytest.mark.one_database
def test_everything_wrong_is_said_at_once_and_nothing_is_kept(seller: Structure, author: User, at: datetime) -> None:
    entry = operations.start(seller=seller, actor=Actor(author), at=at)
    with pytest.raises(WouldBeRefused) as refused:
        operations.submit(draft=entry, actor=Actor(author), at=at, revision=entry.revision)
    fields = {finding.field for finding in refused.value.findings}
    assert {"buyer", "vat_regime", "lines-0-name", "lines-0-quantity", "lines-0-price"} <= fields
    assert not InvoiceFile.objects.exists()
    assert not StoredFile.objects.exists()


@pytest.mark.one_database
def test_what_the_recipient_demands_is_asked(seller: Structure, town: Structure, author: User, at: datetime) -> None:
    Structure.objects.filter(pk=town.pk).update(requires_commitment=True)
    entry = an_entry(seller=seller, user=author, at=at, buyer=town)
    assert [finding.field for finding in check(draft=entry, at=at).stops] == ["commitment"]


@pytest.mark.one_database
def test_sent_it_is_a_facturx_that_chorus_pro_takes(
    seller: Structure, town: Structure, author: User, at: datetime
) -> None:
    entry = an_entry(seller=seller, user=author, at=at, buyer=town)
    certificate = operations.submit(draft=entry, actor=Actor(author), at=at, revision=entry.revision)
    invoice = Invoice.objects.get()
    assert (invoice.status, invoice.deposit_mode) == (Status.DEPOSITED, "SAISIE_PORTAIL")
    document = InvoiceFile.objects.get(invoice=invoice, role=InvoiceFile.Role.INVOICE)
    assert document.name == "facture-F-2026-001.pdf"
    assert certificate.facts["files"][0]["sha256"] == document.stored.sha256
    verdict = judge(read_bytes(stored=document.stored), at=date(2026, 11, 3))
    assert verdict.accepted
    assert [f.rule for layer in verdict.layers[:4] for f in layer.findings] == []
    assert verdict.reading is not None
    assert verdict.reading.invoice.tax_amount == 0


def test_a_press_overtaken_by_another_gets_what_that_one_made(
    seller: Structure, town: Structure, author: User, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = an_entry(seller=seller, user=author, at=at, buyer=town)
    real, made = operations.check, []

    def overtaken(**given: Any) -> Any:
        monkeypatch.undo()
        checked = real(**given)
        made.append(operations.submit(draft=entry, actor=Actor(author), at=at, revision=entry.revision))
        return checked

    monkeypatch.setattr(operations, "check", overtaken)
    assert operations.submit(draft=entry, actor=Actor(author), at=at, revision=entry.revision) == made[0]
    assert InvoiceFile.objects.filter(invoice=entry.invoice_id, role=InvoiceFile.Role.INVOICE).count() == 1


def test_pressing_twice_sends_once(seller: Structure, town: Structure, author: User, at: datetime) -> None:
    entry = an_entry(seller=seller, user=author, at=at, buyer=town)
    first = operations.submit(draft=entry, actor=Actor(author), at=at, revision=entry.revision)
    second = operations.submit(draft=entry, actor=Actor(author), at=at + timedelta(seconds=1), revision=entry.revision)
    assert first == second
    assert InvoiceFile.objects.count() == 1


def test_a_draft_saved_since_it_was_looked_at_is_not_sent(
    seller: Structure, town: Structure, author: User, at: datetime
) -> None:
    entry = an_entry(seller=seller, user=author, at=at, buyer=town)
    with pytest.raises(DraftHasChanged):
        operations.submit(draft=entry, actor=Actor(author), at=at, revision=entry.revision - 1)
    assert not StoredFile.objects.exists()


@pytest.mark.one_database
def test_every_other_file_is_made_from_the_sheet_that_was_sent(
    seller: Structure, town: Structure, author: User, at: datetime
) -> None:
    entry = an_entry(seller=seller, user=author, at=at, buyer=town, comment="Merci")
    operations.submit(draft=entry, actor=Actor(author), at=at, revision=entry.revision)
    entry.refresh_from_db()
    sheet = from_json(entry.composed)
    assert to_json(sheet) == entry.composed
    for syntax in files.OFFERED:
        for coding in Coding:
            told = judge(files.xml(sheet=sheet, syntax=syntax, coding=coding), at=date(2026, 11, 3))
            wrong = {finding.rule for layer in told.layers for finding in layer.findings}
            assert told.accepted == (coding is Coding.CLASSIC)
            assert coding is Coding.CLASSIC or wrong == {"CPRO-G1.02-REFORME"}


def test_a_sub_contractor_names_who_validates(seller: Structure, town: Structure, author: User, at: datetime) -> None:
    main = a_structure(at=at, name="Grand Chantier SA", identifier="38877766600057", email="chantier@example.org")
    entry = an_entry(seller=seller, user=author, at=at, buyer=town, billing_framework="A9")
    assert [finding.field for finding in check(draft=entry, at=at).stops] == ["validator"]
    typed = typed_entry(
        buyer=town,
        billing_framework="A9",
        validator=main.identifier,
        bank_account=entry.typed["fields"]["bank_account"],
    )
    entry = operations.save(draft=entry, typed=typed, revision=entry.revision, actor=Actor(author), at=at)
    assert check(draft=entry, at=at).findings == []
    operations.submit(draft=entry, actor=Actor(author), at=at, revision=entry.revision)
    assert Message.objects.filter(recipient="chantier@example.org").count() == 1


def test_a_validator_whom_nothing_reaches_is_not_passed_by(
    seller: Structure, town: Structure, author: User, at: datetime
) -> None:
    main = a_structure(at=at, name="Grand Chantier SA", identifier="38877766600057")
    entry = an_entry(seller=seller, user=author, at=at, buyer=town, billing_framework="A9", validator=main.identifier)
    assert [finding.rule for finding in check(draft=entry, at=at).stops] == ["SAISIE-VALIDEUR-INJOIGNABLE"]
    boss = a_member(structure=main, at=at, name="Gaspard")
    operations.submit(draft=entry, actor=Actor(author), at=at, revision=entry.revision)
    assert Message.objects.filter(recipient=boss.notice_address, kind="invoice_to_validate").count() == 1


def test_parties_are_found_however_their_siret_is_typed(
    seller: Structure, town: Structure, author: User, at: datetime
) -> None:
    main = a_structure(at=at, name="Grand Chantier SA", identifier="38877766600057")
    entry = an_entry(seller=seller, user=author, at=at, buyer=town)
    typed = typed_entry(buyer=town, billing_framework="A9")
    for buyer, validator in zip(spellings(town.identifier), spellings(main.identifier), strict=True):
        typed["fields"] |= {"buyer": buyer, "validator": validator}
        entry = operations.save(draft=entry, typed=typed, revision=entry.revision, actor=Actor(author), at=at)
        checked = check(draft=entry, at=at)
        assert (checked.parties.buyer, checked.validator) == (town, main), (buyer, validator)


@pytest.mark.one_database
@pytest.mark.parametrize("text", ["3887776660005", "Grand Chantier"])
def test_a_validator_that_is_no_siret_is_told_so(
    seller: Structure, town: Structure, author: User, at: datetime, text: str
) -> None:
    entry = an_entry(seller=seller, user=author, at=at, buyer=town, billing_framework="A9", validator=text)
    assert [(finding.rule, finding.field) for finding in check(draft=entry, at=at).stops] == [
        ("SAISIE-FORME", "validator")
    ]


def test_only_a_rejected_invoice_is_reissued_once_under_a_new_number(
    seller: Structure, town: Structure, author: User, at: datetime
) -> None:
    entry = an_entry(seller=seller, user=author, at=at, buyer=town)
    with pytest.raises(NotReissuable):
        successors.reissue(draft=entry, actor=Actor(author), at=at)
    old = rejected(entry, author, at)
    entry.refresh_from_db()
    again = successors.reissue(draft=entry, actor=Actor(author), at=at)
    assert successors.reissue(draft=entry, actor=Actor(author), at=at) == again
    assert (again.origin, again.origin_kind) == (old, Draft.Origin.REISSUE)
    assert check(draft=again, at=at).header.number == "F-2026-002"
    assert again.typed["lines"] == entry.typed["lines"]
    assert [one.pk for one in queries.successors_of(invoice=old)] == [again.pk]


def test_a_credit_note_begins_from_its_invoice(seller: Structure, town: Structure, author: User, at: datetime) -> None:
    entry = an_entry(seller=seller, user=author, at=at, buyer=town)
    with pytest.raises(NotReissuable):
        successors.credit(draft=entry, actor=Actor(author), at=at)
    operations.submit(draft=entry, actor=Actor(author), at=at, revision=entry.revision)
    note = successors.credit(draft=Draft.objects.get(pk=entry.pk), actor=Actor(author), at=at)
    fields = note.typed["fields"]
    assert (fields["type_code"], fields["preceding_number"], fields["preceding_date"], fields["payment_mode"]) == (
        "381", "F-2026-001", "02/11/2026", "",
    )  # fmt: skip
    assert check(draft=note, at=at).findings == []
    operations.submit(draft=note, actor=Actor(author), at=at, revision=note.revision)
    assert Invoice.objects.get(number="F-2026-002").type_code == "381"


def test_a_copy_has_its_own_number_and_date(seller: Structure, town: Structure, author: User, at: datetime) -> None:
    entry = an_entry(seller=seller, user=author, at=at, buyer=town)
    copy = successors.duplicate(draft=entry, actor=Actor(author), at=at + timedelta(days=40))
    assert copy.typed["fields"]["number"] == ""
    assert copy.typed["fields"]["issue_date"] == "13/12/2026"
    assert copy.typed["lines"] == entry.typed["lines"]


@pytest.mark.parametrize(
    ("last", "following"),
    [("F-2026-009", "F-2026-010"), ("2025/07", "2026/01"), ("A17", "A18"), ("sans chiffre", "F-2026-001")],
)
def test_the_next_number_follows_the_last_one(
    seller: Structure, town: Structure, author: User, at: datetime, last: str, following: str
) -> None:
    entry = an_entry(seller=seller, user=author, at=at, buyer=town, number=last)
    operations.submit(draft=entry, actor=Actor(author), at=at, revision=entry.revision)
    assert next_number(structure=seller, on=date(2026, 12, 1)) == following


@pytest.mark.one_database
@pytest.mark.parametrize("number", ["", "é", "x" * 21, "F_2026_001"])
def test_a_number_is_judged_as_it_is_typed(
    seller: Structure, town: Structure, author: User, at: datetime, number: str
) -> None:
    sent = an_entry(seller=seller, user=author, at=at, buyer=town, number="F_2026_001")
    operations.submit(draft=sent, actor=Actor(author), at=at, revision=sent.revision)
    assert trouble_with(draft=operations.start(seller=seller, actor=Actor(author), at=at), number=number)
    assert trouble_with(draft=operations.start(seller=seller, actor=Actor(author), at=at), number="F-2026-777") == ""


def test_a_tab_that_types_faster_than_it_saves_does_not_quarrel_with_itself(
    seller: Structure, author: User, at: datetime
) -> None:
    entry = operations.start(seller=seller, actor=Actor(author), at=at)
    seen = entry.revision
    for word in ("a", "ab", "abc"):
        operations.save(
            draft=entry, typed=typed_entry(comment=word), revision=seen, actor=Actor(author), at=at, tab="one"
        )
    with pytest.raises(DraftSavedElsewhere):
        operations.save(
            draft=entry, typed=typed_entry(comment="b"), revision=seen, actor=Actor(author), at=at, tab="two"
        )
    entry.refresh_from_db()
    assert (entry.typed["fields"]["comment"], entry.revision) == ("abc", seen + 3)
