"""What one person and one structure may hand in: beyond it nothing is kept, and a sentence says why."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile

from plainchant.portal.codes import CODE_OF
from plainchant.portal.drafts.attachments import attach
from plainchant.portal.drafts.uploads import Upload
from plainchant.portal.drops.operations import hand_in, hand_in_many
from plainchant.portal.flows import operations as flows
from plainchant.portal.invoices.models import DepositMode, Invoice
from plainchant.portal.rights.actor import Actor
from plainchant.portal.store import quotas
from plainchant.portal.store.models import HandedIn, PendingFile, StoredFile
from plainchant.portal.store.quotas import QuotaReached
from tests.making import a_draft, a_member, a_structure, a_town, an_invoice_pdf, an_upload
from tests.web.verify.invoices import invoice as ubl

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture
def ada(at: datetime) -> Any:
    return a_member(structure=a_structure(at=at, identifier="90210001500012"), at=at)


def sent_flow(actor: Actor, number: str, at: datetime) -> None:
    structure = actor.account.memberships.get().structure
    content = ubl(number)
    flows.receive(
        structure=structure,
        file=ContentFile(content, name=f"{number}.xml"),
        name=f"{number}.xml",
        size=len(content),
        actor=actor,
        at=at,
        deposit_mode=DepositMode.FLOW,
    )


def kept() -> tuple[int, ...]:
    return StoredFile.objects.count(), PendingFile.objects.count(), Invoice.objects.count()


def test_bytes_are_counted_for_the_person_and_for_the_structure(ada: Any, at: datetime) -> None:
    content = an_invoice_pdf()
    hand_in(upload=an_upload(content=content), actor=Actor(ada), at=at)
    structure = ada.memberships.get().structure
    rows = dict(HandedIn.objects.values_list("owner", "size"))
    assert rows == {f"person:{ada.pk}": len(content), f"structure:{structure.pk}": len(content)}


def test_beyond_the_bytes_nothing_is_kept_and_after_a_while_there_is_room_again(
    ada: Any, at: datetime, settings: Any
) -> None:
    draft = a_draft(seller=ada.memberships.get().structure, user=ada, at=at)
    settings.QUOTA_BYTES = HandedIn.objects.filter(owner=f"person:{ada.pk}").get().size + 100
    before, upload = kept(), an_upload(content=an_invoice_pdf(number="F-2"))
    attempts = [
        lambda when: hand_in(upload=upload, actor=Actor(ada), at=when),
        lambda when: hand_in_many(uploads=[upload], actor=Actor(ada), at=when),
        lambda when: attach(draft=draft.draft, uploads=[Upload(ContentFile(b"x" * 500), "a.pdf", 500)],
                            actor=Actor(ada), at=when),
        lambda when: sent_flow(Actor(ada), "F-3", when),
    ]  # fmt: skip
    for attempt in attempts:
        with pytest.raises(QuotaReached) as refusal:
            attempt(at)
        assert refusal.value.code == "quota_bytes"
        assert "Rien n’a été enregistré" in refusal.value.sentence
    assert kept() == before
    later = at + timedelta(days=quotas.DAYS + 1)
    assert hand_in(upload=upload, actor=Actor(ada), at=later)
    assert quotas.forget(before=later - timedelta(days=1)) == 2


def test_flows_of_a_day_and_drafts_at_hand_have_an_end_too(ada: Any, at: datetime, settings: Any) -> None:
    settings.QUOTA_FLOWS, settings.QUOTA_DRAFTS = 1, 1
    sent_flow(Actor(ada), "F-1", at)
    before = kept()
    with pytest.raises(QuotaReached, match="flux ont été envoyés en vingt-quatre heures"):
        sent_flow(Actor(ada), "F-2", at + timedelta(hours=23))
    a_draft(seller=ada.memberships.get().structure, user=ada, at=at, buyer=a_town(at=at))
    drafts = kept()
    with pytest.raises(QuotaReached, match="brouillons"):
        hand_in(upload=an_upload(content=an_invoice_pdf(number="F-9")), actor=Actor(ada), at=at)
    assert kept() == drafts
    assert before[2] == 0
    sent_flow(Actor(ada), "F-2", at + timedelta(hours=25))


def test_flows_of_others_are_not_counted(ada: Any, at: datetime, settings: Any) -> None:
    settings.QUOTA_FLOWS = 1
    elsewhere = a_structure(at=at, identifier="44306184100047")
    sent_flow(Actor(a_member(structure=elsewhere, at=at, name="Grace")), "F-1", at)
    sent_flow(Actor(ada), "F-1", at)
    colleague = Actor(a_member(structure=ada.memberships.get().structure, at=at, name="Mary"))
    with pytest.raises(QuotaReached, match=r"^Pour « Atelier"):  # of the structure
        sent_flow(colleague, "F-2", at)


def test_nothing_is_refused_where_a_limit_is_0(ada: Any, at: datetime, settings: Any) -> None:
    settings.QUOTA_BYTES = settings.QUOTA_FLOWS = settings.QUOTA_DRAFTS = 0
    sent_flow(Actor(ada), "F-1", at)
    assert hand_in(upload=an_upload(content=an_invoice_pdf()), actor=Actor(ada), at=at)


@pytest.mark.parametrize("code", ["quota_bytes", "quota_flows", "quota_drafts"])
def test_each_limit_has_its_code(code: str) -> None:
    assert CODE_OF[code].http in (409, 413, 429)
