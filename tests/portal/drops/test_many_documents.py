"""A lot of documents: a draft each in the name of its own issuer, looked at, then sent at once, each alone."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import pytest
from django.conf import LazySettings
from django.test import Client

from plainchant.einvoice.identifiers import key_agrees
from plainchant.portal.accounts.models import User
from plainchant.portal.drafts.models import Certificate
from plainchant.portal.drafts.operations import change
from plainchant.portal.drops import operations, reading, sending
from plainchant.portal.drops.models import Drop, DroppedFile
from plainchant.portal.drops.standing import Standing, standing_of
from plainchant.portal.flows.models import Flow
from plainchant.portal.flows.operations import FlowRefused
from plainchant.portal.invoices.lifecycle import Status
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.queue.models import Job
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import NotAllowed
from plainchant.portal.store.models import HandedIn, StoredFile
from plainchant.portal.store.quotas import QuotaReached
from plainchant.portal.structures.models import Structure
from plainchant.tasks.embedded import run_until_idle
from plainchant.tasks.sweep import sweep
from tests.making import a_member, a_structure, a_town, an_attachment, an_invoice_pdf, an_upload
from tests.portal.flows.making_flows import invoice as xml_invoice

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

FIRST, SECOND, TOWN, STRICT = "73282932000074", "44306184100047", "21990001600011", "20099988600019"


def _sirets(count: int) -> list[str]:
    """SIRETs of nobody whose keys are right."""
    heads = (f"7{number:08d}0001" for number in range(1, count + 1))
    return [next(head + str(key) for key in range(10) if key_agrees(head + str(key))) for head in heads]


SIRETS = _sirets(40)


def pdf(number: str, seller: str = FIRST, buyer: str = TOWN) -> bytes:
    return an_invoice_pdf(number=number, seller=seller, buyer=buyer)


def a_zip(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.fixture(scope="module")
def world(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> User:
    """A bookkeeper of two structures, whose archive has been read."""
    with once_a_module():
        person = a_member(structure=a_structure(at=at, name="Atelier", identifier=FIRST), at=at)
        second = a_structure(at=at, name="Forge", identifier=SECOND)
        an_attachment(person=person, structure=second, at=at)
        a_town(at=at, identifier=TOWN)
        a_town(at=at, identifier=STRICT, name="Commune de Clairbois", requires_commitment=True)
        files = {
            "factures/a.pdf": pdf("A-1"),
            "factures/b.pdf": pdf("B-1", seller=SECOND),
            "sans-siret.pdf": pdf("C-1", seller=""),
            "a-regarder.pdf": pdf("D-1", buyer=STRICT),
            "deux-fois.pdf": pdf("A-1").replace(b"%%EOF", b"%%EOF\n"),
            "casse.pdf": b"%PDF-1.7 rien",
            "notes.txt": b"bonjour",
            "facture.xml": xml_invoice("X-1", seller=FIRST, buyer=TOWN),
            "__MACOSX/._a.pdf": b"x",
        }
        operations.hand_in_many(uploads=[an_upload(content=a_zip(files), name="lot.zip")], actor=Actor(person), at=at)
        run_until_idle()
    return person


def standings(at: datetime) -> dict[str, Standing]:
    return {file.name: standing for file, standing in standing_of(drop=Drop.objects.get(), at=at).files}


def file_of(name: str) -> DroppedFile:
    return DroppedFile.objects.select_related("drop__person", "stored", "invoice").get(name=name)


def send_all(person: User, at: datetime) -> int:
    standing = standing_of(drop=Drop.objects.get(), at=at)
    revisions = {str(file.uid): file.looked_revision or 0 for file in standing.of(Standing.READY)}
    return sending.send_ready(drop=standing.drop, revisions=revisions, actor=Actor(person), at=at)


def test_each_file_becomes_the_draft_of_its_own_issuer_or_says_why_not(world: User, at: datetime) -> None:
    assert standings(at) == {
        "a.pdf": Standing.READY,
        "b.pdf": Standing.READY,
        "sans-siret.pdf": Standing.ISSUER,
        "a-regarder.pdf": Standing.TO_LOOK_AT,
        "deux-fois.pdf": Standing.TO_LOOK_AT,  # the same number stands in the draft before it
        "casse.pdf": Standing.REFUSED,
        "notes.txt": Standing.REFUSED,
        "facture.xml": Standing.ELECTRONIC,
    }
    sellers = {invoice.number: invoice.seller.identifier for invoice in Invoice.objects.select_related("seller")}
    assert sellers == {"A-1": FIRST, "B-1": SECOND, "D-1": FIRST}
    assert "brouillon de ce numéro" in file_of("deux-fois.pdf").questions[0]
    assert "engagement" in file_of("a-regarder.pdf").questions[0]


def test_what_is_ready_leaves_each_with_its_certificate_and_once(world: User, at: datetime) -> None:
    assert send_all(world, at) == 2
    assert send_all(world, at) == 0  # asked twice
    run_until_idle()
    sent = Invoice.objects.get(number="B-1")
    assert sent.status != Status.DRAFT
    assert Certificate.objects.filter(invoice=sent).count() == 1
    sending.send(file=file_of("b.pdf"), at=at)  # the task ran again
    assert Certificate.objects.count() == 2
    assert standings(at)["b.pdf"] == Standing.SENT


def test_one_that_is_refused_at_the_last_moment_stops_no_other(world: User, at: datetime) -> None:
    draft = Invoice.objects.get(number="D-1").draft
    change(draft=draft, fields={"commitment": "EJ-7"}, actor=Actor(world), at=at)
    assert standings(at)["a-regarder.pdf"] == Standing.READY
    assert send_all(world, at) == 3
    change(draft=draft, fields={"commitment": ""}, actor=Actor(world), at=at)
    run_until_idle()
    assert standings(at)["b.pdf"] == Standing.SENT
    stayed = file_of("a-regarder.pdf")
    assert (standings(at)["a-regarder.pdf"], stayed.sending_asked_at) == (Standing.TO_LOOK_AT, None)
    assert stayed.sentence


def test_the_same_bytes_again_make_no_second_draft(world: User, at: datetime) -> None:
    again = [an_upload(content=pdf("B-1", seller=SECOND), name="encore.pdf")]
    drop = operations.hand_in_many(uploads=again, actor=Actor(world), at=at)
    run_until_idle()
    file = drop.files.get()
    original = StoredFile.objects.get(pk=file_of("b.pdf").stored_id)
    if file.stored.sha256 == original.sha256:  # Typst dates what it makes
        assert (file.state, file.invoice) == (DroppedFile.State.KNOWN, Invoice.objects.get(number="B-1"))
    else:
        assert Invoice.objects.filter(number="B-1").count() == 2


def test_a_worker_that_died_lost_nothing_and_nothing_is_done_twice(world: User, at: datetime) -> None:
    drop = operations.hand_in_many(uploads=[an_upload(content=pdf("E-1"))], actor=Actor(world), at=at)
    file = DroppedFile.objects.select_related("drop__person", "drop__seller", "drop__buyer", "stored").get(drop=drop)
    Job.objects.all().delete()  # the queue has forgotten it
    sweep(at=at + timedelta(minutes=3))
    assert run_until_idle()
    reading.read(file=file, at=at)  # another worker has it in hand still
    assert Invoice.objects.filter(number="E-1").count() == 1


def test_a_file_that_ends_every_worker_is_given_up(world: User, at: datetime) -> None:
    drop = operations.hand_in_many(uploads=[an_upload(content=pdf("E-2"))], actor=Actor(world), at=at)
    drop.files.update(attempts=reading.MAX_ATTEMPTS)
    run_until_idle()
    file = drop.files.get()
    assert file.state == DroppedFile.State.REFUSED
    assert "plusieurs fois" in file.sentence


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"vide.zip": a_zip({"__MACOSX/._a.pdf": b"x"})}, "aucun fichier"),
        ({"abime.zip": a_zip({"a.pdf": b"x" * 2000})[:60]}, "abîmée"),
        ({"bombe.zip": a_zip({"a.pdf": bytes(40 << 20)})}, "trop lourd"),
        ({"dans.zip": a_zip({"b.zip": a_zip({"c.pdf": b"x"})})}, "archive dans une archive"),
        ({"note.zip": a_zip({"note.txt": b"bonjour"})}, "note.txt"),
    ],
    ids=["empty", "broken", "bomb", "nested", "no invoice"],
)
def test_an_archive_that_cannot_be_taken_is_told(world: User, at: datetime, files: dict[str, bytes], told: str) -> None:
    [(name, content)] = files.items()
    with pytest.raises(FlowRefused, match=told):
        operations.hand_in_many(uploads=[an_upload(content=content, name=name)], actor=Actor(world), at=at)
    assert Drop.objects.count() == 1


def test_more_files_than_may_go_together_are_refused_and_none_is_kept(
    world: User, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operations, "MOST_FILES", 2)
    before = (Drop.objects.count(), StoredFile.objects.count())
    archive = an_upload(content=a_zip({f"{number}.pdf": b"%PDF-1.7" for number in range(3)}), name="l.zip")
    with pytest.raises(FlowRefused, match="2 au plus"):
        operations.hand_in_many(uploads=[archive], actor=Actor(world), at=at)
    assert (Drop.objects.count(), StoredFile.objects.count()) == before


def test_files_that_weigh_more_than_may_go_together_are_refused_and_none_is_kept(
    world: User, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    uploads = [an_upload(content=b"%PDF-1.7", name=f"{number}.pdf") for number in range(2)]
    monkeypatch.setattr(operations, "MOST_BYTES", 15)
    before = (Drop.objects.count(), StoredFile.objects.count())
    with pytest.raises(FlowRefused, match="plusieurs fois"):
        operations.hand_in_many(uploads=uploads, actor=Actor(world), at=at)
    assert (Drop.objects.count(), StoredFile.objects.count()) == before
    monkeypatch.setattr(operations, "MOST_BYTES", 16)
    assert operations.hand_in_many(uploads=uploads, actor=Actor(world), at=at).files.count() == 2


def test_files_that_are_beyond_a_quota_together_leave_nothing_behind(
    world: User, at: datetime, settings: LazySettings
) -> None:
    uploads = [an_upload(content=b"%PDF-1.7", name=f"{number}.pdf") for number in range(2)]
    counted = HandedIn.objects.get(owner=f"person:{world.pk}").size
    settings.QUOTA_BYTES = counted + 15
    with pytest.raises(QuotaReached):
        operations.hand_in_many(uploads=uploads, actor=Actor(world), at=at)
    assert HandedIn.objects.get(owner=f"person:{world.pk}").size == counted
    settings.QUOTA_BYTES = counted + 16
    assert operations.hand_in_many(uploads=uploads, actor=Actor(world), at=at).files.count() == 2


def test_nobody_hands_files_in_for_a_structure_of_others(world: User, at: datetime) -> None:
    others, upload = a_structure(at=at), an_upload(content=b"%PDF-1.7")
    with pytest.raises(NotAllowed):
        operations.hand_in_many(uploads=[upload], actor=Actor(world), at=at, seller=others)
    assert Drop.objects.count() == 1


def test_only_who_handed_a_file_in_says_whose_it_is_and_only_a_structure_of_theirs(world: User, at: datetime) -> None:
    first, others = Structure.objects.get(identifier=FIRST), a_structure(at=at)
    file, colleague = file_of("sans-siret.pdf"), a_member(structure=first, at=at)
    with pytest.raises(NotAllowed):
        operations.choose_issuer(file=file, seller=first, actor=Actor(colleague), at=at)
    draft = operations.choose_issuer(file=file, seller=first, actor=Actor(world), at=at)
    assert operations.choose_issuer(file=file, seller=first, actor=Actor(world), at=at) == draft  # pressed twice
    with pytest.raises(NotAllowed):
        operations.choose_issuer(file=file, seller=others, actor=Actor(world), at=at)


def test_saying_whose_one_file_is_changes_no_other(world: User, at: datetime) -> None:
    others = DroppedFile.objects.exclude(name="sans-siret.pdf").order_by("pk")
    before, second = list(others.values()), Structure.objects.get(identifier=SECOND)
    draft = operations.choose_issuer(file=file_of("sans-siret.pdf"), seller=second, actor=Actor(world), at=at)
    assert (file_of("sans-siret.pdf").invoice, draft.invoice.seller) == (draft.invoice, second)
    assert list(others.values()) == before


def test_the_list_says_how_many_and_leads_to_each_question(world: User, at: datetime) -> None:
    client = Client()
    client.force_login(world)
    drop = Drop.objects.get()
    page = client.get(f"/deposer/lot/{drop.uid}/").text
    assert "2 prêtes, 3 à regarder" in page
    assert f"/deposer/fichier/{file_of('sans-siret.pdf').uid}/" in page
    draft = client.get(f"/deposer/{file_of('a-regarder.pdf').invoice.uid}/").text
    assert re.search(r"Fichier \d sur 8, 1 autre à regarder", draft)
    assert f"/deposer/lot/{drop.uid}/" in client.get("/deposer/").text  # one comes back to it
    confirm = client.get(f"/deposer/lot/{drop.uid}/envoyer/").text
    assert "2\u202f400,00\u202f€ en tout" in confirm
    chosen = re.findall(r'name="file" value="([^"]+)"', confirm)
    client.post(f"/deposer/lot/{drop.uid}/envoyer/", {"file": [*chosen, "42:1", "x"]})
    run_until_idle()
    assert "2 envoyées" in client.get(f"/deposer/lot/{drop.uid}/").text


def test_a_question_that_was_looked_at_makes_its_draft_ready(world: User, at: datetime) -> None:
    client = Client()
    client.force_login(world)
    draft = file_of("deux-fois.pdf").invoice.draft
    page = client.get(f"/deposer/{draft.invoice.uid}/").text
    assert "Vous avez déjà un brouillon de ce numéro" in page
    notes = re.findall(r'name="asked" value="([^"]*)"', page)
    sent = {**draft.fields, "revision": str(draft.revision), "go": "lot", "asked": notes}
    answer = client.post(f"/deposer/{draft.invoice.uid}/", sent)
    assert answer.status_code == 302
    assert standings(at)["deux-fois.pdf"] == Standing.READY


def test_electronic_invoices_leave_as_they_are_once_that_was_said(world: User, at: datetime) -> None:
    assert not Flow.objects.exists()
    client = Client()
    client.force_login(world)
    drop = Drop.objects.get()
    address = f"/deposer/lot/{drop.uid}/electroniques/"
    assert client.post(address, {}).status_code == 422  # of two structures, which hands them in?
    answer = client.post(address, {"structure": str(Structure.objects.get(identifier=FIRST).uid)})
    run_until_idle()
    assert answer["Location"] == f"/flux/{Flow.objects.get().uid}/"
    assert Invoice.objects.get(number="X-1").status != Status.DRAFT
    assert standings(at)["facture.xml"] == Standing.SENT


def test_several_files_of_one_form_are_a_lot_and_one_is_not(world: User, at: datetime) -> None:
    client = Client()
    client.force_login(world)
    two = [an_upload(content=pdf(number), name=f"{number}.pdf").file for number in ("G-1", "G-2")]
    assert client.post("/deposer/", {"file": two})["Location"].startswith("/deposer/lot/")
    alone = an_upload(content=pdf("G-3"), name="g.pdf").file
    draft = client.post("/deposer/", {"file": alone})["Location"]
    alone.seek(0)
    assert client.post("/deposer/", {"file": alone})["Location"] == draft  # pressed twice, dropped twice


@pytest.mark.usefixtures("world")  # where the town is
def test_a_bookkeeper_of_forty_drops_twenty_files_of_six_clients(at: datetime) -> None:
    clients = [a_structure(at=at, name="Atelier", identifier=siret) for siret in SIRETS]
    person = a_member(structure=clients[0], at=at)
    for structure in clients[1:]:
        an_attachment(person=person, structure=structure, at=at)
    issuers = {f"P-{number:02d}": SIRETS[7 * (number % 6)] for number in range(20)}
    uploads = [an_upload(content=pdf(number, seller=siret), name=f"{number}.pdf") for number, siret in issuers.items()]
    drop = operations.hand_in_many(uploads=uploads, actor=Actor(person), at=at)
    run_until_idle()
    made = Invoice.objects.filter(dropped_files__drop=drop).values_list("number", "seller__identifier")
    assert dict(made) == issuers
    standing = standing_of(drop=drop, at=at)
    assert len(standing.of(Standing.READY)) == 20
