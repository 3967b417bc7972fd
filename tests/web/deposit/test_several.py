"""The page of a document that holds several invoices: what it says, and one press for a draft of each."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from plainchant.portal.drafts.models import Draft
from plainchant.portal.invoices.models import Invoice
from tests.capture.samples import drawn
from tests.capture.test_invoices_of_a_document import BREAK, ONE, OTHER
from tests.making import a_member, a_structure

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def test_two_invoices_become_two_drafts_at_one_press(at: datetime) -> None:
    seller = a_structure(at=at)
    client, stranger = Client(), Client()
    client.force_login(a_member(structure=seller, at=at))
    stranger.force_login(a_member(structure=a_structure(at=at), at=at, name="Mallory"))
    both = SimpleUploadedFile("mai.pdf", drawn(BREAK.join([ONE.page, OTHER.page])))
    client.post("/deposer/", {"seller": str(seller.uid), "file": both})
    url = f"/deposer/{Invoice.objects.get().uid}/"

    page = client.get(url).content.decode()
    assert "Ce document contient 2 factures\u00a0: 2026-041, F-2026-7." in page
    assert f'action="{url}separer/"' in page
    assert stranger.post(f"{url}separer/").status_code == 404
    assert client.get(f"{url}document-entier/").status_code == 404
    for _ in range(2):
        assert client.post(f"{url}separer/").url == url
    assert sorted(Draft.objects.values_list("invoice__number", flat=True)) == ["2026-041", "F-2026-7"]

    page = client.get(url).content.decode()
    other = Invoice.objects.get(number="F-2026-7")
    assert f'href="/factures/emises/{other.uid}/"' in page or str(other.uid) in page
    assert "Faire 2 brouillons" not in page
    whole = b"".join(client.get(f"{url}document-entier/").streaming_content)
    assert whole == b"".join(client.get(f"/deposer/{other.uid}/document-entier/").streaming_content)
    assert whole.startswith(b"%PDF-")
    assert stranger.get(f"{url}document-entier/").status_code == 404
