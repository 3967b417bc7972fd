"""A deposit open in two tabs: what one has saved is not erased by the other, and one of two versions is chosen."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from plainchant.portal.drafts import operations
from plainchant.portal.drafts.models import Draft
from plainchant.portal.invoices.models import Invoice, InvoiceFile
from plainchant.portal.rights.actor import Actor
from tests.making import a_draft, a_member, a_structure, a_town

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def draft(at: datetime) -> Draft:
    seller = a_structure(at=at)
    return a_draft(seller=seller, user=a_member(structure=seller, at=at), at=at, buyer=a_town(at=at)).draft


@pytest.fixture
def client(draft: Draft) -> Client:
    client = Client()
    client.force_login(draft.invoice.created_by)
    return client


def address(draft: Draft, end: str = "") -> str:
    return f"/deposer/{draft.invoice.uid}/{end}"


def shown(client: Client, draft: Draft, tab: str) -> dict[str, str]:
    """What a tab that has just opened the page would send: every field, and the revision on the page."""
    page = client.get(address(draft)).text
    revision = re.search(r'name="revision"[^>]* value="(\d+)"', page)
    assert revision is not None
    kept = Draft.objects.get(pk=draft.pk).fields
    return {**kept, "revision": revision[1], "tab": tab}


@pytest.mark.parametrize("headers", [HTMX, {}], ids=["autosave", "without scripts"])
def test_the_second_tab_does_not_erase_what_the_first_saved(
    client: Client, draft: Draft, headers: dict[str, str]
) -> None:
    first, second = shown(client, draft, "A"), shown(client, draft, "B")
    assert client.post(address(draft), {**first, "comment": "onglet A"}, headers=HTMX).status_code == 200
    answer = client.post(address(draft), {**second, "number": "2026-09C", "go": "check"}, headers=headers)
    assert answer.status_code == 409
    assert "Ce brouillon a changé ailleurs" in answer.text
    for words in ("Un mot pour le destinataire", "onglet A", "Numéro de facture", "2026-09C"):
        assert words in answer.text  # both versions, field by field
    draft.refresh_from_db()
    assert draft.fields["comment"] == "onglet A"
    assert draft.fields["number"] == first["number"]


def test_what_was_typed_here_stays_on_the_page_until_one_is_chosen(client: Client, draft: Draft) -> None:
    first, second = shown(client, draft, "A"), shown(client, draft, "B")
    client.post(address(draft), {**first, "comment": "onglet A"}, headers=HTMX)
    answer = client.post(address(draft), {**second, "number": "2026-09C"})
    assert 'value="2026-09C"' in answer.text
    again = re.search(r'name="revision"[^>]* value="(\d+)"', answer.text)
    assert again is not None
    # Sent again without a choice, it is still a choice to make.
    data = {**second, "number": "2026-09C", "revision": again[1]}
    assert client.post(address(draft), data).status_code == 409


def test_keeping_ones_own_keeps_it_and_not_over_a_third_version(client: Client, draft: Draft) -> None:
    first, second, third = (shown(client, draft, tab) for tab in "ABC")
    client.post(address(draft), {**first, "comment": "onglet A"}, headers=HTMX)
    answer = client.post(address(draft), {**second, "number": "2026-09C"})
    other = re.search(r'name="other" value="(\d+)"', answer.text)
    assert other is not None
    mine = {**second, "number": "2026-09C", "keep": "mine", "other": other[1]}
    client.post(address(draft), {**third, "comment": "onglet C", "keep": "mine"}, headers=HTMX)
    assert client.post(address(draft), mine).status_code == 409
    draft.refresh_from_db()
    assert draft.fields["comment"] == "onglet C"
    assert client.post(address(draft), {**mine, "other": str(draft.revision)}).status_code == 200
    draft.refresh_from_db()
    assert (draft.fields["number"], draft.fields["comment"]) == ("2026-09C", second["comment"])


def test_a_tab_does_not_quarrel_with_itself_nor_over_the_same_words(client: Client, draft: Draft) -> None:
    first, second = shown(client, draft, "A"), shown(client, draft, "B")
    for comment in ("a", "ab", "abc"):
        answer = client.post(address(draft), {**first, "comment": comment}, headers=HTMX)
        assert answer.status_code == 200
    assert client.post(address(draft), {**second, "comment": "abc"}, headers=HTMX).status_code == 200


def test_an_autosave_answers_with_the_revision_to_go_on_from(client: Client, draft: Draft) -> None:
    first = shown(client, draft, "")
    answer = client.post(address(draft), {**first, "comment": "a"}, headers=HTMX)
    draft.refresh_from_db()
    assert f'value="{draft.revision}"' in answer.text
    assert "hx-swap-oob" in answer.text
    data = {**first, "comment": "ab", "revision": str(draft.revision)}
    assert client.post(address(draft), data, headers=HTMX).status_code == 200


@pytest.mark.parametrize("revision", ["", "x", "-1", "9" * 40, "²", "99"])
def test_an_odd_revision_overwrites_nothing(client: Client, draft: Draft, revision: str) -> None:
    data = {**shown(client, draft, "A"), "comment": "x", "revision": revision}
    assert client.post(address(draft), data, headers=HTMX).status_code == 409


def test_a_document_joined_in_one_tab_does_not_make_the_other_choose(client: Client, draft: Draft) -> None:
    first, second = shown(client, draft, "A"), shown(client, draft, "B")
    files = {"attachments": [SimpleUploadedFile("bon.pdf", b"x")]}
    assert client.post(address(draft), {**first, "go": "attach", **files}).status_code == 302
    assert InvoiceFile.objects.filter(invoice=draft.invoice, role="02").count() == 1
    assert client.post(address(draft), {**second, "comment": "B"}, headers=HTMX).status_code == 200


def test_what_is_confirmed_is_what_is_sent_documents_included(client: Client, draft: Draft) -> None:
    page = client.get(address(draft, "verifier/")).text
    revision = re.search(r'name="revision" value="(\d+)"', page)
    assert revision is not None
    files = {"attachments": [SimpleUploadedFile("bon.pdf", b"x")]}
    client.post(address(draft), {**shown(client, draft, "A"), "go": "attach", **files})
    stale = client.post(address(draft, "envoyer/"), {"revision": revision[1]}, follow=True)
    assert "a été modifié entre-temps" in stale.text
    assert Invoice.objects.get().status == "BROUILLON"


def test_the_recipient_chosen_in_the_directory_keeps_what_the_other_tab_saved(
    client: Client, draft: Draft, at: datetime
) -> None:
    shown(client, draft, "A")
    actor = Actor(draft.invoice.created_by)
    operations.change(draft=draft, fields={"comment": "ailleurs"}, actor=actor, at=at)
    other = a_town(at=at, name="Commune de Clairbois")
    client.post(address(draft, "destinataire/"), {"buyer": other.identifier})
    draft.refresh_from_db()
    assert (draft.fields["comment"], draft.fields["buyer"]) == ("ailleurs", other.identifier)
