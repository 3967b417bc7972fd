"""What every answer carries, and how a stranger's file leaves the portal."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client

from plainchant.portal.drafts.attachments import attach
from plainchant.portal.invoices.models import InvoiceFile
from plainchant.portal.rights.actor import Actor
from tests.making import a_draft, a_member, a_structure, an_upload

pytestmark = pytest.mark.django_db


def test_pages_allow_no_inline_script_and_no_frame() -> None:
    policy = Client().get("/")["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


def test_what_one_person_saw_does_not_stay_in_a_shared_computer(at: datetime) -> None:
    client = Client()
    client.force_login(a_member(structure=a_structure(at=at), at=at))
    assert "no-store" in client.get("/factures/")["Cache-Control"]


@pytest.mark.parametrize("name", ["page.html", "dessin.svg", "données.xml"])
def test_a_strangers_file_is_saved_and_never_shown(at: datetime, name: str) -> None:
    seller = a_structure(at=at)
    artist = a_member(structure=seller, at=at)
    draft = a_draft(seller=seller, user=artist, at=at)
    hostile = b"<script xmlns='http://www.w3.org/1999/xhtml'>alert(1)</script>"
    [file] = attach(draft=draft.draft, uploads=[an_upload(content=hostile, name=name)], actor=Actor(artist), at=at)
    client = Client()
    client.force_login(artist)
    answer = client.get(f"/factures/piece/{file.uid}/")
    assert b"".join(answer.streaming_content) == hostile
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "application/octet-stream"


def test_a_page_of_the_document_is_a_picture(at: datetime) -> None:
    seller = a_structure(at=at)
    artist = a_member(structure=seller, at=at)
    draft = a_draft(seller=seller, user=artist, at=at)
    client = Client()
    client.force_login(artist)
    answer = client.get(f"/factures/{draft.uid}/page/1.png")
    assert answer["Content-Type"] == "image/png"
    assert client.get(f"/factures/{draft.uid}/page/2.png").status_code == 404
    assert InvoiceFile.objects.filter(invoice=draft).count() == 1
